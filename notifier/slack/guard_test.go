package slack

import (
	"context"
	"log/slog"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/billbot/billbot/notifier/slack/slackfake"
	"github.com/billbot/billbot/rules/report"
	"github.com/slack-go/slack"
)

// bursting panics whatever it is asked to do.
type bursting struct{ Interactor }

func (bursting) Handle(context.Context, slack.InteractionCallback) (any, error) { panic("a bug") }

func burst(context.Context, Query) (report.Answer, error) { panic("a bug") }

// A panic in what a socket brings ends neither billbot nor the socket, and
// whoever asked hears that it failed.
func TestPanicsBehindSocketsAreKept(t *testing.T) {
	failing := func(s *socketSlack, c *CommandsConfig) {
		c.Answers, c.Interactor = knowing(burst), bursting{}
		var panicked atomic.Bool
		s.ScriptFunc(func(_ int, method string) *slackfake.Fault {
			if method == "apps.connections.open" && panicked.CompareAndSwap(false, true) {
				panic("a bug")
			}
			return nil
		})
	}
	socketTest(t, failing, func(t *testing.T, s *socketSlack, _ *Socket) {
		a := s.accept()
		a.bring(t, "e1", s.Command("U012AB3CD", "#cloud-spend", "/spend", ""))
		if got := s.answer(t); !strings.Contains(got, "billbot failed inside") {
			t.Errorf("got %s, want to hear that it failed", got)
		}
		a.send(t, `{"envelope_id":"e2","type":"interactive","payload":{"type":"view_submission"}}`)
		a.send(t, `{"envelope_id":"e3","type":"interactive","payload":{"type":"block_actions"}}`)
		a.acked(t, "e3")
		time.Sleep(2 * steady)
		s.accept() // the connection that panicked while it was asked for
	})
}

// A press that panics is answered, in time and in private.
func TestAPressThatPanics(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var log strings.Builder
		i, err := NewInteractions(InteractionsConfig{Log: slog.New(slog.NewTextHandler(&log, nil)), Actions: struct{ Actions }{}})
		if err != nil {
			t.Fatal(err)
		}
		began, press := time.Now(), pressOn(actionAcknowledge, "a1")
		press.ResponseURL = "http://127.0.0.1/respond/1"
		if _, err := i.Handle(t.Context(), press); err != nil || time.Since(began) > 0 {
			t.Errorf("got %v after %s, want an acknowledgement at once", err, time.Since(began))
		}
		i.Wait()
		if !strings.Contains(log.String(), "panicked") || !strings.Contains(log.String(), "failed inside") {
			t.Errorf("got the log %s, want the panic and what was to be said of it", log.String())
		}
	})
}
