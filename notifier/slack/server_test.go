package slack

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"sync"
	"testing"
	"time"

	"github.com/billbot/billbot/fetcher/secret"
)

const testToken = "xoxb-canary-7731"

// server is a small Slack: it keeps what it was asked and answers from a
// script, then with ok.
type server struct {
	*httptest.Server

	mu     sync.Mutex
	asked  []request
	script []http.HandlerFunc
}

type request struct {
	method string // chat.postMessage
	auth   string
	form   url.Values
}

func newServer(t *testing.T, script ...http.HandlerFunc) *server {
	s := &server{script: script}
	s.Server = httptest.NewServer(http.HandlerFunc(s.serve))
	t.Cleanup(s.Close)
	return s
}

func (s *server) serve(w http.ResponseWriter, r *http.Request) {
	if err := r.ParseForm(); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	s.mu.Lock()
	s.asked = append(s.asked, request{r.URL.Path[len("/api/"):], r.Header.Get("Authorization"), r.PostForm})
	answer := accept
	if len(s.script) > 0 {
		answer, s.script = s.script[0], s.script[1:]
	}
	s.mu.Unlock()
	answer(w, r)
}

func (s *server) requests() []request {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.asked
}

func accept(w http.ResponseWriter, r *http.Request) {
	ts := r.PostForm.Get("ts")
	if ts == "" {
		ts = "1775200000.000100"
	}
	_ = json.NewEncoder(w).Encode(map[string]any{"ok": true, "channel": "C0CLOUD", "ts": ts})
}

func refuse(code string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		_ = json.NewEncoder(w).Encode(map[string]any{"ok": false, "error": code})
	}
}

func status(code int, retryAfter string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		if retryAfter != "" {
			w.Header().Set("Retry-After", retryAfter)
		}
		w.WriteHeader(code)
	}
}

func body(text string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, text) }
}

// hangUp takes the request and closes the connection without an answer.
func hangUp(w http.ResponseWriter, _ *http.Request) {
	conn, _, err := w.(http.Hijacker).Hijack()
	if err == nil {
		_ = conn.Close()
	}
}

func stall(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }

func (s *server) client(t *testing.T) *Client {
	t.Helper()
	c, err := New(Config{Token: secret.New(testToken), APIURL: s.URL + "/api", Timeout: 200 * time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	return c
}
