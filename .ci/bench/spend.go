package main

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/billbot/billbot/fetcher"
	"github.com/billbot/billbot/rules/report"
	"github.com/billbot/billbot/store"
)

// Spend is asked so often, or for so long.
const (
	spendReads    = 1000
	spendPatience = 4 * time.Second
)

// spend times what spend needs, reading the bill, adding up, and forecasting: as far back
// as billbot reads, and the newest months alone; idle, and while commits of a
// hundred accounts run. The goals are for the latter.
func (r run) spend(ctx context.Context, p *pair) ([]row, error) {
	idle, err := p.ours.spendRows(ctx, "idle")
	if err != nil {
		return nil, err
	}
	commits := p.endlessCommits()
	busy, stop := context.WithCancel(ctx)
	done := make(chan error, 1)
	go func() { done <- commits.run(busy, p.ours) }()
	rows, err := p.ours.spendRows(ctx, "during commits")
	stop()
	return append(idle, rows...), errors.Join(err, <-done)
}

func (o *ours) spendRows(ctx context.Context, state string) ([]row, error) {
	var rows []row
	for _, days := range []fetcher.Day{loadDays, 31} {
		took, err := o.spends(ctx, lastDay()-days)
		if err != nil {
			return nil, err
		}
		name := fmt.Sprintf("spend %s, %d days read, ", state, days)
		p50, p99 := took.at(50), took.at(99)
		rows = append(rows,
			row{name + "p50", micros(p50), none, none, atMost(float64(p50.Microseconds()), 200, " us")},
			row{name + "p99", micros(p99), none, none, atMost(float64(p99.Microseconds()), 1000, " us")})
	}
	return rows, nil
}

func (o *ours) spends(ctx context.Context, since fetcher.Day) (durations, error) {
	var took durations
	random := rand.New(rand.NewPCG(4, 4))
	for began := time.Now(); len(took) < spendReads && time.Since(began) < spendPatience; {
		account := o.fleet.account(random.IntN(o.fleet.accounts))
		err := took.time(func() error {
			view, err := o.store.Bill(ctx, account, since)
			if err == nil && len(report.SpendOf(view.Bill, morning())) != 1 {
				err = fmt.Errorf("%s: nothing spent", account.Name)
			}
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	return took, nil
}

// alternation is two versions of the newest month of a hundred accounts.
type alternation struct {
	newest  month
	charges [2][batch][]fetcher.Charge
}

// endlessCommits makes its numbers beforehand: making them is no part of what
// a daemon does.
func (p *pair) endlessCommits() *alternation {
	a := &alternation{newest: p.fleet.newest()}
	for version := range a.charges {
		for i := range batch {
			a.charges[version][i], _ = p.restate(i)
		}
	}
	return a
}

// run commits the versions in turn until ctx ends.
func (a *alternation) run(ctx context.Context, o *ours) error {
	for n := 0; ctx.Err() == nil; n++ {
		var commits []store.Commit
		for i := range batch {
			commits = append(commits, o.refresh(i, a.newest, a.charges[n%2][i]))
		}
		if err := o.commit(context.WithoutCancel(ctx), commits...); err != nil {
			return err
		}
	}
	return nil
}
