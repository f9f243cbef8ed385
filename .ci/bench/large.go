package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/billbot/billbot/fetcher"
	"github.com/billbot/billbot/rules"
	"github.com/billbot/billbot/store"
)

// large makes a database of very many accounts, and has a process of its own open
// it and sweep all of them. It takes minutes, and is run by itself.
func (r run) large(ctx context.Context) error {
	path := filepath.Join(r.folder, "large.db")
	o, err := openOurs(path, r.fleet)
	if err != nil {
		return err
	}
	began := time.Now()
	if err := errors.Join(o.load(ctx), o.store.Close()); err != nil {
		return err
	}
	size, err := diskSize(path)
	if err != nil {
		return err
	}
	fmt.Printf("loaded %d accounts, %d rows in %.0f s: %.2f bytes a row\n",
		r.fleet.accounts, r.fleet.rows(), time.Since(began).Seconds(), float64(size)/float64(r.fleet.rows()))
	self, err := os.Executable()
	if err != nil {
		return fmt.Errorf("starting a sweep: %w", err)
	}
	sweep := exec.CommandContext(ctx, self, "-sweep", path, "-accounts", fmt.Sprint(r.fleet.accounts))
	sweep.Stdout, sweep.Stderr = os.Stdout, os.Stderr
	return sweep.Run()
}

// sweepLarge opens the database and walks every account through load, merge,
// evaluation and commit, a batch each transaction, with the answers made here. It
// says what that took, and how much memory.
func (r run) sweepLarge(ctx context.Context, path string) error {
	o, opened, err := r.openLarge(ctx, path)
	if err != nil {
		return err
	}
	defer o.store.Close()
	fmt.Printf("opened and read an account in %s (p50 of %d; %s at most)\n",
		opened.median().Round(time.Microsecond), openings, slices.Max(opened).Round(time.Microsecond))
	defaults, err := rules.Load("rules.yaml", []byte("rules: [{name: all, budget: {amount: 1000000}}, {name: spikes, spike: {}}]"))
	if err != nil {
		return err
	}
	for first := 0; first < r.fleet.accounts; first += batch {
		var commits []store.Commit
		for i := first; i < min(first+batch, r.fleet.accounts); i++ {
			c, err := o.walk(ctx, defaults, i)
			if err != nil {
				return err
			}
			commits = append(commits, c)
		}
		if err := o.commit(ctx, commits...); err != nil {
			return err
		}
	}
	memory, err := memoryOf()
	fmt.Printf("swept in %.0f s of CPU; %s\n", processCPU().Seconds(), memory)
	if err != nil {
		return err
	}
	walked := time.Now()
	err = o.store.CheckTree(ctx)
	fmt.Printf("walked all pages in %s\n", time.Since(walked).Round(time.Millisecond))
	return err
}

// openLarge opens a database and reads an account, often, and leaves it open.
func (r run) openLarge(ctx context.Context, path string) (o *ours, took durations, err error) {
	for range openings {
		if o != nil {
			err = o.store.Close()
		}
		if err == nil {
			err = took.time(func() (err error) {
				if o, err = openOurs(path, r.fleet); err == nil {
					_, err = o.store.State(ctx, r.fleet.account(r.fleet.accounts/2))
				}
				return err
			})
		}
		if err != nil {
			return nil, nil, err
		}
	}
	return o, took, nil
}

// walk is one account's way through the line, all but its request.
func (o *ours) walk(ctx context.Context, r *rules.Rules, account int) (store.Commit, error) {
	view, err := o.store.Load(ctx, o.fleet.account(account), lastDay()-loadDays)
	if err != nil {
		return store.Commit{}, err
	}
	answer := fetcher.Answer{FetchedAt: morning(), Charges: o.fleet.charges(account, o.fleet.newest(), 1)}
	if view, err = o.store.Rows(ctx, view, view.Ledger.Concerned(answer)); err != nil {
		return store.Commit{}, err
	}
	merged, change := view.Ledger.Merge(answer)
	r.Evaluate(rules.Account{}, view.Bill.With(merged, change.Periods), morning())
	c := store.Commit{
		Account: o.fleet.account(account), Generation: view.Generation, Periods: map[fetcher.Day][]fetcher.Charge{},
		Revisions: change.Revisions, Snapshots: []fetcher.Snapshot{*change.Snapshot},
	}
	for _, start := range change.Periods {
		c.Periods[start] = merged.InPeriod(start)
	}
	return store.Prepare(c)
}

// memoryOf is the most memory this process has had, and how much it has that is
// its own and not the file's.
func memoryOf() (string, error) {
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return "", fmt.Errorf("measuring memory: %w", err)
	}
	var found []string
	for line := range strings.Lines(string(status)) {
		if name, value, _ := strings.Cut(line, ":"); name == "VmHWM" || name == "RssAnon" {
			found = append(found, name+" "+strings.TrimSpace(value))
		}
	}
	return strings.Join(found, ", "), nil
}
