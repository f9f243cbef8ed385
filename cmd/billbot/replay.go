package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"runtime"
	"sync"
	"time"

	"github.com/billbot/billbot/fetcher"
	"github.com/billbot/billbot/rules"
)

// replay lives recorded days as the daemon would have: on the morning after a
// day it knows the rows up to that day, evaluates them, and says what is worth
// saying. Backtests and tests of rules are replays.
type replay struct {
	rules *rules.Rules
	to    fetcher.Day // the last day to live, with rows or without; zero: the last with rows
	// look sees each bill of each morning, from several goroutines, one account's
	// in order; nil when nobody looks.
	look func(account int, bill fetcher.Bill)
	// shown is where it is shown how far it is, if that is a terminal.
	shown io.Writer
	far   *progress
}

// morning is what was said on the morning after a day.
type morning struct {
	day    fetcher.Day
	events []rules.Event
}

// run returns the mornings in which something was said: day by day, on each the
// accounts in the order of their walks, and then all of them together.
func (r replay) run(ctx context.Context, walks []*walk) ([]morning, error) {
	first, last := span(walks)
	if !r.to.IsZero() {
		last = r.to
	}
	if first.IsZero() || last < first {
		return nil, nil
	}
	r.far = newProgress(r.shown, "backtest", len(walks)*int(last-first+1))
	said, failed := r.each(ctx, walks, first, last)
	r.far.end()
	totals, failedTotals := r.totals(ctx, walks, first, last)
	if err := cmp.Or(ctx.Err(), errors.Join(failed, failedTotals)); err != nil {
		return nil, err
	}
	said = append(said, totals)
	var mornings []morning
	for day := first; day <= last; day++ {
		for _, events := range said {
			if of := events[day]; len(of) > 0 {
				mornings = append(mornings, morning{day, of})
			}
		}
	}
	return mornings, nil
}

// byDay is what was said, by the charge day it was said after.
type byDay map[fetcher.Day][]rules.Event

// each lives every account's days, several accounts at a time: they have
// nothing to do with each other.
func (r replay) each(ctx context.Context, walks []*walk, first, last fetcher.Day) ([]byDay, error) {
	said, failed := make([]byDay, len(walks)), make([]error, len(walks))
	next := make(chan int)
	var workers sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), len(walks)) {
		workers.Go(func() {
			for i := range next {
				said[i], failed[i] = r.live(ctx, i, walks[i], first, last)
			}
		})
	}
	for i := range walks {
		next <- i
	}
	close(next)
	workers.Wait()
	return said, errors.Join(failed...)
}

// live lives one account's days.
func (r replay) live(ctx context.Context, account int, w *walk, first, last fetcher.Day) (byDay, error) {
	said := byDay{}
	var alerts []rules.Alert
	for day := first; day <= last && ctx.Err() == nil; day++ {
		r.far.step()
		err := onDay(w.account, day, func() {
			if bill, ok := w.upTo(r.rules, day); ok {
				said[day], alerts = r.wake(w.account, bill, alerts, morningAfter(day))
				if r.look != nil {
					r.look(account, bill)
				}
			}
		})
		if err != nil {
			return said, err
		}
	}
	return said, nil
}

// wake says what is worth saying of an account's bill on a morning.
func (r replay) wake(account rules.Account, bill fetcher.Bill, alerts []rules.Alert, now time.Time) ([]rules.Event, []rules.Alert) {
	changed, events := rules.Advance(account.ID, alerts, r.rules.Evaluate(account, bill, now), now)
	r.rules.Causes(account, bill, changed, events, now)
	return events, replaceAlerts(alerts, changed)
}

// onDay lives one day. A panic, as on a bill that nobody thought of, is an
// error that says whose and when: it would end billbot as wrong usage does.
func onDay(account rules.Account, day fetcher.Day, live func()) (err error) {
	defer func() {
		if cause := recover(); cause != nil {
			err = fmt.Errorf("%s on %s: billbot failed inside: %v", account.Name, day, cause)
		}
	}()
	live()
	return nil
}

// totals lives the days of the rules that are about all accounts together.
func (r replay) totals(ctx context.Context, walks []*walk, first, last fetcher.Day) (byDay, error) {
	said := byDay{}
	together := r.together(walks)
	var alerts []rules.Alert
	for day := first; day <= last && len(together) > 0 && ctx.Err() == nil; day++ {
		now := morningAfter(day)
		err := onDay(rules.Account{Name: "all accounts"}, day, func() {
			var findings []rules.Finding
			for _, t := range together {
				bill, _ := t.walk.upTo(r.rules, day)
				findings = append(findings, t.rule.EvaluateTogether(bill, now)...)
			}
			changed, events := rules.Advance(rules.FleetID, alerts, findings, now)
			alerts = replaceAlerts(alerts, changed)
			said[day] = events
		})
		if err != nil {
			return said, err
		}
	}
	return said, nil
}

// total is a rule per total and its accounts as one walk.
type total struct {
	rule rules.Rule
	walk *walk
}

// together puts the accounts of each rule per total into one walk, once: each
// day is a stretch of it.
func (r replay) together(walks []*walk) []total {
	var totals []total
	for _, rule := range r.rules.Rules {
		if rule.Per == rules.PerTotal {
			totals = append(totals, totalOf(rule, walks))
		}
	}
	return totals
}

func totalOf(rule rules.Rule, walks []*walk) total {
	whole := &walk{account: rules.Account{ID: rules.FleetID}}
	whole.bill.Trust.Verdict = fetcher.Trusted
	for _, w := range walks {
		if rule.Match.Account(w.account) {
			whole.bill.Lines = append(whole.bill.Lines, w.bill.Lines...)
			whole.bill.Terms.Anchors = append(whole.bill.Terms.Anchors, w.bill.Terms.Anchors...)
		}
	}
	fetcher.SortLines(whole.bill.Lines)
	return total{rule, whole}
}
