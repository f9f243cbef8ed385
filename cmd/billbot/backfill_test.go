package main

import (
	"context"
	"errors"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/billbot/billbot/fetcher"
	"github.com/billbot/billbot/fetcher/cloudflare"
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

// TestBackfillOfSeveralAnchors fills up what two subscriptions cost whose periods
// begin on other days, of which one ended, and what one cost before a pause. Days
// that Cloudflare refuses end it.
func TestBackfillOfSeveralAnchors(t *testing.T) {
	day := func(month time.Month, d int) fetcher.Day { return fetcher.NewDay(2000, month, d) }
	steady := func(service, subscription string, from fetcher.Day, days int) cloudflaretest.Series {
		s := cloudflaretest.Steady(service, from, days, dollars("1"))
		s.Subscription = subscription
		return s
	}
	for _, tt := range []struct {
		name   string
		series []cloudflaretest.Series
	}{
		{"two anchors", []cloudflaretest.Series{steady("D1", "", day(time.May, 1), 160), steady("Argo", "argo", day(time.May, 20), 141)}},
		{"one that ended", []cloudflaretest.Series{steady("D1", "", day(time.May, 1), 160), steady("Argo", "argo", day(time.May, 20), 80)}},
		{"a pause", []cloudflaretest.Series{steady("D1", "", day(time.January, 3), 68), steady("D1", "", day(time.September, 1), 37)}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			w := newWorld(t, loopRules, cloudflaretest.Account{
				ID: testAccount, Name: "Production Ltd", Currency: "USD", Anchor: 1,
				Subscriptions: []cloudflaretest.Subscription{{ID: "argo", Anchor: 15}}, Series: tt.series,
			}.Recording())
			now := time.Date(2000, time.October, 8, 7, 0, 0, 0, time.UTC)
			w.cloud.SetNow(now)
			eng := w.open(t)
			defer eng.store.Close()
			eng.sources["production"] = &keepsSince{eng.sources["production"], day(time.January, 1)}
			if err := errors.Join(eng.sweep(t.Context(), now), eng.backfill(t.Context(), now, io.Discard)); err != nil {
				t.Fatal(err)
			}
			days := 0
			for _, s := range tt.series {
				days += len(s.Daily)
			}
			if rows, err := eng.store.Charges(t.Context(), testAccount, 0, fetcher.DayOf(now)); err != nil || len(rows) != days {
				t.Errorf("got %d rows and error %v, want all %d", len(rows), err, days)
			}
		})
	}
}

// keepsSince is a source that refuses days before one.
type keepsSince struct {
	source
	oldest fetcher.Day
}

func (k *keepsSince) Fetch(ctx context.Context, account fetcher.Account, from, to fetcher.Day, now time.Time) (fetcher.Answer, error) {
	if !from.IsZero() && from < k.oldest {
		return fetcher.Answer{}, &cloudflare.Error{Status: 400, Codes: []cloudflare.Code{{Code: 1183, Message: "Invalid request parameters"}}}
	}
	return k.source.Fetch(ctx, account, from, to, now)
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
