package main

import (
	"context"
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// TestScheduleGoesOnAfterAPanic runs the schedule for an hour. The way to
// Slack panics at first.
func TestScheduleGoesOnAfterAPanic(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, strings.Replace(loopRules, "slack:", "poll: 10m\nslack:", 1), twoMonths())
		slack, calls := w.slack.Transport(), 0
		w.env.transport.(inProcess)["127.0.0.1:2"] = trip(func(r *http.Request) (*http.Response, error) {
			if !strings.Contains(r.URL.Path, "/chat.") {
				return slack.RoundTrip(r)
			}
			if calls++; calls <= 3 {
				panic("a bug")
			}
			return slack.RoundTrip(r)
		})
		var log strings.Builder
		w.env.log = slog.New(slog.NewTextHandler(&log, nil))
		w.cloud.SetNow(time.Now())
		eng := w.open(t)
		defer eng.store.Close()
		ctx, cancel := context.WithCancel(t.Context())
		schedule, err := eng.schedule(ctx, w.env)
		if err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Hour + time.Second)
		h, err := eng.health(t.Context(), time.Now())
		if err != nil || h.Panics["deliver"] != 3 || strings.Contains(strings.Join(h.Reasons, " "), "panicked") {
			t.Errorf("health: %+v, %v; want three panics of deliver that are over", h, err)
		}
		cancel()
		if err := schedule.Shutdown(); err != nil {
			t.Error(err)
		}
		if got := len(w.slack.posted("billbot_welcome")); got != 1 {
			t.Errorf("welcomes: got %d, want 1", got)
		}
		if polls := strings.Count(log.String(), "msg=polled"); polls != 7 {
			t.Errorf("%d polls in an hour, want one every ten minutes", polls)
		}
		if got := strings.Count(log.String(), "job panicked"); got != 3 {
			t.Errorf("%d panics logged, want 3\n%s", got, log.String())
		}
	})
}

// trip is a way to the other side that a test makes.
type trip func(*http.Request) (*http.Response, error)

func (f trip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }
