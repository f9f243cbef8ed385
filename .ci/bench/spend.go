package main

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"time"

	"github.com/billbot/billbot/fetcher"
	"github.com/billbot/billbot/rules/report"
	"github.com/billbot/billbot/store"
)

// spendTime is how long spend is asked for, one time after the other.
const spendTime = 2 * time.Second

// spend times what spend needs, as a daemon does it: a report is worked out when
// a bill changes, beside the commit, and told when somebody asks. Cold is a report
// that nobody worked out: the bill read as far back as billbot reads, added up and
// forecast.
func (r run) spend(ctx context.Context, p *pair) ([]row, error) {
	d := &desked{ours: p.ours}
	cold, err := d.spendRows(ctx, "cold, 151 days read", false)
	if err != nil {
		return nil, err
	}
	idle, err := d.spendRows(ctx, "idle", true)
	if err != nil {
		return nil, err
	}
	commits, err := p.endlessCommits(ctx)
	if err != nil {
		return nil, err
	}
	busy, stop := context.WithCancel(ctx)
	done := make(chan error, 1)
	go func() { done <- commits.run(busy, d) }()
	rows, err := d.spendRows(ctx, "during commits", true)
	stop()
	return slices.Concat(cold, idle, rows), errors.Join(err, <-done)
}

// desked is a store with a desk.
type desked struct {
	*ours
	desk report.Desk
}

func (d *desked) spendRows(ctx context.Context, state string, ready bool) ([]row, error) {
	took, err := d.spends(ctx, ready)
	if err != nil {
		return nil, err
	}
	p50, p99 := took.at(50), took.at(99)
	goals := [2]string{none, none}
	if ready {
		goals = [2]string{atMost(float64(p50.Microseconds()), 200, " us"), atMost(float64(p99.Microseconds()), 1000, " us")}
	}
	return []row{
		{"spend " + state + ", p50", micros(p50), none, none, goals[0]},
		{"spend " + state + ", p99", micros(p99), none, none, goals[1]},
	}, nil
}

func (d *desked) spends(ctx context.Context, ready bool) (durations, error) {
	var took durations
	random := rand.New(rand.NewPCG(4, 4))
	for began := time.Now(); time.Since(began) < spendTime; {
		account := d.fleet.account(random.IntN(d.fleet.accounts))
		err := took.time(func() error { return d.ask(ctx, account, ready) })
		if err != nil {
			return nil, err
		}
	}
	return took, nil
}

// ask is what the daemon does when somebody asks for an account.
func (d *desked) ask(ctx context.Context, account fetcher.Account, ready bool) error {
	today := fetcher.DayOf(morning())
	view, err := d.store.State(ctx, account)
	if err != nil {
		return err
	}
	if _, ok := d.desk.Spends(account.ID, view.Generation, today); ok && ready {
		return nil
	}
	if view, err = d.store.Bill(ctx, account, lastDay()-loadDays); err != nil {
		return err
	}
	spends := report.SpendOf(view.Bill, morning())
	d.desk.Keep(account.ID, view.Generation, today, spends)
	if len(spends) != 1 {
		return fmt.Errorf("%s: nothing spent", account.Name)
	}
	return nil
}

// alternation is two versions of the newest month of a hundred accounts.
type alternation struct {
	newest  month
	charges [2][batch][]fetcher.Charge
	spends  [batch][]report.Spend
}

// endlessCommits makes its numbers beforehand, and the reports of them: making
// numbers is no part of what a daemon does, and it makes reports where accounts
// are asked.
func (p *pair) endlessCommits(ctx context.Context) (*alternation, error) {
	a := &alternation{newest: p.fleet.newest()}
	for version := range a.charges {
		for i := range batch {
			a.charges[version][i], _ = p.restate(i)
		}
	}
	for i := range batch {
		view, err := p.ours.store.Bill(ctx, p.fleet.account(i), lastDay()-loadDays)
		if err != nil {
			return nil, err
		}
		a.spends[i] = report.SpendOf(view.Bill, morning())
	}
	return a, nil
}

// run commits the versions in turn until ctx ends.
func (a *alternation) run(ctx context.Context, d *desked) error {
	for n := 0; ctx.Err() == nil; n++ {
		var commits []store.Commit
		for i := range batch {
			c, err := store.Prepare(d.refresh(i, a.newest, a.charges[n%2][i]))
			if err != nil {
				return err
			}
			commits = append(commits, c)
		}
		if err := d.commit(context.WithoutCancel(ctx), commits...); err != nil {
			return err
		}
		for i, c := range commits {
			d.desk.Keep(c.Account.ID, c.Generation+1, fetcher.DayOf(morning()), a.spends[i])
		}
	}
	return nil
}
