package slack

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/billbot/billbot/fetcher/secret"
	"github.com/billbot/billbot/rules/report"
	"github.com/slack-go/slack/slackevents"
)

// The signature covers neither the address nor the content type, so an event
// whose text reads as a form must not become a command: not again, after the
// event was taken, and not at once.
func TestAnEventIsNoCommand(t *testing.T) {
	smuggled := `{"type":"event_callback","event":{"type":"app_home_opened","text":"&command=/spend&text=x&user_id=U1&"}}`
	for _, taken := range []bool{true, false} {
		asked := 0
		c := newCommands(t, func(c *CommandsConfig) {
			c.Event = func(context.Context, slackevents.EventsAPIEvent) {}
			c.Answers = knowing(func(context.Context, Query) (report.Answer, error) { asked++; return report.Answer{}, nil })
		})
		header := sign(testSecret, smuggled, time.Now())
		if taken {
			if w := postEvent(c, smuggled, header.Clone()); w.Code != http.StatusOK {
				t.Fatalf("the event got %d", w.Code)
			}
		}
		if w := post(c, http.MethodPost, "/", smuggled, header); w.Code != http.StatusUnauthorized || asked > 0 {
			t.Errorf("taken before %v: got %d %s, %d questions; want a refusal", taken, w.Code, w.Body, asked)
		}
	}
}

// A signed form of one address is nothing to another.
func TestFormsOfOtherAddresses(t *testing.T) {
	c := newCommands(t, nil)
	press, command := "payload=%7B%22type%22%3A%22block_actions%22%7D", commandBody("")
	if w := post(c, http.MethodPost, "/", press, sign(testSecret, press, time.Now())); w.Code != http.StatusBadRequest {
		t.Errorf("a press as a command: got %d, want 400", w.Code)
	}
	r := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(command))
	r.Header = sign(testSecret, command, time.Now())
	w := httptest.NewRecorder()
	if c.ServeInteraction(w, r); w.Code != http.StatusBadRequest {
		t.Errorf("a command as a press: got %d, want 400", w.Code)
	}
}

// longOpen makes the gate one that opened an hour ago.
func longOpen(c *CommandsConfig) { c.Gate.since -= 3600 }

// A restart forgets what passed, so what was signed before it does not pass.
func TestNothingPassesThatWasSignedBeforeTheStart(t *testing.T) {
	c, body := newCommands(t, nil), commandBody("")
	for at, want := range map[time.Time]int{time.Now().Add(-2 * time.Second): 401, time.Now(): 200, time.Now().Add(time.Minute): 200} {
		if w := post(c, http.MethodPost, "/", body, sign(testSecret, body, at)); w.Code != want {
			t.Errorf("signed at %s: got %d, want %d", at, w.Code, want)
		}
	}
}

// A refusal for its time says that the clock may be what is wrong.
func TestARefusalMentionsTheClock(t *testing.T) {
	for off, prefix := range map[time.Duration]string{-400 * time.Second: "6m4", 26*time.Hour + time.Minute: "26h"} {
		body := commandBody("")
		err := NewGate(secret.New(testSecret)).check(sign(testSecret, body, time.Now().Add(off)), []byte(body))
		if err == nil || !strings.Contains(err.Error(), "this machine's clock, "+prefix) {
			t.Errorf("%s: got %v, want how far the clock is apart", off, err)
		}
	}
}

// While the secret is exchanged, what either signed passes, and nothing else.
func TestTwoSigningSecrets(t *testing.T) {
	gate, body := NewGate(secret.New("new"), secret.New("old"), secret.Value{}), commandBody("")
	for signing, want := range map[string]bool{"new": true, "old": true, "": false, "other": false} {
		if err := gate.check(sign(signing, body, time.Now()), []byte(body)); (err == nil) != want {
			t.Errorf("signed with %q: got %v, want passed %v", signing, err, want)
		}
	}
	if err := NewGate(secret.Value{}, secret.Value{}).check(sign("", body, time.Now()), []byte(body)); err == nil {
		t.Error("without a secret anything passes")
	}
}

// A command is a few words.
func TestLongCommandsAreRefused(t *testing.T) {
	c := newCommands(t, nil)
	for length, want := range map[int]bool{1 << 10: false, 1<<10 + 1: true} {
		if got, _ := ask(t, c, strings.Repeat("x", length)); strings.Contains(got, "too long") != want {
			t.Errorf("%d bytes: got %.200s", length, got)
		}
	}
}
