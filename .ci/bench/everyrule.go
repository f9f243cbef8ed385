package main

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"runtime"
	"runtime/metrics"
	"strings"

	"github.com/billbot/billbot/fetcher"
	"github.com/billbot/billbot/rules"
)

// everyRules is twenty rules of every kind that a bill alone makes fire: spikes,
// budgets that are forecast, allowances and prices.
func everyRules() string {
	var b strings.Builder
	b.WriteString("rules:\n- {name: allowances, allowance: }\n- {name: prices, price: {change: 10%}}\n")
	for i := range 9 {
		fmt.Fprintf(&b, "- {name: b%d, budget: {amount: %d, actual: [50%%, 80%%, 100%%], forecast: [100%%]}}\n", i, 12000+2000*i)
		fmt.Fprintf(&b, "- {name: s%d, spike: {at_least: {amount: %d, share: 2%%}}}\n", i, 1+i%2)
	}
	return b.String()
}

// everyRule measures every rule on bills, and on rows that are random: what is
// used and what it costs have nothing to do with each other there, and days are
// odd all the time.
func (r run) everyRule(ctx context.Context) ([]row, error) {
	f := fleet{accounts: r.fleet.accounts, days: rules.HistoryDays}
	bills, err := r.everyRuleOf(ctx, "", f, f.bills, atMost)
	if err != nil {
		return nil, err
	}
	random := func(account int, m month) []fetcher.Charge { return f.charges(account, m, 0) }
	worst, err := r.everyRuleOf(ctx, " of random numbers", f, random, func(float64, float64, string) string { return none })
	return append(bills, worst...), err
}

// everyRuleOf measures the processor time and the memory of evaluating every
// rule: bills of four months are in memory, one after the other.
func (r run) everyRuleOf(
	ctx context.Context, name string, f fleet, charges func(int, month) []fetcher.Charge, goal func(float64, float64, string) string,
) (rows []row, err error) {
	o, err := openOurs(filepath.Join(r.folder, "every"+strings.ReplaceAll(name, " ", "-")+".db"), f)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, o.store.Close()) }()
	file, err := rules.Load("rules.yaml", []byte(everyRules()))
	if err != nil {
		return nil, err
	}
	if err := o.loadRows(ctx, charges); err != nil {
		return nil, err
	}
	middle := f.newest().start + 14
	runtime.GC() // loading is no part of it
	began, live := processCPU(), liveHeap()
	accounts := budgetAccounts * f.accounts // those of the fleet, again and again
	for i := range accounts {
		view, err := o.store.Bill(ctx, f.account(i%f.accounts), lastDay()-loadDays)
		if err != nil {
			return nil, err
		}
		bill := view.Bill.Until(middle) // within a period, where there is something to forecast
		if found := file.Evaluate(rules.Account{}, bill, (middle + 1).Time()); len(found) < 9+11*services {
			return nil, fmt.Errorf("every rule: %d findings", len(found))
		}
		live = max(live, liveHeap())
	}
	took, megabytes := processCPU()-began, float64(live)/1e6
	name = fmt.Sprintf("every rule, %d accounts x %d services x %d days%s: ", accounts, services, f.days, name)
	return []row{
		{name + "CPU, reading included", fmt.Sprintf("%.2f s", took.Seconds()), none, none, goal(took.Seconds()*1000/float64(accounts), 1.5, " s a thousand")},
		{name + "live heap at most", fmt.Sprintf("%.1f MB", megabytes), none, none, goal(megabytes, 40, " MB")},
	}, nil
}

// liveHeap is what the newest collection found in use.
func liveHeap() uint64 {
	sample := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
	metrics.Read(sample)
	return sample[0].Value.Uint64()
}
