package main

import (
	"context"
	"fmt"

	"github.com/billbot/billbot/store"
)

// batchCommits is how often the commit of a batch is timed.
const batchCommits = 10

// batched times the commit of a hundred accounts in one transaction. billbot is
// given the whole periods, which it packs where accounts are asked, outside of
// the transaction: a line of its own. The peer is given all rows, and then those
// that changed.
func (r run) batched(ctx context.Context, p *pair) ([]row, error) {
	var packing, own, some, all durations
	for range batchCommits {
		b := p.nextBatch()
		for _, step := range []struct {
			took *durations
			do   func() error
		}{
			{&packing, b.prepare},
			{&own, func() error { return p.ours.commit(ctx, b.commits...) }},
			{&all, func() error { return p.peer.commit(ctx, b.before...) }},
			{&some, func() error { return p.peer.commit(ctx, b.changed...) }},
		} {
			if err := step.took.time(step.do); err != nil {
				return nil, err
			}
		}
	}
	line := func(against string, peer durations, goal string) row {
		return row{fmt.Sprintf("%d-account commit, p50, against %s", batch, against),
			millis(own.median()), millis(peer.median()), times(peer.over(own)), goal}
	}
	packed := row{fmt.Sprintf("packing %d accounts beforehand, p50", batch), millis(packing.median()), none, none, none}
	return []row{line("all rows", all, atLeast(all.over(own), 20, "x")), line("the changed rows", some, none), packed}, nil
}

// batchOf is what a batch commits, in the forms that each is given.
type batchOf struct {
	commits         []store.Commit
	before, changed []sqliteRows
}

func (p *pair) nextBatch() batchOf {
	var b batchOf
	for i := range batch {
		whole, _ := p.restate(i)
		b.before = append(b.before, sqliteRows{i, whole})
		whole, part := p.restate(i) // last, so that both end with the same rows
		b.commits = append(b.commits, p.ours.refresh(i, p.fleet.newest(), whole))
		b.changed = append(b.changed, sqliteRows{i, part})
	}
	return b
}

// prepare packs the periods.
func (b batchOf) prepare() (err error) {
	for i := range b.commits {
		if b.commits[i], err = store.Prepare(b.commits[i]); err != nil {
			return err
		}
	}
	return nil
}
