package main

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/billbot/billbot/fetcher"
	"github.com/billbot/billbot/fetcher/cloudflare/cloudflaretest"
)

// eightAccounts each run away on 2 February, for three days.
func eightAccounts() (rulesFile string, recordings []cloudflaretest.Recording) {
	start := fetcher.NewDay(1999, time.December, 30)
	rulesFile = "slack: {channel: \"#cloud-spend\"}\nrules: [{name: runaway, spike: {}}]\naccounts:\n"
	for i := range 8 {
		id := fmt.Sprintf("%032d", i+1)
		rulesFile += fmt.Sprintf("  - {name: client-%d, id: %q}\n", i+1, id)
		series := cloudflaretest.Steady("D1 - Rows Read", start, 60, dollars("0.1"))
		for d := range 3 {
			series = series.On(fetcher.NewDay(2000, time.February, 2+d), dollars(fmt.Sprint(5+i)))
		}
		recordings = append(recordings, cloudflaretest.Account{ID: id, Currency: "USD", Anchor: 12, Series: []cloudflaretest.Series{series}}.Recording())
	}
	return rulesFile, recordings
}

// TestDigestOfAccounts: what runs away in eight accounts at once is one message;
// each alert is known by it, can be acted on by its ID, and ends in it.
func TestDigestOfAccounts(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		rulesFile, recordings := eightAccounts()
		w := newWorld(t, rulesFile, recordings...)
		eng := w.open(t)
		w.mornings(t, eng, 35)
		eng.store.Close()
		eng = w.open(t)
		defer func() { eng.store.Close() }()
		got := w.slack.posted("billbot_alert")
		if len(got) != 1 || !strings.HasPrefix(got[0].Key, "digest-") || !strings.Contains(got[0].Text, "8 alerts at once") {
			t.Fatalf("alerts: got %q, want one digest of eight", w.texts())
		}
		alerts, err := eng.store.Alerts(t.Context())
		if err != nil || len(alerts) != 8 {
			t.Fatalf("%d alerts, error %v", len(alerts), err)
		}
		for _, a := range alerts {
			line, err := lineOf(t.Context(), eng.store, a.Alert)
			if err != nil || line.TS != got[0].TS || !strings.Contains(got[0].Blocks, a.Alert.ID) {
				t.Errorf("alert %s is at %q, error %v, want the digest's place %q", a.Alert.ID, line.TS, err, got[0].TS)
			}
		}
		if err := eng.Acknowledge(t.Context(), alerts[3].Alert.ID, "U0ADA", time.Now()); err != nil {
			t.Fatal(err)
		}
		if err := eng.deliver(t.Context(), time.Now()); err != nil {
			t.Fatal(err)
		}
		got = w.slack.posted("billbot_alert")
		replies := w.slack.posted("billbot_reply")
		told := replies[len(replies)-1]
		if told.Thread != got[0].TS || !strings.Contains(told.Blocks, alerts[3].Alert.ID) || !strings.Contains(got[0].Blocks, "acknowledged") {
			t.Errorf("acknowledged: got %+v in the thread, and %s", told, got[0].Blocks)
		}
		w.mornings(t, eng, 8)
		got = w.slack.posted("billbot_alert")
		if len(got) != 1 || !strings.Contains(got[0].Text, "8 alerts, all over") {
			t.Errorf("in the end: got %q, want the digest that says so", w.texts())
		}
	})
}

// mornings polls and delivers once a day for some days.
func (w *world) mornings(t *testing.T, eng *engine, days int) {
	t.Helper()
	for range days {
		w.cloud.SetNow(time.Now())
		if err := errors.Join(eng.sweep(t.Context(), time.Now()), eng.deliver(t.Context(), time.Now())); err != nil {
			t.Fatal(err)
		}
		time.Sleep(24 * time.Hour)
	}
}
