package main

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/billbot/billbot/fetcher"
	"github.com/billbot/billbot/fetcher/cloudflare/cloudflaretest"
)

// TestStaleAfterAClockThatWasAhead polls once with a clock a week ahead. That
// Cloudflare is silent is told all the same once the clock is right, once, and
// the week that the clock was ahead does not end it.
func TestStaleAfterAClockThatWasAhead(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, staleRules, twoMonths())
		eng := w.open(t)
		defer eng.store.Close()
		ahead := time.Now().UTC().AddDate(0, 0, 7)
		w.cloud.SetNow(time.Now()) // Cloudflare's own is right
		if err := eng.sweep(context.Background(), ahead); err != nil {
			t.Fatal(err)
		}
		fault := refusing()
		w.hours(t, eng, 10, &fault)
		h, err := eng.health(t.Context(), time.Now())
		if err != nil || h.OK {
			t.Errorf("health after ten hours without an answer: %+v, %v", h, err)
		}
		told := len(w.texts())
		w.hours(t, eng, 8*24, &fault)
		if got := w.texts(); told != 1 || len(got) != 1 {
			t.Errorf("%d alerts after ten hours, and %q after eight days; want one", told, got)
		}
	})
}

// refusing is a Cloudflare that refuses the token.
func refusing() cloudflaretest.Fault {
	return cloudflaretest.Fault{
		Status: 403, Body: `{"success":false,"errors":[{"code":10000,"message":"Authentication error"}],"messages":[],"result":null}`,
	}
}

// hours polls and delivers every hour while Cloudflare fails as f says; nil is
// a good answer. It returns how many polls failed.
func (w *world) hours(t *testing.T, eng *engine, n int, f *cloudflaretest.Fault) int {
	t.Helper()
	failed := 0
	w.cloud.ScriptFunc(func(int, *http.Request) *cloudflaretest.Fault { return f })
	defer w.cloud.ScriptFunc(nil)
	for range n {
		now := time.Now().UTC()
		w.cloud.SetNow(now)
		if err := eng.sweep(context.Background(), now); err != nil {
			failed++
		}
		if err := eng.deliver(context.Background(), now); err != nil {
			t.Errorf("%s: delivering: %v", now.Format(time.DateTime), err)
		}
		time.Sleep(time.Until(now.Add(time.Hour)))
	}
	return failed
}

// texts is the alerts in Slack, each with how often it was edited.
func (w *world) texts() []string {
	var texts []string
	for _, m := range w.slack.posted("billbot_alert") {
		first, _, _ := strings.Cut(m.Text, " (production)")
		texts = append(texts, first+strings.Repeat(" *", m.Edits))
	}
	return texts
}

func (w *world) wants(t *testing.T, when string, want ...string) {
	t.Helper()
	if diff := cmp.Diff(want, w.texts()); diff != "" {
		t.Errorf("%s: alerts, with a star for each edit (-want +got):\n%s", when, diff)
	}
}

const staleRules = `
accounts:
  - {name: production, id: 0123456789abcdef0123456789abcdef}
slack: {channel: "#cloud-spend"}
rules:
  - name: runaway
    spike: {at_least: {amount: 1000}}
`

// TestDarkAccount: a day without an answer is one message, edited when the
// reason changes and when data is back. One bad poll, or a few, are none.
func TestDarkAccount(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, staleRules, twoMonths())
		eng := w.open(t)
		defer func() { eng.store.Close() }()
		w.live(t, eng, 20) // to 21 January
		token, broken, empty := refusing(), cloudflaretest.HTML(), cloudflaretest.EmptyResult()
		if failed := w.hours(t, eng, 1, &token); failed != 1 {
			t.Errorf("%d polls failed, want 1", failed)
		}
		w.hours(t, eng, 2, nil)
		w.hours(t, eng, 5, &token)
		w.hours(t, eng, 1, nil)
		w.wants(t, "short troubles")

		w.hours(t, eng, 6, &token) // the last trusted poll was at 08:00
		const refused = "Unknown: no trusted data since Fri 21 Jan 08:00 UTC, Cloudflare refuses the token"
		w.wants(t, "six hours", refused)
		eng.store.Close()
		eng = w.open(t) // a restart says nothing
		w.hours(t, eng, 5, &token)
		w.wants(t, "eleven hours", refused)
		w.hours(t, eng, 3, &broken)
		w.wants(t, "another reason", "Unknown: no trusted data since Fri 21 Jan 08:00 UTC, Cloudflare answers with errors *")
		w.hours(t, eng, 3, &empty)
		w.wants(t, "and another", "Unknown: no trusted data since Fri 21 Jan 08:00 UTC, the answers contradict what was told * *")
		w.hours(t, eng, 5, nil)
		w.wants(t, "data again", "Data is back after 18 hours * * *")
		t.Attr("score", fmt.Sprintf("8 messages=%d", len(w.texts())))
	})
}

// TestSummaryOfADarkAccount: a summary says since when nothing is known.
func TestSummaryOfADarkAccount(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, loopRules, twoMonths())
		eng := w.open(t)
		defer eng.store.Close()
		w.live(t, eng, 20)
		token := refusing()
		w.hours(t, eng, 10, &token)
		summaries := w.slack.posted("billbot_summary")
		last := summaries[len(summaries)-1].Text
		if !strings.Contains(last, "Fri 21 Jan: production could not be read since ") {
			t.Errorf("a summary in the dark says %q", last)
		}
		t.Attr("score", fmt.Sprintf("8 said=%d", strings.Count(last, "could not be read since")))
	})
}

// TestWrongToken: a token that never worked fails each poll, and is told after
// six hours. The account's first message comes when it is first read.
func TestWrongToken(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, staleRules, twoMonths())
		eng := w.open(t)
		defer eng.store.Close()
		time.Sleep(15 * 24 * time.Hour)
		token := refusing()
		if failed := w.hours(t, eng, 6, &token); failed != 6 {
			t.Errorf("%d polls failed, want each", failed)
		}
		w.wants(t, "before the time")
		w.hours(t, eng, 20, &token)
		w.wants(t, "after it", "Unknown: never read so far, Cloudflare refuses the token")
		w.hours(t, eng, 20, nil)
		w.wants(t, "the right token", "Data is back after 26 hours *")
		if got := len(w.slack.posted("billbot_welcome")); got != 1 {
			t.Errorf("welcomes: got %d, want 1", got)
		}
	})
}

// TestQuietAccount: charges stop coming though Cloudflare answers, and come
// again.
func TestQuietAccount(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, staleRules, withGap(5))
		eng := w.open(t)
		defer eng.store.Close()
		w.live(t, eng, 23)
		w.wants(t, "three days without charges")
		w.live(t, eng, 1)
		w.wants(t, "72 hours", "Unknown: no charges after Thu 20 Jan, though Cloudflare answers")
		w.live(t, eng, 6)
		if got := w.texts(); len(got) != 1 || !strings.HasPrefix(got[0], "Data is back after 6 days *") {
			t.Errorf("charges again: %v", got)
		}
	})
}

// withGap is an account that costs a dollar a day, and has no rows for some
// days from 21 January on.
func withGap(days int) cloudflaretest.Recording {
	start := fetcher.NewDay(1999, time.December, 30)
	service := "Workers Standard Requests (first 10M are included)"
	gap := fetcher.NewDay(2000, time.January, 21)
	return cloudflaretest.Account{
		ID: testAccount, Name: "Production Ltd", Currency: "USD", Anchor: 12,
		Series: []cloudflaretest.Series{
			cloudflaretest.Steady(service, start, int(gap-start), dollars("1")),
			cloudflaretest.Steady(service, gap+fetcher.Day(days), 20, dollars("1")),
		},
	}.Recording()
}
