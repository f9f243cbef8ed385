package main

import (
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"time"
)

// dated is a way to Cloudflare whose answers were sent at another time.
type dated struct {
	http.RoundTripper
	ahead time.Duration
}

func (d *dated) RoundTrip(r *http.Request) (*http.Response, error) {
	response, err := d.RoundTripper.RoundTrip(r)
	if err == nil {
		response.Header.Set("Date", time.Now().Add(d.ahead).UTC().Format(http.TimeFormat))
	}
	return response, err
}

// A clock that is off is logged once, and is not health until it is right.
func TestAWrongClockIsTold(t *testing.T) {
	var log strings.Builder
	w := newWorld(t, loopRules, twoMonths())
	w.env.log = slog.New(slog.NewTextHandler(&log, nil))
	sides := w.env.transport.(inProcess)
	way := &dated{RoundTripper: sides["127.0.0.1:1"]}
	sides["127.0.0.1:1"] = way
	eng := w.open(t)
	defer eng.store.Close()
	now := time.Date(2000, time.January, 20, 7, 0, 0, 0, time.UTC)
	w.cloud.SetNow(now)
	for _, step := range []struct {
		ahead time.Duration
		want  string
	}{
		{4 * time.Minute, ""}, {2 * time.Hour, "2h0m0s behind"}, {2 * time.Hour, "2h0m0s behind"}, {-26 * time.Hour, "26h0m"}, {0, ""},
	} {
		way.ahead = step.ahead
		if err := eng.sweep(t.Context(), now); err != nil {
			t.Fatal(err)
		}
		h, err := eng.health(t.Context(), now)
		said := strings.Join(h.Reasons, "; ")
		if err != nil || h.OK != (step.want == "") || strings.Contains(said, "clock") != (step.want != "") {
			t.Errorf("%s: health says %q, %v; want %q", step.ahead, said, err, step.want)
		}
	}
	if n := strings.Count(log.String(), "level=WARN msg=\"this machine's clock is"); n != 1 {
		t.Errorf("%d warnings, want one:\n%s", n, log.String())
	}
}
