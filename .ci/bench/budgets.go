package main

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"strings"

	"github.com/billbot/billbot/fetcher"
	"github.com/billbot/billbot/rules"
)

const (
	// budgetAccounts is how many accounts rules are held against for each
	// of the fleet: a thousand by default.
	budgetAccounts = 50
	budgetRounds   = 9
)

// budget is a fixed budget as all three can be told it.
type budget struct {
	services, exclude string // a glob, or ""
	period            rules.PeriodKind
	dollars           int64
	percent           []int64 // the lines, rising
}

// fixedBudgets are twenty budgets of all sorts. Some accounts pass none of
// their lines, some all.
func fixedBudgets() []budget {
	var all []budget
	for i := range int64(5) {
		all = append(all,
			budget{"", "", rules.ByBillingPeriod, 14000 + 2000*i, []int64{50, 80, 100}},
			budget{fmt.Sprintf("Service %02d - Requests", 3*i), "", rules.ByMonth, 400 + 100*i, []int64{80, 100}},
			budget{"Service 1*", fmt.Sprintf("*%d - Requests", i), rules.ByBillingPeriod, 4000 + 500*i, []int64{50, 75, 90, 100}},
			budget{"*", fmt.Sprintf("Service %d*", i%3), rules.ByMonth, 9000 + 1000*i, []int64{100}},
		)
	}
	return all
}

// verdict is what became of a budget on an account.
type verdict struct {
	account, rule int
	spent         int64 // in units of 1e-9
	lines         int   // reached
}

// budgets times twenty fixed budgets over a billing period, and fails when the
// verdicts differ.
func (r run) budgets(ctx context.Context) (rows []row, err error) {
	p, err := openPair(ctx, r.folder, "budgets", fleet{accounts: budgetAccounts * r.fleet.accounts, days: 31})
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, p.close()) }()
	if err := p.peer.loadBudgets(ctx, fixedBudgets()); err != nil {
		return nil, err
	}
	scan := newScan(p.fleet, fixedBudgets())
	var own, sql, plain durations
	for range budgetRounds {
		var got [3][]verdict
		for i, step := range []struct {
			took  *durations
			judge func(context.Context) ([]verdict, error)
		}{{&own, p.ours.judge}, {&sql, p.peer.judge}, {&plain, scan.judge}} {
			runtime.GC()
			if err := step.took.work(func() (err error) { got[i], err = step.judge(ctx); return err }); err != nil {
				return nil, err
			}
		}
		if err := agree(got); err != nil {
			return nil, err
		}
	}
	name := fmt.Sprintf("fixed budgets, %d accounts x %d rules over a billing period", p.fleet.accounts, len(fixedBudgets()))
	return []row{
		{name + ", against one SQL statement", millis(own.least()), millis(sql.least()), times(sql.least().Seconds() / own.least().Seconds()), atLeast(sql.least().Seconds()/own.least().Seconds(), 6, "x")},
		{name + ", against a scan of int64 in memory", millis(own.least()), millis(plain.least()), times(own.least().Seconds() / plain.least().Seconds()), atMost(own.least().Seconds()/plain.least().Seconds(), 80, "x")},
	}, nil
}

// agree fails where verdicts differ.
func agree(got [3][]verdict) error {
	for i, v := range got[0] {
		for k, name := range []string{"billbot", "SQLite", "the scan"} {
			if len(got[k]) != len(got[0]) || got[k][i] != v {
				return fmt.Errorf("fixed budgets: %s differs on account %d, rule %d", name, v.account, v.rule)
			}
		}
	}
	return nil
}

// judge reads the bill of each account, and evaluates it.
func (o *ours) judge(ctx context.Context) ([]verdict, error) {
	r, err := rules.Load("rules.yaml", []byte(rulesFile(fixedBudgets())))
	if err != nil {
		return nil, err
	}
	places := map[string]int{}
	for i, rule := range r.Rules {
		places[rule.Name] = i
	}
	verdicts := make([]verdict, 0, o.fleet.accounts*len(r.Rules))
	for i := range o.fleet.accounts {
		view, err := o.store.Bill(ctx, o.fleet.account(i), o.fleet.newest().start)
		if err != nil {
			return nil, err
		}
		for _, f := range r.Evaluate(rules.Account{}, view.Bill, lastDay().Time()) {
			verdicts = append(verdicts, verdict{i, places[f.Rule], nanos(fetcher.NumberOf(f.Amount)), f.Step})
		}
	}
	return verdicts, nil
}

// rulesFile is the budgets as a rules file.
func rulesFile(all []budget) string {
	var b strings.Builder
	b.WriteString("rules:\n")
	for i, budget := range all {
		fmt.Fprintf(&b, "- {name: b%d, ", i)
		if budget.services != "" {
			fmt.Fprintf(&b, "services: ['%s'], ", budget.services)
		}
		if budget.exclude != "" {
			fmt.Fprintf(&b, "exclude: ['%s'], ", budget.exclude)
		}
		lines := strings.Join(strings.Fields(strings.Trim(fmt.Sprint(budget.percent), "[]")), "%, ")
		fmt.Fprintf(&b, "budget: {amount: %d, period: %s, actual: [%s%%]}}\n", budget.dollars, budget.period, lines)
	}
	return b.String()
}
