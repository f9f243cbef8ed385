package main

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/billbot/billbot/notifier/slack/slackfake"
)

// slashCommand is a request as Slack signs it.
func slashCommand(t *testing.T, s *slackfake.Server, text string) *http.Request {
	t.Helper()
	r, err := s.HTTP(t.Context(), "http://127.0.0.1", s.Command("U1", "#cloud-spend", "/spend", text))
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// sendSigned sends a body as Slack signs it, and returns the status and the
// answer.
func sendSigned(t testing.TB, address, contentType, body string) (int, string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, address, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.Header = slackfake.Sign(pressSecret, body, time.Now())
	r.Header.Set("Content-Type", contentType)
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	said, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, string(said)
}

// TestPublicHandler asks what --listen serves, of a billbot that has polled.
func TestPublicHandler(t *testing.T) {
	w := newWorld(t, loopRules, twoMonths())
	settings := w.env.getenv
	w.env.getenv = func(name string) string {
		if name == "SLACK_SIGNING_SECRET" {
			return slackfake.SigningSecret
		}
		return settings(name)
	}
	w.env.fixed = time.Date(2000, time.January, 20, 7, 0, 0, 0, time.UTC)
	w.cloud.SetNow(w.env.fixed)
	eng := w.open(t)
	defer eng.store.Close()
	front, err := w.env.newFront(eng)
	if err != nil {
		t.Fatal(err)
	}
	defer front.open(t.Context())(t.Context())
	handler := w.env.handler(eng, front)
	ask := func(r *http.Request) (int, string) {
		answer := httptest.NewRecorder()
		handler.ServeHTTP(answer, r)
		body, _ := io.ReadAll(answer.Body)
		return answer.Code, string(body)
	}
	get := func(path string) *http.Request { return httptest.NewRequest(http.MethodGet, path, nil) }

	if code, body := ask(get("/healthz")); code != http.StatusServiceUnavailable || !strings.Contains(body, "production: no trusted answer") {
		t.Errorf("/healthz before a poll: %d %s", code, body)
	}
	if err := eng.sweep(t.Context(), w.env.fixed); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		request *http.Request
		code    int
		holds   string
	}{
		{get("/livez"), http.StatusOK, "ok"},
		{get("/readyz"), http.StatusOK, "ok"},
		{get("/healthz"), http.StatusOK, `"through":"2000-01-19"`},
		{get("/"), http.StatusNotFound, ""},
		{get("/slack/commands"), http.StatusMethodNotAllowed, ""},
		{slashCommand(t, w.slack.Server, ""), http.StatusOK, "production"},
		{slashCommand(t, w.slack.Server, "halp"), http.StatusOK, "help"},
		{slashCommand(t, w.slack.Server, "by zone"), http.StatusOK, "This billing period: "},
		{httptest.NewRequest(http.MethodPost, "/slack/commands", strings.NewReader("text=")), http.StatusUnauthorized, ""},
		{httptest.NewRequest(http.MethodPost, "/slack/interactions", strings.NewReader("payload={}")), http.StatusUnauthorized, ""},
		{get("/slack/interactions"), http.StatusMethodNotAllowed, ""},
	} {
		code, body := ask(tt.request)
		if code != tt.code || !strings.Contains(body, tt.holds) {
			t.Errorf("%s %s: got %d %.300s, want %d with %q", tt.request.Method, tt.request.URL, code, body, tt.code, tt.holds)
		}
	}
}

// TestDeadSocketIsNotHealthy: commands that cannot arrive are told where health
// is asked.
func TestDeadSocketIsNotHealthy(t *testing.T) {
	w := newWorld(t, loopRules, twoMonths())
	settings := w.env.getenv
	w.env.getenv = func(name string) string {
		if name == "SLACK_APP_TOKEN" {
			return "xapp-1-revoked"
		}
		return settings(name)
	}
	eng := w.open(t)
	defer eng.store.Close()
	front, err := w.env.newFront(eng)
	if err != nil {
		t.Fatal(err)
	}
	shut := front.open(t.Context())
	defer shut(t.Context())
	for deadline := time.Now().Add(10 * time.Second); front.trouble() == "" && time.Now().Before(deadline); {
		<-time.After(10 * time.Millisecond)
	}
	answer := httptest.NewRecorder()
	w.env.handler(eng, front).ServeHTTP(answer, httptest.NewRequest(http.MethodGet, "/healthz", nil))
	if body := answer.Body.String(); answer.Code != http.StatusServiceUnavailable || !strings.Contains(body, "no connection to Slack for /spend since") {
		t.Errorf("/healthz: %d %s", answer.Code, body)
	}
	if code := func() int {
		answer := httptest.NewRecorder()
		w.env.handler(eng, front).ServeHTTP(answer, slashCommand(t, w.slack.Server, ""))
		return answer.Code
	}(); code != http.StatusNotFound {
		t.Errorf("a command over HTTP without a signing secret: got %d, want 404", code)
	}
}
