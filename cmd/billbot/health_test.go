package main

import (
	"context"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/billbot/billbot/cmd/billbot/metrics"
	"github.com/billbot/billbot/fetcher"
	"github.com/billbot/billbot/fetcher/cloudflare/cloudflaretest"
	"github.com/billbot/billbot/notifier/slack/slackfake"
)

// TestHealthReasons: each thing that goes wrong is a reason of its own, and
// nothing else is.
func TestHealthReasons(t *testing.T) {
	start := fetcher.NewDay(1999, time.December, 30)
	halfMonth := cloudflaretest.Account{
		ID: testAccount, Name: "Production Ltd", Currency: "USD", Anchor: 12,
		Series: []cloudflaretest.Series{cloudflaretest.Steady("Workers Standard Requests (first 10M are included)", start, 16, dollars("1"))},
	}
	for _, tt := range []struct {
		name   string
		wrong  func(*world) // after two good days
		cloud  *cloudflaretest.Fault
		hours  int
		reason string // "" is health
	}{
		{"nothing", func(*world) {}, nil, 48, ""},
		{"a poll that failed", func(*world) {}, new(refusing()), 2, ""},
		{"no trusted answer", func(*world) {}, new(refusing()), 7, "production: no trusted answer for too long"},
		{"answers without a new day", func(*world) {}, nil, 17 * 24, "production: no new charge day since 2000-01-14"},
		{"a message that waits", func(w *world) {
			w.slack.ScriptFunc(always(slackfake.ServerError(500)))
		}, nil, 24, "a message to #cloud-spend waits: "},
		{"a message that was refused", func(w *world) {
			w.slack.ScriptFunc(always(slackfake.Refused("no_text")))
		}, nil, 24, "a message to #cloud-spend was given up: "},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := newWorld(t, loopRules, halfMonth.Recording())
				eng := w.open(t)
				defer eng.store.Close()
				w.live(t, eng, 2)
				tt.wrong(w)
				w.hours(t, eng, tt.hours, tt.cloud)
				h, err := eng.health(context.Background(), time.Now())
				if err != nil {
					t.Fatal(err)
				}
				others := slices.DeleteFunc(slices.Clone(h.Reasons), func(r string) bool { return tt.reason != "" && strings.HasPrefix(r, tt.reason) })
				if h.OK != (tt.reason == "") || len(others) > 0 || len(h.Reasons) == 0 && tt.reason != "" {
					t.Errorf("got %v %q, want %q alone", h.OK, h.Reasons, tt.reason)
				}
			})
		})
	}
}

// TestProbes: a schedule that stands still is not alive, a database that is gone
// is not ready.
func TestProbes(t *testing.T) {
	w := newWorld(t, loopRules, twoMonths())
	eng := w.open(t)
	defer eng.store.Close()
	handler := w.env.handler(eng, front{})
	wants := func(path string, code int, says string) {
		t.Helper()
		answer := httptest.NewRecorder()
		handler.ServeHTTP(answer, httptest.NewRequest(http.MethodGet, path, nil))
		if got := strings.TrimSpace(answer.Body.String()); answer.Code != code || got != says {
			t.Errorf("%s: %d %q, want %d %q", path, answer.Code, got, code, says)
		}
	}
	eng.turned.Store(time.Now().Unix())
	wants("/livez", http.StatusOK, "ok")
	eng.turned.Store(time.Now().Add(-turnsWithin - time.Minute).Unix())
	wants("/livez", http.StatusServiceUnavailable, "the schedule does not turn")
	wants("/readyz", http.StatusOK, "ok")
	if err := os.Remove(w.env.dbFile); err != nil {
		t.Fatal(err)
	}
	wants("/readyz", http.StatusServiceUnavailable, "the store cannot be written")
}

// scraped is the value of a series, "" where there is none.
func scraped(t *testing.T, e env, eng *engine, series string) string {
	t.Helper()
	answer := httptest.NewRecorder()
	e.handler(eng, front{}).ServeHTTP(answer, httptest.NewRequest(http.MethodGet, "/metrics", nil))
	_, rest, _ := strings.Cut(answer.Body.String(), "\n"+series+" ")
	value, _, _ := strings.Cut(rest, "\n")
	return value
}

// TestMetricsAfterARestart: what accounts cost is told again after the first
// poll, be it one that changed nothing or one that failed. /spend is not told it
// in the place of what it asks for.
func TestMetricsAfterARestart(t *testing.T) {
	const spend = `billbot_period_spend{account="production",currency="USD",service="Workers Standard Requests"}`
	const limit = `billbot_budget_limit{account="production",currency="USD",period="billing_period",rule="whole-account",service="",zone=""}`
	for _, fault := range []*cloudflaretest.Fault{nil, new(refusing())} {
		w := newWorld(t, loopRules, twoMonths())
		w.env.fixed = time.Date(2000, time.January, 20, 7, 0, 0, 0, time.UTC)
		w.cloud.SetNow(w.env.fixed)
		eng := w.open(t)
		if got := scraped(t, w.env, eng, spend); got != "" {
			t.Errorf("before the first poll: %s", got)
		}
		if err := eng.sweep(t.Context(), w.env.fixed); err != nil {
			t.Fatal(err)
		}
		first := scraped(t, w.env, eng, spend)
		eng.store.Close()
		eng = w.open(t)
		defer eng.store.Close()
		w.cloud.ScriptFunc(func(int, *http.Request) *cloudflaretest.Fault { return fault })
		if err := eng.sweep(t.Context(), w.env.fixed); (err != nil) != (fault != nil) {
			t.Fatal(err)
		}
		if got := scraped(t, w.env, eng, spend); got != "8" || got != first {
			t.Errorf("after a restart: %q, before %q, want 8", got, first)
		}
		if got := scraped(t, w.env, eng, limit); got != "100" {
			t.Errorf("a budget of %q, want 100", got)
		}
		view, err := eng.store.State(t.Context(), fetcher.Account{ID: testAccount})
		if err != nil {
			t.Fatal(err)
		}
		if _, ready := eng.desk.Spends(testAccount, view.Generation+1, fetcher.DayOf(w.env.fixed)); ready {
			t.Error("figures of a generation to come are on the desk")
		}
	}
}

// TestScrapeWaitsForNobody scrapes while a sweep hangs at Cloudflare.
func TestScrapeWaitsForNobody(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, loopRules, twoMonths())
		eng := w.open(t)
		defer eng.store.Close()
		answered := make(chan struct{})
		w.cloud.ScriptFunc(func(int, *http.Request) *cloudflaretest.Fault { <-answered; return nil })
		go eng.sweep(context.Background(), time.Now())
		synctest.Wait()
		began := time.Now()
		if got := scraped(t, w.env, eng, `billbot_polls_total{account="production",result="trusted"}`); got != "0" || time.Since(began) > 0 {
			t.Errorf("got %q after %s", got, time.Since(began))
		}
		close(answered)
		synctest.Wait()
	})
}

// TestMetricsOfDamage: polls that come to nothing, as the database cannot be
// written, are counted.
func TestMetricsOfDamage(t *testing.T) {
	w := newWorld(t, loopRules, twoMonths())
	now := time.Date(2000, time.January, 20, 7, 0, 0, 0, time.UTC)
	w.cloud.SetNow(now)
	eng := w.open(t)
	defer eng.store.Close()
	if err := os.Remove(w.env.dbFile); err != nil {
		t.Fatal(err)
	}
	if err := eng.sweep(t.Context(), now); err == nil {
		t.Fatal("a sweep without a database")
	}
	for _, series := range []string{`billbot_polls_total{account="production",result="lost"}`, `billbot_errors_total{kind="database"}`} {
		if got := scraped(t, w.env, eng, series); got != "1" {
			t.Errorf("%s %q, want 1", series, got)
		}
	}
	if s := eng.state(t.Context(), w.env); s.Bytes != 0 || s.Connected != nil || s.Accounts[0] != (metrics.Account{Name: "production"}) {
		t.Errorf("got %+v", s)
	}
}
