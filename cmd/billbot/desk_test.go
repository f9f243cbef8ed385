package main

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/billbot/billbot/fetcher"
)

// TestReportsAreReady: after a restart, at the first minute of a day, and after
// somebody acted on an alert, nobody who asks waits for a report.
func TestReportsAreReady(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, loopRules, twoMonths())
		w.cloud.SetNow(time.Now())
		eng := w.open(t)
		if err := eng.sweep(t.Context(), time.Now()); err != nil {
			t.Fatal(err)
		}
		if err := eng.store.Close(); err != nil {
			t.Fatal(err)
		}
		eng = w.open(t) // which asks nothing more, as Cloudflare does not answer
		defer eng.store.Close()
		eng.sources["production"] = failing{err: context.DeadlineExceeded}
		ctx, cancel := context.WithCancel(t.Context())
		schedule, err := eng.schedule(ctx, w.env)
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = schedule.Shutdown() }()
		defer cancel()
		for _, wait := range []time.Duration{time.Second, 24*time.Hour + time.Minute} {
			time.Sleep(wait)
			view, err := eng.store.State(t.Context(), ref(eng.rules.Accounts[0]))
			if err != nil {
				t.Fatal(err)
			}
			if ready, ok := eng.desk.Spends(testAccount, view.Generation, fetcher.DayOf(time.Now())); !ok || len(ready) != 1 {
				t.Errorf("after %s: %d reports are ready, want 1", wait, len(ready))
			}
		}
	})
}
