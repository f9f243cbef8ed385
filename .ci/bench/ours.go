package main

import (
	"context"
	"fmt"
	"syscall"

	"github.com/billbot/billbot/fetcher"
	"github.com/billbot/billbot/store"
)

// batch is how many accounts a sweep commits in one transaction.
const batch = 100

// ours is billbot's store with a fleet in it.
type ours struct {
	fleet       fleet
	path        string
	store       *store.Store
	generations []uint64 // by account: what the next commit is computed from
}

func openOurs(path string, f fleet) (*ours, error) {
	s, err := store.Open(path, store.Options{})
	return &ours{f, path, s, make([]uint64, f.accounts)}, err
}

// load writes the fleet in key order: month by month, a batch of accounts each
// transaction.
func (o *ours) load(ctx context.Context) error {
	return o.loadRows(ctx, func(account int, m month) []fetcher.Charge { return o.fleet.charges(account, m, 0) })
}

func (o *ours) loadRows(ctx context.Context, rows func(account int, m month) []fetcher.Charge) error {
	for _, m := range o.fleet.months() {
		for first := 0; first < o.fleet.accounts; first += batch {
			var commits []store.Commit
			for i := first; i < min(first+batch, o.fleet.accounts); i++ {
				commits = append(commits, o.refresh(i, m, rows(i, m)))
			}
			if err := o.commit(ctx, commits...); err != nil {
				return err
			}
		}
	}
	return nil
}

// refresh is the commit of an account's month.
func (o *ours) refresh(account int, m month, charges []fetcher.Charge) store.Commit {
	c := store.Commit{
		Account: o.fleet.account(account), Generation: o.generations[account],
		Periods: map[fetcher.Day][]fetcher.Charge{m.start: charges},
	}
	o.generations[account]++
	return c
}

func (o *ours) commit(ctx context.Context, commits ...store.Commit) error {
	return o.store.Commit(ctx, commits...)
}

// size is what the file takes of the disk.
func (o *ours) size() (int64, error) { return diskSize(o.path) }

// diskSize counts the blocks that a file has: bbolt makes a small file as long
// as the next power of two, and leaves the end of it unwritten.
func diskSize(path string) (int64, error) {
	var stat syscall.Stat_t
	if err := syscall.Stat(path, &stat); err != nil {
		return 0, fmt.Errorf("measuring a file: %w", err)
	}
	return stat.Blocks * 512, nil
}
