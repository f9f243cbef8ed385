package main

import (
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/billbot/billbot/fetcher"
	"github.com/billbot/billbot/fetcher/cloudflare/cloudflaretest"
	"github.com/billbot/billbot/notifier"
)

const stormRules = `
accounts:
  - {name: production, id: 0123456789abcdef0123456789abcdef}
slack: {channel: "#cloud-spend"}
rules:
  - name: whole
    budget: {amount: 60}
  - name: runaway
    spike: {}
`

// fiveAtOnce is an account of six services, five of which run away on 2
// February for three days.
func fiveAtOnce() cloudflaretest.Recording {
	start := fetcher.NewDay(1999, time.December, 30)
	series := []cloudflaretest.Series{cloudflaretest.Steady("Workers Standard Requests", start, 60, dollars("1"))}
	for i := range 5 {
		s := cloudflaretest.Steady(fmt.Sprintf("Service %d", i+1), start, 60, dollars("0.1"))
		for d := range 3 {
			s = s.On(fetcher.NewDay(2000, time.February, 2+d), dollars(fmt.Sprint(5+i)))
		}
		series = append(series, s)
	}
	return cloudflaretest.Account{ID: testAccount, Currency: "USD", Anchor: 12, Series: series}.Recording()
}

// TestStormIsOneMessage: five services that run away together are one message
// and a reply in its thread; the budget of the account stands by itself and
// names services. A restart changes nothing, and the end is told by an edit.
func TestStormIsOneMessage(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, stormRules, fiveAtOnce())
		eng := w.open(t)
		w.live(t, eng, 34) // to 3 February, when the first day is known
		eng.store.Close()
		eng = w.open(t)
		defer func() { eng.store.Close() }()
		w.live(t, eng, 1)
		got := w.slack.posted("billbot_alert")
		if len(got) != 2 {
			t.Fatalf("messages: got %q, want the storm and the budget", w.texts())
		}
		for _, m := range got {
			text := "Storm: 5 services at $35.00 on Wed 2 Feb, usually $0.50 (production). " +
				"Dearest: Service 5 at $9.00, Service 4 at $8.00 and Service 3 at $7.00."
			if charts := strings.Count(m.Blocks, `"data_visualization"`); charts != 1 {
				t.Errorf("%s has %d charts, want one", m.Key, charts)
			}
			if isStorm := strings.HasPrefix(m.Key, "storm-"); isStorm && m.Edits == 0 && m.Text != text {
				t.Errorf("the storm: got %q, want %q", m.Text, text)
			} else if !isStorm && !strings.Contains(m.Text, "Service 5") {
				t.Errorf("the budget names no service: %q", m.Text)
			}
		}
		replies := w.slack.posted("billbot_reply")
		if len(replies) == 0 || replies[0].Thread == "" || replies[0].Broadcast || !strings.Contains(replies[0].Blocks, "Service 1") {
			t.Errorf("replies: got %+v, want the rest in the thread alone", replies)
		}
		alerts, err := eng.store.Alerts(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		lines, shared := 0, ""
		for _, a := range alerts {
			line, err := lineOf(t.Context(), eng.store, a.Alert)
			if err != nil {
				t.Fatal(err)
			}
			if a.Alert.Message != "" {
				lines, shared = lines+1, line.TS
			}
		}
		if lines != 5 || shared == "" {
			t.Errorf("alerts that share a message: got %d at %q, want 5 with its place", lines, shared)
		}

		w.live(t, eng, 8)
		over := 0
		for _, m := range w.slack.posted("billbot_alert") {
			if strings.HasPrefix(m.Text, "Storm over: 5 services") {
				over++
			}
		}
		if over != 1 || len(w.slack.posted("billbot_alert")) != 2 {
			t.Errorf("in the end: %q", w.texts())
		}
	})
}

// TestStormIsActedOnAsAWhole: its buttons act on all its alerts, the command
// line on the one that is named.
func TestStormIsActedOnAsAWhole(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, stormRules, fiveAtOnce())
		eng := w.open(t)
		defer func() { eng.store.Close() }()
		w.live(t, eng, 35)
		key := ""
		for _, k := range w.slack.keys() {
			if strings.HasPrefix(k, notifier.StormPrefix) {
				key = k
			}
		}
		one := strings.TrimPrefix(key, notifier.StormPrefix)
		if err := eng.Acknowledge(t.Context(), one, "ada", time.Now()); err != nil {
			t.Fatal(err)
		}
		if err := eng.Acknowledge(t.Context(), key, "U0BOB", time.Now()); err != nil {
			t.Fatal(err)
		}
		shown, err := eng.Shown(t.Context(), key)
		if err != nil || len(shown.Alerts) != 5 || shown.Receipt == nil {
			t.Fatalf("the storm: %+v, error %v", shown, err)
		}
		by := map[string]int{}
		for _, a := range shown.Alerts {
			by[a.AcknowledgedBy]++
		}
		if by["ada"] != 1 || by["U0BOB"] != 4 {
			t.Errorf("acknowledged by %v, want one by ada and the others by U0BOB", by)
		}
		if err := eng.deliver(t.Context(), time.Now()); err != nil {
			t.Fatal(err)
		}
		told := 0
		for _, m := range w.slack.posted("billbot_reply") {
			if strings.HasPrefix(m.Text, "Acknowledged by") && !m.Broadcast {
				told++
			}
		}
		if told != 2 {
			t.Errorf("told %d times in the thread, want once for each person", told)
		}
	})
}
