package main

import (
	"context"
	"errors"
	"path/filepath"

	"github.com/billbot/billbot/fetcher"
)

// pair is billbot and the peer with the same fleet in them.
type pair struct {
	fleet    fleet
	ours     *ours
	peer     *sqlite
	versions []int // by account: how often it was refreshed
}

func openPair(ctx context.Context, folder, name string, f fleet) (*pair, error) {
	o, err := openOurs(filepath.Join(folder, name+".db"), f)
	if err != nil {
		return nil, err
	}
	s, err := openSQLite(ctx, filepath.Join(folder, name+".sqlite"), f)
	if err != nil {
		return nil, errors.Join(err, o.store.Close())
	}
	p := &pair{f, o, s, make([]int, f.accounts)}
	if err := errors.Join(o.load(ctx), s.load(ctx)); err != nil {
		return nil, errors.Join(err, p.close())
	}
	return p, nil
}

func (p *pair) close() error { return errors.Join(p.ours.store.Close(), p.peer.close()) }

// restate makes an account's newest month as it is told the next time: whole,
// and the rows of the days that changed.
func (p *pair) restate(account int) (whole, changed []fetcher.Charge) {
	p.versions[account]++
	whole = p.fleet.charges(account, p.fleet.newest(), p.versions[account])
	return whole, whole[len(whole)-restatedDays*services:]
}

// bytesPerRow is what a row takes on disk, billbot's and the peer's.
func (p *pair) bytesPerRow(ctx context.Context) (own, peer float64, err error) {
	a, err := p.ours.size()
	if err != nil {
		return 0, 0, err
	}
	b, err := p.peer.size(ctx)
	rows := float64(p.fleet.rows())
	return float64(a) / rows, float64(b) / rows, err
}
