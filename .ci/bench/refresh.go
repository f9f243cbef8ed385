package main

import (
	"context"
	"math/rand/v2"
	"os"
	"path/filepath"
	"syscall"

	"github.com/billbot/billbot/store"
)

// refreshCommits is how often the commit of a refresh is timed.
const refreshCommits = 200

// refresh times the commit of one account of which three days changed: billbot
// is given the whole period, packed beforehand, and finds out; the peer is given
// all 930 rows, and then the 90 that changed. The last line is what the disk alone needs.
func (r run) refresh(ctx context.Context, p *pair) ([]row, error) {
	disk, err := newDisk(filepath.Join(r.folder, "disk"))
	if err != nil {
		return nil, err
	}
	defer disk.Close()
	var own, some, all, syncs durations
	random := rand.New(rand.NewPCG(2, 2))
	for range refreshCommits {
		account := random.IntN(p.fleet.accounts)
		before, _ := p.restate(account)
		whole, changed := p.restate(account) // last, so that both end with the same rows
		commit, err := store.Prepare(p.ours.refresh(account, p.fleet.newest(), whole))
		if err != nil {
			return nil, err
		}
		for _, step := range []struct {
			took *durations
			do   func() error
		}{
			{&own, func() error { return p.ours.commit(ctx, commit) }},
			{&all, func() error { return p.peer.commit(ctx, sqliteRows{account, before}) }},
			{&some, func() error { return p.peer.commit(ctx, sqliteRows{account, changed}) }},
			{&syncs, disk.syncTwice},
		} {
			if err := step.took.time(step.do); err != nil {
				return nil, err
			}
		}
	}
	return []row{
		{"refresh commit, p50, against the changed rows", millis(own.median()), millis(some.median()), times(some.over(own)), none},
		{"refresh commit, p50, against all rows", millis(own.median()), millis(all.median()), times(all.over(own)), none},
		{"refresh commit, p50, against two syncs", millis(own.median()), millis(syncs.median()), times(own.over(syncs)),
			atMost(own.over(syncs), 2, "x")},
	}, nil
}

// disk is a file to write to and nothing else.
type disk struct{ *os.File }

func newDisk(path string) (disk, error) {
	f, err := os.Create(path)
	if err != nil {
		return disk{}, err
	}
	if _, err = f.Write(make([]byte, 1<<16)); err == nil {
		err = f.Sync()
	}
	return disk{f}, err
}

// syncTwice is what a bbolt commit cannot do without: a page of data and a page
// that says it is there, each on the disk before the next.
func (d disk) syncTwice() error {
	for page := range int64(2) {
		if _, err := d.WriteAt(make([]byte, 4096), page*4096); err != nil {
			return err
		}
		if err := syscall.Fdatasync(int(d.Fd())); err != nil {
			return err
		}
	}
	return nil
}
