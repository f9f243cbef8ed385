package main

import (
	"context"
	"fmt"

	"github.com/billbot/billbot/store"
)

// batchCommits is how often the commit of a batch is timed.
const batchCommits = 10

// batched times the commit of a hundred accounts in one transaction: billbot is
// given the whole periods, the peer all their rows, and then those that changed.
func (r run) batched(ctx context.Context, p *pair) ([]row, error) {
	var own, some, all durations
	for range batchCommits {
		var commits []store.Commit
		var before, changed []sqliteRows
		for i := range batch {
			whole, _ := p.restate(i)
			before = append(before, sqliteRows{i, whole})
			whole, part := p.restate(i) // last, so that both end with the same rows
			commits = append(commits, p.ours.refresh(i, p.fleet.newest(), whole))
			changed = append(changed, sqliteRows{i, part})
		}
		if err := own.time(func() error { return p.ours.commit(ctx, commits...) }); err != nil {
			return nil, err
		}
		if err := all.time(func() error { return p.peer.commit(ctx, before...) }); err != nil {
			return nil, err
		}
		if err := some.time(func() error { return p.peer.commit(ctx, changed...) }); err != nil {
			return nil, err
		}
	}
	line := func(against string, peer durations) row {
		return row{fmt.Sprintf("%d-account commit, p50, against %s", batch, against),
			millis(own.median()), millis(peer.median()), times(peer.over(own)), atLeast(peer.over(own), 20, "x")}
	}
	return []row{line("the changed rows", some), line("all rows", all)}, nil
}
