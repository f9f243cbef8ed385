package main

import (
	"context"
	"time"
)

// layOut works out what accounts cost and is not ready to be told: of all when
// billbot starts and when a day begins, later of those that something but a poll
// wrote to. Who asks need not wait for that then. What cannot be read stays out:
// polls say so.
func (eng *engine) layOut(ctx context.Context, now time.Time) error {
	accounts, err := chosen(ctx, eng.store, "")
	for _, account := range accounts {
		if ctx.Err() != nil {
			return nil
		}
		_, _, _ = spendsOf(ctx, eng.store, &eng.desk, account, now)
	}
	return err
}
