package main

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"testing"

	"github.com/billbot/billbot/fetcher/cloudflare"
)

// The fleet that the goals for bytes a row are about, with fewer refreshes than
// in docs/performance.md, as every commit has to wait for them.
const (
	gateAccounts  = 100
	gateRefreshes = 1000
)

// count is a measure that is the same on every machine.
type count struct {
	name      string
	got, most float64
}

// gate prints counts, billbot's alone, and fails when one is above its goal.
// Times are no part of it: on a busy machine they are anything.
func (r run) gate(ctx context.Context) error {
	counts, err := r.counts(ctx)
	for _, c := range counts {
		fmt.Printf("%s: %.2f, at most %g\n", c.name, c.got, c.most)
		if c.got > c.most {
			err = errors.Join(err, fmt.Errorf("%s: %.2f is more than %g", c.name, c.got, c.most))
		}
	}
	return err
}

func (r run) counts(ctx context.Context) ([]count, error) {
	r.fleet.accounts = gateAccounts
	counts, err := r.decodeCounts()
	if err != nil {
		return nil, err
	}
	short, err := r.sizeCounts(ctx, 0, sizes{12, 14})
	if err != nil {
		return nil, err
	}
	long, err := r.sizeCounts(ctx, 2, sizes{18, 18})
	return slices.Concat(counts, short, long), err
}

func (r run) decodeCounts() ([]count, error) {
	f := r.fleet
	f.long = 2
	body, err := f.body(0, 0)
	if err != nil {
		return nil, err
	}
	allocs := testing.AllocsPerRun(10, func() { _, err = cloudflare.DecodeUsage(body) })
	return []count{{"allocations of decoding a body", allocs, 150}}, err
}

func (r run) sizeCounts(ctx context.Context, long int, goals sizes) (counts []count, err error) {
	f := r.fleet
	f.long = long
	o, err := openOurs(filepath.Join(r.folder, fmt.Sprintf("gate-%d.db", long)), f)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, o.store.Close()) }()
	name := fmt.Sprintf("bytes a row, %d%% of 17 digits: ", long)
	add := func(state string, most float64) error {
		size, err := o.size()
		counts = append(counts, count{name + state, float64(size) / float64(f.rows()), most})
		return err
	}
	if err := errors.Join(o.load(ctx), add("loaded", goals.loaded)); err != nil {
		return nil, err
	}
	err = errors.Join(o.churn(ctx, gateRefreshes), add(fmt.Sprintf("after %d refreshes", gateRefreshes), goals.churned))
	return counts, err
}

// churn refreshes random accounts, one each transaction.
func (o *ours) churn(ctx context.Context, refreshes int) error {
	random := rand.New(rand.NewPCG(1, 1))
	for version := range refreshes {
		account := random.IntN(o.fleet.accounts)
		charges := o.fleet.charges(account, o.fleet.newest(), version+1)
		if err := o.commit(ctx, o.refresh(account, o.fleet.newest(), charges)); err != nil {
			return err
		}
	}
	return nil
}
