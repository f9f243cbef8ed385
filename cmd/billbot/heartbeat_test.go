package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/billbot/billbot/fetcher"
	"github.com/billbot/billbot/fetcher/cloudflare/cloudflaretest"
)

// setting adds to what the environment says.
func (w *world) setting(name, value string) {
	before := w.env.getenv
	w.env.getenv = func(asked string) string {
		if asked == name {
			return value
		}
		return before(asked)
	}
}

// TestHeartbeatFollowsTrust beats after polls that could be trusted, and after
// no other.
func TestHeartbeatFollowsTrust(t *testing.T) {
	var beats int
	w := newWorld(t, loopRules, twoMonths())
	w.setting("HEARTBEAT_URL", "https://beats.example/key-7731")
	w.env.transport.(inProcess)["beats.example"] = trip(func(*http.Request) (*http.Response, error) {
		beats++
		return &http.Response{StatusCode: http.StatusOK, Body: http.NoBody}, nil
	})
	eng := w.open(t)
	defer eng.store.Close()
	now := time.Date(2000, time.January, 20, 7, 0, 0, 0, time.UTC)
	for _, step := range []struct {
		fault *cloudflaretest.Fault
		beats int
	}{{nil, 1}, {&cloudflaretest.Fault{Status: 500}, 1}, {nil, 2}} {
		now = now.Add(time.Hour)
		w.cloud.SetNow(now)
		if step.fault != nil {
			w.cloud.Script(*step.fault, *step.fault, *step.fault, *step.fault)
		}
		err := eng.sweep(t.Context(), now)
		if (err != nil) != (step.fault != nil) || beats != step.beats {
			t.Errorf("%s: error %v, %d beats, want %d", now, err, beats, step.beats)
		}
	}
}

// TestHeartbeatFailsQuietly lets a switch be ill in several ways: that is
// logged once, without the address, and nothing follows a redirect.
func TestHeartbeatFailsQuietly(t *testing.T) {
	var asked, elsewhere atomic.Int32
	answers := []http.HandlerFunc{
		func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNotFound) },
		func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "/elsewhere", http.StatusTemporaryRedirect)
		},
		func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) },
		func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, strings.Repeat("OK", 1<<20)) },
		func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusInternalServerError) },
	}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasPrefix(r.URL.Path, "/elsewhere") {
			elsewhere.Add(1)
			return
		}
		answers[asked.Add(1)-1](w, r)
	}))
	defer server.Close()
	var log strings.Builder
	e := env{log: slog.New(slog.NewTextHandler(&log, nil)), getenv: func(name string) string {
		return map[string]string{"HEARTBEAT_URL": server.URL + "/key-7731", "OUTBOUND_ALLOW": "127.0.0.1, ::1"}[name]
	}}
	h, err := e.newHeartbeat()
	if err != nil {
		t.Fatal(err)
	}
	for range answers {
		h.beat(t.Context())
	}
	if asked.Load() != 5 || elsewhere.Load() != 0 {
		t.Errorf("asked %d times, elsewhere %d; want 5 and never", asked.Load(), elsewhere.Load())
	}
	got := log.String()
	if strings.Count(got, "heartbeat failed") != 2 || strings.Count(got, "heartbeat works again") != 1 || strings.Contains(got, "7731") {
		t.Errorf("log:\n%s", got)
	}
}

func TestHeartbeatAddress(t *testing.T) {
	for address, fine := range map[string]bool{
		"": true, "https://hc-ping.com/x": true, "http://10.1.2.3:8/x": true, "https://10.1.2.3/x": true,
		"http://hc-ping.com/canary": true, // refused when it is dialed, unless it leads to what is allowed
		"hc-ping.com/canary":        false, "ftp://canary/x": false, "https://ca nary": false, "http://127.0.0.1:8/canary": false,
		"https://169.254.169.254/canary": false, "https://u@hc-ping.com/canary": false,
	} {
		e := env{log: slog.New(slog.DiscardHandler), getenv: func(name string) string {
			return map[string]string{"HEARTBEAT_URL": address, "OUTBOUND_ALLOW": "10.0.0.0/8"}[name]
		}}
		_, err := e.newHeartbeat()
		if (err == nil) != fine || err != nil && strings.Contains(err.Error(), "nary") {
			t.Errorf("%q: error %v", address, err)
		}
	}
}

// TestHeartbeatReachesNothingPrivate lets a name lead to loopback: what the
// address looks like does not count, but where it leads.
func TestHeartbeatReachesNothingPrivate(t *testing.T) {
	var reached atomic.Int32
	server := httptest.NewTLSServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { reached.Add(1) }))
	defer server.Close()
	var log strings.Builder
	_, port, _ := net.SplitHostPort(server.Listener.Addr().String())
	e := env{log: slog.New(slog.NewTextHandler(&log, nil)), getenv: func(name string) string {
		return map[string]string{"HEARTBEAT_URL": "https://localhost:" + port + "/key-7731"}[name]
	}}
	h, err := e.newHeartbeat()
	if err != nil {
		t.Fatal(err)
	}
	h.beat(t.Context())
	if got := log.String(); !strings.Contains(got, "not an address of the public Internet") || strings.Contains(got, "7731") || reached.Load() > 0 {
		t.Errorf("reached %d times, log:\n%s", reached.Load(), got)
	}
}

// bursting is a source that panics for one account.
type bursting struct{ source }

func (bursting) Fetch(context.Context, fetcher.Account, fetcher.Day, fetcher.Day, time.Time) (fetcher.Answer, error) {
	panic("an answer that nobody thought of")
}

// TestPanicFailsOneAccount: the others go on, /healthz tells, and the next good
// poll ends it.
func TestPanicFailsOneAccount(t *testing.T) {
	other := twoMonths()
	other.AccountID = strings.Repeat("b", 32)
	w := newWorld(t, strings.Replace(loopRules, "slack:", "  - {name: other, id: "+other.AccountID+"}\nslack:", 1), twoMonths(), other)
	w.env.log = slog.New(slog.NewTextHandler(io.Discard, nil))
	eng := w.open(t)
	defer eng.store.Close()
	now := time.Date(2000, time.January, 20, 7, 0, 0, 0, time.UTC)
	w.cloud.SetNow(now)
	good := eng.sources["other"]
	eng.sources["other"] = bursting{good}
	err := eng.sweep(t.Context(), now)
	if err == nil || !strings.Contains(err.Error(), "other: billbot failed inside: an answer that nobody thought of") {
		t.Errorf("got error %v", err)
	}
	h, err := eng.health(t.Context(), now)
	if err != nil || h.OK || h.Panics["poll of other"] != 1 || !strings.Contains(strings.Join(h.Reasons, "\n"), "poll of other panicked") {
		t.Errorf("health after the panic: %+v, %v", h, err)
	}
	if view, err := eng.load(t.Context(), eng.rules.Accounts[0], now); err != nil || !view.Poll.LastTrusted.Equal(now) {
		t.Errorf("the other account was last trusted %s, %v", view.Poll.LastTrusted, err)
	}
	eng.sources["other"] = good
	if err := eng.sweep(t.Context(), now.Add(time.Hour)); err != nil {
		t.Error(err)
	}
	if h, err := eng.health(t.Context(), now.Add(time.Hour)); err != nil || !h.OK || h.Panics["poll of other"] != 1 {
		t.Errorf("health after a good poll: %+v, %v", h, err)
	}
}
