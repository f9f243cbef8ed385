package slackfake_test

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gorilla/websocket"
	"github.com/slack-go/slack"

	"github.com/billbot/billbot/notifier/slack/slackfake"
)

// dial connects an app to a Slack in memory, and reads its greeting.
func dial(t *testing.T, s *slackfake.Server) (*websocket.Conn, string) {
	t.Helper()
	api := slack.New("", slack.OptionAppLevelToken(slackfake.AppToken), slack.OptionHTTPClient(&http.Client{Transport: s.Transport()}))
	_, address, err := api.StartSocketModeContext(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	conn, _, err := (&websocket.Dialer{NetDialContext: s.Dial}).DialContext(t.Context(), address, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	return conn, next(t, conn)
}

func next(t *testing.T, conn *websocket.Conn) string {
	t.Helper()
	conn.SetReadDeadline(time.Now().Add(time.Minute))
	_, data, err := conn.ReadMessage()
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

type delivered struct {
	ack slackfake.Ack
	err error
}

func deliver(t *testing.T, s *slackfake.Server, r slackfake.Request) <-chan delivered {
	came := make(chan delivered, 1)
	go func() {
		ack, err := s.Deliver(t.Context(), r)
		came <- delivered{ack, err}
	}()
	return came
}

func envelopeID(t *testing.T, frame string) string {
	t.Helper()
	var e struct {
		ID string `json:"envelope_id"`
	}
	if err := json.Unmarshal([]byte(frame), &e); err != nil {
		t.Fatal(err)
	}
	return e.ID
}

func acknowledge(t *testing.T, conn *websocket.Conn, frame, payload string) {
	t.Helper()
	ack := `{"envelope_id":"` + envelopeID(t, frame) + `"` + payload + `}`
	if err := conn.WriteMessage(websocket.TextMessage, []byte(ack)); err != nil {
		t.Fatal(err)
	}
}

func TestSocketGreetsAndDelivers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := slackfake.New("cloud-spend")
		conn, hello := dial(t, s)
		if !strings.Contains(hello, `"type":"hello"`) || !strings.Contains(hello, `"connection_info":{"app_id":"`+slackfake.App+`"}`) {
			t.Errorf("greeting: %s", hello)
		}
		came := deliver(t, s, s.Command("U0ADA", "cloud-spend", "/spend", "top"))
		frame := next(t, conn)
		if !strings.Contains(frame, `"type":"slash_commands"`) || !strings.Contains(frame, `"text":"top"`) || strings.Contains(frame, "retry") {
			t.Errorf("envelope: %s", frame)
		}
		acknowledge(t, conn, frame, `,"payload":{"text":"done"}`)
		if got := <-came; got.err != nil || string(got.ack.Payload) != `{"text":"done"}` {
			t.Errorf("acknowledged: %+v", got)
		}
		conn.Close()
		<-(<-s.Connected()).Closed()
	})
}

// What is not acknowledged comes again, on another socket where there is one,
// and in the end Slack gives up.
func TestUnacknowledgedEnvelopesComeAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := slackfake.New("cloud-spend")
		first, _ := dial(t, s)
		second, _ := dial(t, s)
		began := time.Now()
		came := deliver(t, s, s.HomeOpened("U0ADA", "home"))
		frame := next(t, first)
		again := next(t, second)
		if took := time.Since(began); took != 3*time.Second || !strings.Contains(again, `"retry_attempt":1,"retry_reason":"timeout"`) {
			t.Errorf("after %v: %s", took, again)
		}
		first.Close() // the socket that is left gets it, at once
		second.Close()
		third, _ := dial(t, s)
		if last := next(t, third); !strings.Contains(last, `"retry_attempt":2`) || envelopeID(t, last) != envelopeID(t, frame) {
			t.Errorf("the third time: %s", last)
		}
		if got := <-came; !errors.Is(got.err, slackfake.ErrNotAcknowledged) {
			t.Errorf("nobody acknowledged, and got %+v", got)
		}
	})
}

// A connection that is about to be closed is not given anything new.
func TestDisconnect(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := slackfake.New("cloud-spend")
		old, _ := dial(t, s)
		fresh, _ := dial(t, s)
		go func() { (<-s.Connected()).Disconnect("refresh_requested") }()
		if got := next(t, old); !strings.Contains(got, `"type":"disconnect","reason":"refresh_requested"`) {
			t.Errorf("got %s", got)
		}
		came := deliver(t, s, s.Command("U0ADA", "cloud-spend", "/spend", ""))
		acknowledge(t, fresh, next(t, fresh), "")
		if got := <-came; got.err != nil {
			t.Error(got.err)
		}
	})
}

func TestPings(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := slackfake.New()
		conn, _ := dial(t, s)
		var pings atomic.Int32
		conn.SetReadDeadline(time.Time{})
		conn.SetPingHandler(func(string) error { pings.Add(1); return nil })
		go conn.ReadMessage()
		time.Sleep(21 * time.Second)
		link := <-s.Connected()
		link.Mute()
		time.Sleep(time.Minute)
		if got := pings.Load(); got != 4 {
			t.Errorf("%d pings, want one every five seconds until it was muted", got)
		}
		link.Drop()
	})
}

func TestSocketsThatAreRefused(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := slackfake.New()
		api := slack.New(slackfake.BotToken, slack.OptionAppLevelToken(slackfake.BotToken), slack.OptionHTTPClient(&http.Client{Transport: s.Transport()}))
		if _, _, err := api.StartSocketModeContext(t.Context()); code(err) != "not_allowed_token_type" {
			t.Errorf("a bot token: %v", err)
		}
		dialer := &websocket.Dialer{NetDialContext: s.Dial}
		if _, reply, err := dialer.DialContext(t.Context(), "ws://127.0.0.1/link/?ticket=made-up", nil); err == nil || reply.StatusCode != http.StatusUnauthorized {
			t.Errorf("a made-up ticket: %v", err)
		}
		for range 10 {
			dial(t, s)
		}
		if _, greeting := dial(t, s); !strings.Contains(greeting, "too_many_websockets") {
			t.Errorf("the eleventh: %s", greeting)
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		s.DropAll()
		synctest.Wait()
		if _, err := s.Deliver(ctx, s.HomeOpened("U0ADA", "home")); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("without a socket: %v", err)
		}
	})
}
