package main

import (
	"context"
	"errors"
	"time"

	"github.com/billbot/billbot/fetcher"
	"github.com/billbot/billbot/rules"
	"github.com/billbot/billbot/store"
)

// prune deletes what is older than the rules file wants it kept, from a tree
// that was seen to be whole: opening looks at little of it. What polls write
// meanwhile is safe: a ledger that loses charges has moved on.
func (eng *engine) prune(ctx context.Context, now time.Time) error {
	if err := eng.store.CheckTree(ctx); err != nil {
		return err
	}
	today, unknown := eng.newestDay(ctx, now)
	if today.IsZero() {
		return unknown
	}
	pruned, err := eng.store.Prune(ctx, oldOn(today, eng.rules.Retention))
	for _, damage := range pruned.Damaged {
		eng.log.Warn("deleted what was old and could not be read", "err", damage)
	}
	if !pruned.Empty() {
		eng.log.Info("pruned", "periods", pruned.Periods, "snapshots", pruned.Snapshots, "revisions", pruned.Revisions)
	}
	return errors.Join(unknown, err)
}

// newestDay is the newest day that Cloudflare has told of, of any account, and
// zero while it has told of none. Age is counted back from it, since a clock
// that is years ahead must not delete a history.
func (eng *engine) newestDay(ctx context.Context, now time.Time) (fetcher.Day, error) {
	var newest fetcher.Day
	var failures []error
	for _, account := range eng.rules.Accounts {
		view, err := eng.load(ctx, account, now)
		if err != nil {
			failures = append(failures, err)
			continue
		}
		newest = max(newest, view.Bill.Through())
	}
	return min(newest, fetcher.DayOf(now)), errors.Join(failures...)
}

// oldOn is what is not kept any more on a day.
func oldOn(today fetcher.Day, kept rules.Retention) store.Old {
	old := store.Old{Charges: kept.Charges.Since(today), Revisions: kept.Revisions.Since(today)}
	if kept.Snapshots != rules.Forever {
		old.Snapshots = kept.Snapshots.Since(today).Time()
	}
	return old
}
