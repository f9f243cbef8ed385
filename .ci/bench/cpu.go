package main

import (
	"context"
	"errors"
	"fmt"
	"math"
	"path/filepath"
	"runtime"
	"syscall"
	"time"

	"github.com/billbot/billbot/fetcher"
	"github.com/billbot/billbot/rules"
	"github.com/billbot/billbot/store"
)

// A round is a sweep of some accounts, committed at once.
const (
	cpuAccounts = 20
	cpuRounds   = 8
)

// loadDays is how far back billbot looks when it polls.
const loadDays = rules.HistoryDays + 31

// source tells what an account owes.
type source interface {
	fetch(ctx context.Context, account fetcher.Account) (fetcher.Answer, error)
}

// cpu measures the processor time and the allocations of whole refreshes: fetch
// from a server, decode, merge, commit. Billbot and the plain peer differ
// in how they fetch and decode. Cloudflare's own client only fetches.
func (r run) cpu(ctx context.Context) (rows []row, err error) {
	f := fleet{accounts: cpuAccounts, days: loadDays}
	server, err := startServer(cpuAccounts)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, server.stop()) }()
	walk, err := newWalkSource(server.url)
	if err != nil {
		return nil, err
	}
	var whole, fetches [2]cost
	for i, src := range []source{walk, newPlainSource(server.url)} {
		s, err := openSweeper(ctx, filepath.Join(r.folder, fmt.Sprintf("cpu-%d.db", i)), f, src)
		if err != nil {
			return nil, err
		}
		whole[i], err = costOf(func() error { return s.sweep(ctx) })
		if err == nil {
			fetches[i], err = costOf(func() error { return f.fetchAll(ctx, src) })
		}
		if err := errors.Join(err, s.store.Close()); err != nil {
			return nil, err
		}
	}
	official := newOfficialSource(server.url)
	alone, err := costOf(func() error { return f.fetchAll(ctx, official) })
	against := cpuRatio(whole[0], alone)
	return []row{
		cpuRow("CPU of a whole refresh", whole[0], whole[1], atMost(cpuRatio(whole[0], whole[1]), 0.35, "x")),
		cpuRow("of that, CPU of fetch and decode", fetches[0], fetches[1], none),
		cpuRow("CPU of a whole refresh, against cloudflare-go's client alone", whole[0], alone, atMost(against, 0.2, "x")),
		cpuRow("CPU of fetch and decode, against cloudflare-go's client", fetches[0], alone, none),
		allocsRow("allocations of a whole refresh", whole[0], whole[1]),
		allocsRow("allocations of fetch and decode, against cloudflare-go's client", fetches[0], alone),
	}, err
}

func cpuRow(name string, own, peer cost, goal string) row {
	return row{name, millis(own.cpu), millis(peer.cpu), times(cpuRatio(own, peer)), goal}
}

func cpuRatio(own, peer cost) float64 { return own.cpu.Seconds() / peer.cpu.Seconds() }

func allocsRow(name string, own, peer cost) row {
	return row{name, fmt.Sprint(own.allocs), fmt.Sprint(peer.allocs), times(float64(own.allocs) / float64(peer.allocs)), none}
}

// cost is what something took of the machine.
type cost struct {
	cpu    time.Duration
	allocs uint64
}

// costOf is what an account costs when round is done again and again, after one
// that is not counted: the least of the rounds, which others on the machine
// disturbed least. Each begins with an empty heap, and ends with one, so that it
// pays for its own garbage.
func costOf(round func() error) (cost, error) {
	if err := round(); err != nil {
		return cost{}, err
	}
	least := cost{cpu: math.MaxInt64}
	for range cpuRounds {
		runtime.GC()
		allocs, cpu := processAllocs(), processCPU()
		if err := round(); err != nil {
			return cost{}, err
		}
		runtime.GC()
		c := cost{(processCPU() - cpu) / cpuAccounts, (processAllocs() - allocs) / cpuAccounts}
		if c.cpu < least.cpu {
			least = c
		}
	}
	return least, nil
}

// processAllocs is how much this process has allocated so far.
func processAllocs() uint64 {
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	return stats.Mallocs
}

// processCPU is what this process has used of the processors so far.
func processCPU() time.Duration {
	var usage syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &usage) != nil {
		return 0
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}

// sweeper refreshes a fleet as billbot does.
type sweeper struct {
	*ours
	source source
}

func openSweeper(ctx context.Context, path string, f fleet, src source) (*sweeper, error) {
	o, err := openOurs(path, f)
	if err != nil {
		return nil, err
	}
	if err := o.load(ctx); err != nil {
		return nil, errors.Join(err, o.store.Close())
	}
	return &sweeper{o, src}, nil
}

// sweep refreshes every account and commits them together.
func (s *sweeper) sweep(ctx context.Context) error {
	var commits []store.Commit
	for i := range s.fleet.accounts {
		c, err := s.poll(ctx, s.fleet.account(i))
		if err != nil {
			return err
		}
		commits = append(commits, c)
	}
	return s.commit(ctx, commits...)
}

// poll asks about one account and makes the commit of what changed.
func (s *sweeper) poll(ctx context.Context, account fetcher.Account) (store.Commit, error) {
	view, err := s.store.State(ctx, account) // lines are read for rules, which are measured elsewhere
	if err != nil {
		return store.Commit{}, err
	}
	answer, err := s.source.fetch(ctx, account)
	if err != nil {
		return store.Commit{}, err
	}
	if view, err = s.store.Rows(ctx, view, view.Ledger.Concerned(answer)); err != nil {
		return store.Commit{}, err
	}
	merged, change := view.Ledger.Merge(answer)
	if merged.Trust.Verdict == fetcher.Untrusted || len(change.Periods) != 1 {
		return store.Commit{}, fmt.Errorf("%s: %d periods changed: %s", account.Name, len(change.Periods), merged.Trust.Reason)
	}
	c := store.Commit{
		Account: account, Generation: view.Generation, Periods: map[fetcher.Day][]fetcher.Charge{},
		Terms: &merged.Terms, Snapshots: []fetcher.Snapshot{*change.Snapshot}, Revisions: change.Revisions,
	}
	for _, start := range change.Periods {
		c.Periods[start] = merged.InPeriod(start)
	}
	return c, nil
}

// fetchAll asks about every account, and no more.
func (f fleet) fetchAll(ctx context.Context, src source) error {
	for i := range f.accounts {
		if _, err := src.fetch(ctx, f.account(i)); err != nil {
			return err
		}
	}
	return nil
}
