// Command bench measures billbot beside its peers in one run and prints a
// Markdown table: SQLite (modernc.org/sqlite) for the store, encoding/json into
// shopspring decimals for decoding, cloudflare-go for
// fetching. It is a module of its own, so that nobody
// who uses billbot downloads SQLite. It needs Linux.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"time"
)

// run is one run of all measures.
type run struct {
	fleet     fleet
	refreshes int
	folder    string // for the databases
}

func main() {
	accounts := flag.Int("accounts", 20, "accounts of the fleet: 30 services, 400 days each")
	refreshes := flag.Int("refreshes", 300, "refreshes before the size is measured again")
	folder := flag.String("folder", ".", "where a temporary folder for the databases goes; /tmp may be in memory")
	gate := flag.Bool("gate", false, "print counts that no machine changes, and fail when one is above its goal")
	large := flag.Bool("large", false, "make a database of -accounts, and open and sweep it; try 10000, which takes minutes")
	sweep := flag.String("sweep", "", "sweep a database: what -large starts by itself")
	server := flag.Bool("serve", false, "serve bodies: what the command starts by itself")
	flag.Parse()
	r := run{fleet{accounts: *accounts, days: 400}, *refreshes, *folder}
	do := func() error { return r.inFolder(run.table) }
	switch {
	case *gate:
		do = func() error { return r.inFolder(run.gate) }
	case *large:
		do = func() error { return r.inFolder(run.large) }
	case *sweep != "":
		do = func() error { return r.sweepLarge(context.Background(), *sweep) }
	case *server:
		do = func() error { return serve(fleet{accounts: *accounts, days: 31}) }
	}
	if err := do(); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

// inFolder does something in a folder of its own.
func (r run) inFolder(do func(run, context.Context) error) (err error) {
	if r.folder, err = os.MkdirTemp(r.folder, "bench-"); err != nil {
		return fmt.Errorf("making a folder: %w", err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(r.folder)) }()
	return do(r, context.Background())
}

// table prints every measure.
func (r run) table(ctx context.Context) error {
	began := time.Now()
	rows, err := r.all(ctx)
	if err != nil {
		return err
	}
	fmt.Printf("%d accounts, %d services, %d days, %d refreshes; took %.0f s\n\n", r.fleet.accounts, services, r.fleet.days, r.refreshes, time.Since(began).Seconds())
	return printTable(os.Stdout, rows)
}

// all does every measure.
func (r run) all(ctx context.Context) ([]row, error) {
	var table []row
	for _, measure := range []func(context.Context) ([]row, error){
		func(ctx context.Context) ([]row, error) { return r.size(ctx, 0, sizes{12, 14}) },
		func(ctx context.Context) ([]row, error) { return r.size(ctx, 2, sizes{18, 18}) },
		r.onFleet,
		r.onBatch,
		r.budgets,
		r.everyRule,
		func(context.Context) ([]row, error) { return r.decode() },
		r.cpu,
	} {
		began := time.Now()
		rows, err := measure(ctx)
		if err != nil {
			return nil, err
		}
		fmt.Fprintf(os.Stderr, "%s and %d more: %.1f s\n", rows[0].measure, len(rows)-1, time.Since(began).Seconds())
		table = append(table, rows...)
	}
	return table, nil
}

// onFleet does what one account of the fleet needs.
func (r run) onFleet(ctx context.Context) ([]row, error) {
	p, err := openPair(ctx, r.folder, "fleet", r.fleet)
	if err != nil {
		return nil, err
	}
	rows, err := join(ctx, p, r.refresh, r.window)
	if err := errors.Join(err, p.close()); err != nil {
		return nil, err
	}
	opened, err := r.opening(ctx, p)
	return append(rows, opened...), err
}

// onBatch does what needs a hundred accounts, however small the fleet is; its
// history is as long as billbot reads.
func (r run) onBatch(ctx context.Context) ([]row, error) {
	p, err := openPair(ctx, r.folder, "batch", fleet{accounts: max(batch, r.fleet.accounts), days: loadDays})
	if err != nil {
		return nil, err
	}
	rows, err := join(ctx, p, r.batched, r.spend)
	return rows, errors.Join(err, p.close())
}

// join does measures one after the other.
func join(ctx context.Context, p *pair, measures ...func(context.Context, *pair) ([]row, error)) ([]row, error) {
	var rows []row
	for _, measure := range measures {
		more, err := measure(ctx, p)
		if err != nil {
			return nil, err
		}
		rows = append(rows, more...)
	}
	return rows, nil
}
