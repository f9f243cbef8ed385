package main

import (
	"context"
	"errors"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/billbot/billbot/fetcher"
	"github.com/billbot/billbot/fetcher/cloudflare/cloudflaretest"
)

// halfAYear is an account that costs a dollar a day from 3 January on.
func halfAYear() cloudflaretest.Recording {
	return cloudflaretest.Account{
		ID: testAccount, Name: "Production Ltd", Currency: "USD", Anchor: 12,
		Series: []cloudflaretest.Series{cloudflaretest.Steady("KV Read", fetcher.NewDay(2000, time.January, 3), 180, dollars("1"))},
	}.Recording()
}

// TestBackfill fills up what was before the first poll, is stopped in the
// middle, goes on, and asks no more once it has all.
func TestBackfill(t *testing.T) {
	w := newWorld(t, loopRules, halfAYear())
	now := time.Date(2000, time.June, 20, 7, 0, 0, 0, time.UTC)
	w.cloud.SetNow(now)
	eng := w.open(t)
	defer eng.store.Close()
	if err := eng.sweep(t.Context(), now); err != nil {
		t.Fatal(err)
	}
	before := len(w.slack.posted(""))
	src := eng.sources["production"]
	eng.sources["production"] = &faltering{source: src, good: 2}
	if err := eng.backfill(t.Context(), now, io.Discard); err == nil || !strings.Contains(err.Error(), "history of production: falters") {
		t.Errorf("got error %v, want that it faltered", err)
	}
	eng.sources["production"] = src
	var progress strings.Builder
	if err := eng.backfill(t.Context(), now, &progress); err != nil {
		t.Fatal(err)
	}
	days, err := eng.store.Charges(t.Context(), testAccount, fetcher.NewDay(1999, time.January, 1), fetcher.DayOf(now))
	if err != nil || len(days) != 169 {
		t.Errorf("days known: got %d and error %v, want all 169 from 3 January to 19 June", len(days), err)
	}
	if !strings.Contains(progress.String(), "back to 2000-01-12") {
		t.Errorf("progress: %q", progress.String())
	}
	asked := len(w.cloud.Requests())
	if err := eng.backfill(t.Context(), now, io.Discard); err != nil || len(w.cloud.Requests()) != asked {
		t.Errorf("with all known: error %v and %d more requests", err, len(w.cloud.Requests())-asked)
	}
	if err := errors.Join(eng.sweep(t.Context(), now.Add(time.Hour)), eng.deliver(t.Context(), now.Add(time.Hour))); err != nil {
		t.Fatal(err)
	}
	for _, m := range w.slack.posted("")[before:] {
		if m.EventType == "billbot_alert" {
			t.Errorf("history made an alert: %s", m.Text)
		}
	}
}

// TestBackfillAsksForWhatIsKept asks for no billing period that ended before
// the days that are kept, and what it asked for is not pruned.
func TestBackfillAsksForWhatIsKept(t *testing.T) {
	w := newWorld(t, loopRules, halfAYear())
	now := time.Date(2000, time.June, 20, 7, 0, 0, 0, time.UTC)
	w.cloud.SetNow(now)
	eng := w.open(t)
	defer eng.store.Close()
	eng.rules.Retention.Charges = 60 // from 21 April
	if err := errors.Join(eng.sweep(t.Context(), now), eng.backfill(t.Context(), now, io.Discard)); err != nil {
		t.Fatal(err)
	}
	asked := len(w.cloud.Requests())
	if err := errors.Join(eng.prune(t.Context(), now), eng.backfill(t.Context(), now, io.Discard)); err != nil {
		t.Fatal(err)
	}
	days, err := eng.store.Charges(t.Context(), testAccount, 0, fetcher.DayOf(now))
	if err != nil || len(days) == 0 || days[0].BillingPeriodStart != fetcher.NewDay(2000, time.April, 12) {
		t.Errorf("got %d days and error %v, want those from 12 April on", len(days), err)
	}
	if more := len(w.cloud.Requests()) - asked; more != 0 {
		t.Errorf("%d more requests for what is known", more)
	}
}

// faltering is a source that fails after some good answers.
type faltering struct {
	source
	good int
}

func (f *faltering) Fetch(ctx context.Context, account fetcher.Account, from, to fetcher.Day, now time.Time) (fetcher.Answer, error) {
	if f.good--; f.good < 0 {
		return fetcher.Answer{}, errors.New("falters")
	}
	return f.source.Fetch(ctx, account, from, to, now)
}
