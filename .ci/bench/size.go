package main

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
)

// sizes are the goals for bytes a row.
type sizes struct {
	loaded, churned float64
}

// size measures the bytes of a row on disk: loaded in key order, and after
// refreshes of random accounts.
func (r run) size(ctx context.Context, long int, goals sizes) (rows []row, err error) {
	f := r.fleet
	f.long = long
	p, err := openPair(ctx, r.folder, fmt.Sprintf("size-%d", long), f)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, p.close()) }()
	name := fmt.Sprintf("bytes a row, %d%% of 17 digits: ", long)
	loaded, err := p.sizeRow(ctx, name+"loaded", goals.loaded)
	if err != nil {
		return nil, err
	}
	if err := p.churn(ctx, r.refreshes); err != nil {
		return nil, err
	}
	churned, err := p.sizeRow(ctx, fmt.Sprintf("%safter %d refreshes", name, r.refreshes), goals.churned)
	return []row{loaded, churned}, err
}

func (p *pair) sizeRow(ctx context.Context, name string, goal float64) (row, error) {
	own, peer, err := p.bytesPerRow(ctx)
	const larger = 4
	return row{
		name, fmt.Sprintf("%.2f", own), fmt.Sprintf("%.2f", peer), times(peer / own),
		atMost(own, goal, "") + "; " + atLeast(peer/own, larger, "x"),
	}, err
}

// churn refreshes random accounts, one each transaction.
func (p *pair) churn(ctx context.Context, refreshes int) error {
	random := rand.New(rand.NewPCG(1, 1))
	for range refreshes {
		account := random.IntN(p.fleet.accounts)
		whole, changed := p.restate(account)
		if err := p.ours.commit(ctx, p.ours.refresh(account, p.fleet.newest(), whole)); err != nil {
			return err
		}
		if err := p.peer.commit(ctx, sqliteRows{account, changed}); err != nil {
			return err
		}
	}
	return nil
}
