package slack

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/billbot/billbot/fetcher/secret"
	"github.com/billbot/billbot/notifier/slack/slackfake"
	"github.com/billbot/billbot/rules/report"
)

const (
	testAppToken = "xapp-1-canary-4410"
	testTicket   = "ticket-canary-9913"
)

// socketSlack is a Slack in memory that knows the tokens of these tests.
type socketSlack struct{ *slackfake.Server }

func newSocketSlack() *socketSlack {
	s := &socketSlack{slackfake.New("cloud-spend")}
	s.BotToken, s.AppToken, s.SigningSecret = testToken, testAppToken, testSecret
	return s
}

// peer is Slack's end of a connection.
type peer struct {
	*slackfake.Connection
	slack *socketSlack
}

// accept waits for the next connection.
func (s *socketSlack) accept() *peer { return &peer{<-s.Connected(), s} }

// opened is how often a socket was asked for.
func (s *socketSlack) opened() int { return len(s.Calls("apps.connections.open")) }

// refuses has every request for a socket answered so.
func (s *socketSlack) refuses(answer slackfake.Fault) {
	s.ScriptFunc(func(_ int, method string) *slackfake.Fault {
		if method != "apps.connections.open" {
			return nil
		}
		return &answer
	})
}

// send writes a frame to billbot.
func (p *peer) send(t *testing.T, format string, args ...any) {
	t.Helper()
	if err := p.Send(fmt.Sprintf(format, args...)); err != nil {
		t.Fatal(err)
	}
}

// bring sends a request in an envelope, and wants it acknowledged.
func (p *peer) bring(t *testing.T, id string, r slackfake.Request) {
	t.Helper()
	p.send(t, "%s", slackfake.Envelope(id, r, 0))
	p.acked(t, id)
}

// command sends a slash command.
func (p *peer) command(t *testing.T, id, text string) {
	t.Helper()
	p.send(t, "%s", slackfake.Envelope(id, p.slack.Command("U012AB3CD", "#cloud-spend", "/spend", text), 0))
}

// ack is what billbot acknowledges next, as it is.
func (p *peer) ack(t *testing.T) string {
	t.Helper()
	select {
	case got := <-p.Acks():
		return strings.TrimSpace(got.Raw)
	case <-time.After(3 * time.Second):
		t.Fatal("nothing was acknowledged within three seconds")
		return ""
	}
}

// acked wants an acknowledgement of an envelope, without a payload.
func (p *peer) acked(t *testing.T, id string) {
	t.Helper()
	if got, want := p.ack(t), fmt.Sprintf(`{"envelope_id":%q}`, id); got != want {
		t.Errorf("got the acknowledgement %s, want %s", got, want)
	}
}

// answer wants one answer, and returns it.
func (s *socketSlack) answer(t *testing.T) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	answer, err := s.Answer(ctx)
	if err != nil {
		t.Fatal(err)
	}
	return answer.Body
}

// answered is how many answers were sent so far, to whatever address.
func (s *socketSlack) answered() int { return len(s.Calls(slackfake.ResponseURL)) }

// socketTest runs a socket against a Slack inside a bubble, which fails if
// anything of it is left behind.
func socketTest(t *testing.T, change func(*socketSlack, *CommandsConfig), do func(*testing.T, *socketSlack, *Socket)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		var log bytes.Buffer
		s := newSocketSlack()
		config := CommandsConfig{Gate: NewGate(secret.New(testSecret)), APIURL: "http://127.0.0.1/api", Transport: s.Transport(), Log: slog.New(slog.NewTextHandler(&log, nil)),
			Answers: knowing(func(_ context.Context, q Query) (report.Answer, error) { return answerOf(t, q), nil })}
		if change != nil {
			change(s, &config)
		}
		commands, err := NewCommands(config)
		if err != nil {
			t.Fatal(err)
		}
		socket, err := NewSocket(SocketConfig{
			AppToken: secret.New(testAppToken), APIURL: config.APIURL, Transport: s.Transport(), Commands: commands, Log: config.Log, Dial: s.Dial,
		})
		if err != nil {
			t.Fatal(err)
		}
		ran := make(chan struct{})
		ctx, cancel := context.WithCancel(t.Context())
		go func() { defer close(ran); socket.Run(ctx) }()
		do(t, s, socket)
		cancel()
		<-ran
		commands.Shutdown(context.Background())
		if text := log.String(); strings.Contains(text, "canary") || strings.Contains(text, slackfake.TicketMark) {
			t.Errorf("a secret in the log: %s", text)
		}
	})
}
