package main

import (
	"context"
	"errors"
	"fmt"
)

const openings = 30

// opening times how long it takes until a fleet can be read. It opens and
// closes the pair, which is closed already.
func (r run) opening(ctx context.Context, p *pair) ([]row, error) {
	var own, peer durations
	for range openings {
		var o *ours
		var s *sqlite
		err := own.time(func() (err error) { o, err = openOurs(p.ours.path, p.fleet); return err })
		if err != nil {
			return nil, err
		}
		err = peer.time(func() (err error) { s, err = openSQLite(ctx, p.peer.path, p.fleet); return err })
		if err != nil {
			return nil, errors.Join(err, o.store.Close())
		}
		if err := errors.Join(o.store.Close(), s.close()); err != nil {
			return nil, err
		}
	}
	name := fmt.Sprintf("open, p50, %d rows", p.fleet.rows())
	return []row{{name, micros(own.median()), micros(peer.median()), times(peer.over(own)), atMost(own.median().Seconds()*1e3, 5, " ms")}}, nil
}
