package slack

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/billbot/billbot/fetcher/secret"
	"github.com/billbot/billbot/notifier/slack/slackfake"
	"github.com/billbot/billbot/rules"
	"github.com/billbot/billbot/rules/report"
	"github.com/gorilla/websocket"
	"github.com/slack-go/slack"
)

func TestSocketAnswersPrivately(t *testing.T) {
	socketTest(t, nil, func(t *testing.T, s *socketSlack, socket *Socket) {
		a, b := s.accept(), s.accept()
		for i, p := range []*peer{a, b, a} {
			id := fmt.Sprint("e", i)
			p.command(t, id, "by service")
			p.acked(t, id)
			got := s.answer(t)
			for _, want := range []string{`"response_type":"ephemeral"`, "This billing period: $7.55", ShareAction, `"value":"by service"`} {
				if !strings.Contains(got, want) {
					t.Errorf("got %s, want %s in it", got, want)
				}
			}
		}
		if err := socket.Health(); err != nil {
			t.Errorf("Health: %v, want none with two connections", err)
		}
	})
}

// Slack may send an envelope again, over any connection, and a command over
// HTTP too while an app is moved from one to the other.
func TestSocketAnswersOnce(t *testing.T) {
	socketTest(t, nil, func(t *testing.T, s *socketSlack, socket *Socket) {
		a, b := s.accept(), s.accept()
		command := s.Command("U012AB3CD", "#cloud-spend", "/spend", "")
		a.bring(t, "e1", command)
		b.bring(t, "e1", command)
		a.bring(t, "e1", s.Command("U012AB3CD", "#cloud-spend", "/spend", "")) // with another trigger
		_, body := command.Body()
		w := post(socket.config.Commands, "POST", "/", body, sign(testSecret, body, time.Now()))
		if w.Code != http.StatusOK || w.Body.Len() != 0 {
			t.Errorf("got %d %s over HTTP, want 200 and nothing", w.Code, w.Body)
		}
		s.answer(t)
		synctest.Wait()
		if n := s.answered(); n != 1 {
			t.Errorf("%d answers, want one in all", n)
		}
	})
}

// While Slack asks for another connection, both the old one and the new are
// read: nothing that is sent on either is lost.
func TestSocketIsReplacedWithoutAGap(t *testing.T) {
	for _, reason := range []string{"warning", "refresh_requested", "something_new"} {
		socketTest(t, nil, func(t *testing.T, s *socketSlack, socket *Socket) {
			old := s.accept()
			s.accept()
			time.Sleep(2 * time.Minute)
			old.send(t, `{"type":"disconnect","reason":%q}`, reason)
			began := time.Now()
			fresh := s.accept()
			if waited := time.Since(began); waited > 0 {
				t.Errorf("%s: another connection after %v, want at once", reason, waited)
			}
			for i, p := range []*peer{old, fresh, old} {
				id := fmt.Sprint("e", i)
				p.command(t, id, "")
				p.acked(t, id)
				s.answer(t)
			}
			<-old.Closed()
			if lingered := time.Since(began); lingered < 20*time.Second || lingered > time.Minute {
				t.Errorf("%s: the old connection was read for %v, want about half a minute", reason, lingered)
			}
			time.Sleep(time.Hour)
			if n := s.opened(); n != 3 {
				t.Errorf("%s: %d sockets were asked for, want 3", reason, n)
			}
		})
	}
}

func TestSocketComesBack(t *testing.T) {
	tests := map[string]struct {
		harm   func(*testing.T, *peer)
		within time.Duration
	}{
		"dropped":     {func(_ *testing.T, p *peer) { p.Drop() }, 2 * time.Second},
		"closed":      {func(_ *testing.T, p *peer) { p.Close() }, 2 * time.Second},
		"mute":        {func(_ *testing.T, p *peer) { p.Mute() }, deadAfter + pingEvery},
		"too large":   {func(t *testing.T, p *peer) { go p.SendFrame(websocket.TextMessage, make([]byte, maxFrame+1)) }, 2 * time.Second},
		"all garbage": {sendGarbage, 2 * time.Second},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			socketTest(t, nil, func(t *testing.T, s *socketSlack, socket *Socket) {
				a, b := s.accept(), s.accept()
				began := time.Now()
				tt.harm(t, a)
				fresh := s.accept()
				if waited := time.Since(began); waited > tt.within {
					t.Errorf("came back after %v, want within %v", waited, tt.within)
				}
				for i, p := range []*peer{b, fresh} {
					id := fmt.Sprint("e", i)
					p.command(t, id, "")
					p.acked(t, id)
					s.answer(t)
				}
			})
		})
	}
}

func sendGarbage(t *testing.T, p *peer) {
	for range maxGarbage {
		p.send(t, "{")
	}
}

func TestSocketIgnoresWhatItDoesNotKnow(t *testing.T) {
	socketTest(t, nil, func(t *testing.T, s *socketSlack, socket *Socket) {
		a := s.accept()
		for range 5 {
			for _, frame := range []string{
				"", "null", "[]", `{"type":7}`, `{"type":"events_api"}`, `{"type":"hello"}`, `{"type":"slash_commands","payload":{}}`,
				`{"envelope_id":"","type":"interactive"}`,
			} {
				a.send(t, "%s", frame)
			}
			_ = a.SendFrame(websocket.BinaryMessage, []byte{0, 1, 2})
		}
		for i, frame := range []string{
			`{"envelope_id":"x0","type":"events_api","payload":{}}`, `{"envelope_id":"x1","type":"slash_commands","payload":"no"}`,
			`{"envelope_id":"x2","type":"interactive","payload":{"type":"block_actions"}}`, `{"envelope_id":"x3","type":"interactive"}`,
		} {
			a.send(t, "%s", frame)
			a.acked(t, fmt.Sprint("x", i))
		}
		a.command(t, "e1", "")
		a.acked(t, "e1")
		s.answer(t)
		synctest.Wait() // the second one may still be opening
		if n := s.opened(); n != 2 {
			t.Errorf("%d sockets were asked for, want the first 2", n)
		}
	})
}

// What only a person can help is told at once and asked for rarely; all else is
// asked for again soon, and more and more rarely.
func TestSocketThatSlackRefuses(t *testing.T) {
	tests := map[string]struct {
		answer   slackfake.Fault
		health   string
		most     int // requests in an hour, of both connections
		healthAt time.Duration
	}{
		"revoked":      {refuse("token_revoked"), "token_revoked: make a new app-level token", 26, time.Second},
		"bot token":    {refuse("not_allowed_token_type"), "SLACK_APP_TOKEN wants the app-level token", 26, time.Second},
		"scope":        {refuse("missing_scope"), "connections:write", 26, time.Second},
		"limited":      {status(http.StatusTooManyRequests, "600"), "rate limit", 14, time.Minute},
		"broken":       {status(http.StatusBadGateway, ""), "502", 70, time.Minute},
		"in the clear": {body(`{"ok":true,"url":"ws://example.com/?ticket=` + testTicket + `"}`), "not wss", 70, time.Minute},
		"no address":   {body(`{"ok":true,"url":":/` + testTicket + `"}`), "no usable address", 70, time.Minute},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			refuses := func(s *socketSlack, _ *CommandsConfig) { s.refuses(tt.answer) }
			socketTest(t, refuses, func(t *testing.T, s *socketSlack, socket *Socket) {
				time.Sleep(tt.healthAt)
				err := socket.Health()
				if err == nil || !strings.Contains(err.Error(), tt.health) || strings.Contains(err.Error(), "canary") {
					t.Errorf("Health: %v, want %q in it, and no secret", err, tt.health)
				}
				time.Sleep(time.Hour)
				if n := s.opened(); n > tt.most || n < 6 {
					t.Errorf("%d sockets were asked for in an hour, want 6 to %d", n, tt.most)
				}
				s.ScriptFunc(nil)
				time.Sleep(11 * time.Minute)
				if err := socket.Health(); err != nil {
					t.Errorf("Health when Slack is back: %v", err)
				}
			})
		})
	}
}

// A short gap is no news; one that lasts is.
func TestSocketHealthWaitsABit(t *testing.T) {
	socketTest(t, nil, func(t *testing.T, s *socketSlack, socket *Socket) {
		a, b := s.accept(), s.accept()
		s.refuses(status(http.StatusServiceUnavailable, ""))
		a.Drop()
		b.Drop()
		time.Sleep(downFor / 2)
		if err := socket.Health(); err != nil {
			t.Errorf("Health after half of %v: %v", downFor, err)
		}
		time.Sleep(downFor)
		if err := socket.Health(); err == nil {
			t.Error("Health says nothing of a socket that is dead")
		}
	})
}

// Acknowledgements do not wait for answers, and answers that were begun are
// given even when billbot is told to stop.
func TestSocketAcknowledgesBeforeSlowWork(t *testing.T) {
	slow := func(_ *socketSlack, c *CommandsConfig) {
		c.Answers = knowing(func(ctx context.Context, q Query) (report.Answer, error) {
			sleep(ctx, 10*time.Second)
			return report.Answer{}, nil
		})
	}
	const commands = 2 * maxDesks
	socketTest(t, slow, func(t *testing.T, s *socketSlack, socket *Socket) {
		a := s.accept()
		began := time.Now()
		for i := range commands {
			id := fmt.Sprint("e", i)
			a.command(t, id, "")
			a.acked(t, id)
		}
		if took := time.Since(began); took > 0 {
			t.Errorf("acknowledged in %v, want at once", took)
		}
		t.Cleanup(func() {
			if n := s.answered(); n != commands {
				t.Errorf("%d answers, want %d", n, commands)
			}
		})
	})
}

// A form's acknowledgement says what is wrong with the form, and says it again
// where Slack did not hear it: an empty one would close the form.
func TestSocketAnswersForms(t *testing.T) {
	handled := 0
	form := func(_ *socketSlack, c *CommandsConfig) {
		c.Interactor = handling{handle: func(slack.InteractionCallback) any {
			handled++
			time.Sleep(time.Second)
			return map[string]string{"response_action": "errors"}
		}}
	}
	socketTest(t, form, func(t *testing.T, s *socketSlack, socket *Socket) {
		a, b := s.accept(), s.accept()
		began := time.Now()
		for i, id := range []string{"f1", "f1", "f2"} { // the first is still worked on when the others come
			[]*peer{a, b, a}[i].send(t, `{"envelope_id":%q,"type":"interactive","payload":{"type":"view_submission","trigger_id":"t1"}}`, id)
		}
		for _, p := range []*peer{a, b, a} {
			if got := p.ack(t); !strings.HasSuffix(got, `,"payload":{"response_action":"errors"}}`) {
				t.Errorf("got %s, want the same answer each time", got)
			}
		}
		a.send(t, `{"envelope_id":"f1","type":"interactive","payload":{"type":"view_submission","trigger_id":"t1"}}`)
		if got := a.ack(t); got != `{"envelope_id":"f1","payload":{"response_action":"errors"}}` || handled != 1 {
			t.Errorf("got %s after %d forms were taken, want what was said of the one", got, handled)
		}
		if took := time.Since(began); took > time.Second {
			t.Errorf("answered after %v", took)
		}
	})
}

// handling acts on alerts in a test.
type handling struct {
	handle func(slack.InteractionCallback) any
	act    func(what string, who Person, id string, until time.Time) Message
}

func (h handling) Handle(_ context.Context, p slack.InteractionCallback) (any, error) {
	return h.handle(p), nil
}

func (h handling) Why(_ context.Context, who Person, id string) Message {
	return h.act("why", who, id, time.Now())
}

func (h handling) Acknowledge(_ context.Context, who Person, id string) Message {
	return h.act("ack", who, id, time.Now())
}

func (h handling) Snooze(_ context.Context, who Person, id string, until func([]rules.Alert, time.Time) time.Time) Message {
	return h.act("snooze", who, id, until(nil, time.Now()))
}

func TestSocketWantsAnAppToken(t *testing.T) {
	for token, want := range map[string]string{
		"": "set SLACK_APP_TOKEN", "xoxb-1-canary": "that is a bot token", "canary": "begin with xapp-",
	} {
		_, err := NewSocket(SocketConfig{AppToken: secret.New(token)})
		if err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "canary") {
			t.Errorf("%q: got %v, want %q in it, and no token", token, err, want)
		}
	}
}
