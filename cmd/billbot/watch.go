package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/billbot/billbot/store"
)

// watchTick is how often the daemon looks whether its database is still there.
// Nothing is written to one that is not, however long the next look takes.
const watchTick = 5 * time.Second

// watchFile returns once the database was taken away or broke underneath, and
// otherwise when ctx ends. Going on would tell nobody anything.
// What of it is broken already is logged: the rest is right and is used.
func (eng *engine) watchFile(ctx context.Context, db string) error {
	found, err := eng.store.Check(ctx)
	if err := errors.Join(append(found.Problems, err)...); err != nil && ctx.Err() == nil {
		eng.log.Error("the database is broken in part. "+partlyBroken, "err", err)
	}
	tick := time.NewTicker(watchTick)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
			if err := eng.store.Intact(); errors.Is(err, store.ErrLost) || errors.Is(err, store.ErrDamaged) {
				return stopped(db, err)
			}
		}
	}
}

// stopped says why billbot stops, and what to do.
func stopped(db string, err error) error {
	if errors.Is(err, store.ErrLost) {
		return fmt.Errorf("stopping, and nothing more is written: %w. Put %s back, or start billbot again to go on with the file that is there now", err, db)
	}
	return fmt.Errorf("stopping, and nothing more is written: %s: %w. %s", db, err, wayBack)
}
