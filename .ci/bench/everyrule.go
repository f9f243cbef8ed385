package main

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"runtime"
	"runtime/metrics"
	"strings"

	"github.com/billbot/billbot/rules"
)

// everyRules is twenty rules, half of them spikes, the others budgets that are
// forecast.
func everyRules() string {
	var b strings.Builder
	b.WriteString("rules:\n")
	for i := range 10 {
		fmt.Fprintf(&b, "- {name: b%d, budget: {amount: %d, actual: [50%%, 80%%, 100%%], forecast: [100%%]}}\n", i, 12000+2000*i)
		fmt.Fprintf(&b, "- {name: s%d, spike: {at_least: {amount: %d, share: 2%%}}}\n", i, 1+i%2)
	}
	return b.String()
}

// everyRule measures the processor time and the memory of evaluating every
// rule: bills of four months are in memory, one after the other.
func (r run) everyRule(ctx context.Context) (rows []row, err error) {
	f := fleet{accounts: r.fleet.accounts, days: rules.HistoryDays}
	o, err := openOurs(filepath.Join(r.folder, "every.db"), f)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, o.store.Close()) }()
	file, err := rules.Load("rules.yaml", []byte(everyRules()))
	if err != nil {
		return nil, err
	}
	if err := o.load(ctx); err != nil {
		return nil, err
	}
	runtime.GC() // loading is no part of it
	began, live := processCPU(), liveHeap()
	accounts := budgetAccounts * f.accounts // those of the fleet, again and again
	for i := range accounts {
		view, err := o.store.Bill(ctx, f.account(i%f.accounts), lastDay()-loadDays)
		if err != nil {
			return nil, err
		}
		if found := file.Evaluate(rules.Account{}, view.Bill, lastDay().Time()); len(found) != 10+10*services {
			return nil, fmt.Errorf("every rule: %d findings", len(found))
		}
		live = max(live, liveHeap())
	}
	took, megabytes := processCPU()-began, float64(live)/1e6
	name := fmt.Sprintf("every rule, %d accounts x %d services x %d days: ", accounts, services, f.days)
	return []row{
		{name + "CPU, reading included", fmt.Sprintf("%.2f s", took.Seconds()), none, none, atMost(took.Seconds()*1000/float64(accounts), 1.5, " s a thousand")},
		{name + "live heap at most", fmt.Sprintf("%.1f MB", megabytes), none, none, atMost(megabytes, 40, " MB")},
	}, nil
}

// liveHeap is what the newest collection found in use.
func liveHeap() uint64 {
	sample := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
	metrics.Read(sample)
	return sample[0].Value.Uint64()
}
