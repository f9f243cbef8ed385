package slack

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/billbot/billbot/fetcher/secret"
	"github.com/billbot/billbot/rules/report"
	"github.com/gorilla/websocket"
)

const (
	testAppToken = "xapp-1-canary-4410"
	testTicket   = "ticket-canary-9913"
)

// socketSlack is a Slack with Socket Mode in memory: real WebSockets over
// pipes, so that time is the bubble's. Connections greet, and answer pings.
type socketSlack struct {
	dials    chan net.Conn
	accepted chan *peer
	answers  chan string // bodies that were posted to response URLs

	mu    sync.Mutex
	opens []time.Time
	fault func(n int) http.HandlerFunc // of the n-th apps.connections.open; nil: none
}

// peer is Slack's end of a connection.
type peer struct {
	*websocket.Conn
	acks   chan string // what came, as it was
	mute   atomic.Bool // pings have no answer
	closed chan struct{}
}

func newSocketSlack() *socketSlack {
	return &socketSlack{dials: make(chan net.Conn), accepted: make(chan *peer, 100), answers: make(chan string, 100)}
}

func (s *socketSlack) dial(ctx context.Context, _, _ string) (net.Conn, error) {
	ours, theirs := net.Pipe()
	select {
	case s.dials <- theirs:
		return ours, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// The listener of the sockets' server.
func (s *socketSlack) Accept() (net.Conn, error) {
	conn, open := <-s.dials
	if !open {
		return nil, net.ErrClosed
	}
	return conn, nil
}
func (s *socketSlack) Close() error   { return nil }
func (s *socketSlack) Addr() net.Addr { return &net.UnixAddr{Name: "memory"} }

// RoundTrip serves Slack's API and the response URLs.
func (s *socketSlack) RoundTrip(r *http.Request) (*http.Response, error) {
	w := httptest.NewRecorder()
	if strings.HasPrefix(r.URL.Path, "/respond") {
		body, _ := io.ReadAll(r.Body)
		s.answers <- string(body)
		fmt.Fprint(w, "ok")
		return w.Result(), nil
	}
	s.mu.Lock()
	s.opens = append(s.opens, time.Now())
	n, fault := len(s.opens), s.fault
	s.mu.Unlock()
	answer := func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprintf(w, `{"ok":true,"url":"ws://127.0.0.1/link/?ticket=%s"}`, testTicket)
	}
	if fault != nil {
		if h := fault(n); h != nil {
			answer = h
		}
	}
	if r.Header.Get("Authorization") != "Bearer "+testAppToken {
		answer = refuse("not_authed")
	}
	answer(w, r)
	return w.Result(), nil
}

func (s *socketSlack) opened() []time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]time.Time(nil), s.opens...)
}

func (s *socketSlack) upgrade(w http.ResponseWriter, r *http.Request) {
	up := websocket.Upgrader{}
	conn, err := up.Upgrade(w, r, nil)
	if err != nil {
		return
	}
	p := &peer{Conn: conn, acks: make(chan string, 100), closed: make(chan struct{})}
	pong := conn.PingHandler()
	conn.SetPingHandler(func(data string) error {
		if p.mute.Load() {
			return nil
		}
		return pong(data)
	})
	_ = conn.WriteMessage(websocket.TextMessage, []byte(`{"type":"hello","num_connections":1,"connection_info":{"app_id":"A1"}}`))
	s.accepted <- p
	defer close(p.closed)
	for {
		_, data, err := conn.ReadMessage()
		if err != nil {
			conn.Close()
			return
		}
		p.acks <- string(data)
	}
}

// send writes a frame to billbot.
func (p *peer) send(t *testing.T, format string, args ...any) {
	t.Helper()
	if err := p.WriteMessage(websocket.TextMessage, fmt.Appendf(nil, format, args...)); err != nil {
		t.Fatal(err)
	}
}

// command sends a slash command.
func (p *peer) command(t *testing.T, id, text string) {
	t.Helper()
	payload, _ := json.Marshal(map[string]string{
		"command": "/spend", "text": text, "user_id": "U012AB3CD", "channel_id": "C0CLOUD",
		"trigger_id": "trigger-" + id, "response_url": "http://127.0.0.1/respond/" + id,
	})
	p.send(t, `{"envelope_id":%q,"type":"slash_commands","accepts_response_payload":true,"payload":%s}`, id, payload)
}

// acked wants an acknowledgement of an envelope, without a payload.
func (p *peer) acked(t *testing.T, id string) {
	t.Helper()
	select {
	case got := <-p.acks:
		if want := fmt.Sprintf(`{"envelope_id":%q}`, id); strings.TrimSpace(got) != want {
			t.Errorf("got the acknowledgement %s, want %s", got, want)
		}
	case <-time.After(3 * time.Second):
		t.Fatalf("envelope %s was not acknowledged within three seconds", id)
	}
}

// answer wants one answer, and returns it.
func (s *socketSlack) answer(t *testing.T) string {
	t.Helper()
	select {
	case got := <-s.answers:
		return got
	case <-time.After(time.Minute):
		t.Fatal("no answer")
		return ""
	}
}

// socketTest runs a socket against a Slack inside a bubble, which fails if
// anything of it is left behind.
func socketTest(t *testing.T, change func(*socketSlack, *CommandsConfig), do func(*testing.T, *socketSlack, *Socket)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		var log bytes.Buffer
		s := newSocketSlack()
		config := CommandsConfig{Gate: NewGate(secret.New(testSecret)), APIURL: "http://127.0.0.1/api", Transport: s, Log: slog.New(slog.NewTextHandler(&log, nil)),
			Answers: knowing(func(_ context.Context, q Query) (report.Answer, error) { return answerOf(t, q), nil })}
		if change != nil {
			change(s, &config)
		}
		commands, err := NewCommands(config)
		if err != nil {
			t.Fatal(err)
		}
		socket, err := NewSocket(SocketConfig{
			AppToken: secret.New(testAppToken), APIURL: config.APIURL, Transport: s, Commands: commands, Log: config.Log, Dial: s.dial,
		})
		if err != nil {
			t.Fatal(err)
		}
		server := &http.Server{Handler: http.HandlerFunc(s.upgrade)}
		served, ran := make(chan struct{}), make(chan struct{})
		go func() { defer close(served); _ = server.Serve(s) }()
		ctx, cancel := context.WithCancel(t.Context())
		go func() { defer close(ran); socket.Run(ctx) }()
		do(t, s, socket)
		cancel()
		<-ran
		commands.Shutdown(context.Background())
		close(s.dials)
		<-served
		if text := log.String(); strings.Contains(text, "canary") {
			t.Errorf("a secret in the log: %s", text)
		}
	})
}
