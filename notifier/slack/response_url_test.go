package slack

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/billbot/billbot/notifier/slack/slackfake"
	"github.com/billbot/billbot/rules/report"
	"github.com/slack-go/slack"
)

// replies is Slack's side of a response URL, which nobody may read in an error.
func replies(t *testing.T, script ...slackfake.Fault) (commands *Commands, address string, posted *server) {
	s := newServer(t, script...)
	return newCommands(t, func(c *CommandsConfig) { c.APIURL = s.URL + "/api" }), responseURL(t, s.Server), s
}

// responseURL is where the answer to a command goes.
func responseURL(t *testing.T, s *slackfake.Server) string {
	t.Helper()
	var asked struct {
		URL string `json:"response_url"`
	}
	if err := json.Unmarshal([]byte(s.Command("U012AB3CD", "#cloud-spend", "/spend", "").Payload), &asked); err != nil {
		t.Fatal(err)
	}
	return asked.URL
}

// Only Slack's ok is success: a page that a dead URL is sent to is none, and
// neither is any other answer of 200.
func TestAnswersArriveOrFailLoudly(t *testing.T) {
	tests := map[string]struct {
		answer slackfake.Fault
		want   string // in the error; "" means success
		again  bool
	}{
		"ok":           {slackfake.Fault{}, "", false},
		"ok on a line": {body("ok\n"), "", false},
		"ok as JSON":   {body(`{"ok":true}`), "", false},
		"not ok":       {body(`{"ok":false,"error":"expired_url"}`), "expired_url", false},
		"a page":       {body("<html>Slack</html>"), "Slack says 200", false},
		"nothing":      {body(""), "Slack says 200", false},
		"redirected":   {slackfake.Fault{Status: 302, Header: http.Header{"Location": {"/landing"}}}, "Slack says 302", false},
		"used up":      {status(404, ""), "Slack says 404", false},
		"limited":      {status(429, "7"), "limits", true},
		"broken":       {status(503, ""), "503", true},
		"hung up":      {slackfake.Dropped(), "EOF", true},
		"large":        {body(strings.Repeat("x", 1<<20)), "Slack says 200", false},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			c, address, _ := replies(t, tt.answer)
			after, err := c.late.post(t.Context(), address, private(say("hello")))
			switch {
			case err == nil && tt.want == "":
			case err == nil || tt.want == "" || !strings.Contains(err.Error(), tt.want):
				t.Errorf("got %v, want %q in it", err, tt.want)
			case (after >= 0) != tt.again:
				t.Errorf("got another try after %v, want another: %t", after, tt.again)
			case strings.Contains(err.Error(), "/respond/"):
				t.Errorf("the URL is in the error: %v", err)
			}
		})
	}
}

// roundTrips is a network in a test.
type roundTrips func(*http.Request) (*http.Response, error)

func (f roundTrips) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

func TestAnswersAreSentAgain(t *testing.T) {
	for _, tt := range []struct {
		script []slackfake.Fault
		want   bool
		took   time.Duration
	}{
		{[]slackfake.Fault{status(503, ""), status(429, "20"), body("ok")}, true, 21 * time.Second},
		{[]slackfake.Fault{status(404, "")}, false, 0},
		{[]slackfake.Fault{status(503, ""), status(503, ""), status(503, "")}, false, 5 * time.Second},
		{[]slackfake.Fault{status(429, "600")}, false, time.Minute}, // nobody waits so long
	} {
		synctest.Test(t, func(t *testing.T) {
			s := slackfake.New("cloud-spend")
			s.URL = "https://hooks.slack.com"
			s.Script(tt.script...)
			c := newCommands(t, func(c *CommandsConfig) { c.Transport = s.Transport() })
			ctx, cancel := context.WithTimeout(t.Context(), lateWithin)
			defer cancel()
			began := time.Now()
			got := c.respond(ctx, responseURL(t, s), private(say("hello")))
			sent := len(s.Calls())
			if took := time.Since(began); (got == nil) != tt.want || sent != len(tt.script) || took != tt.took {
				t.Errorf("got %v with %d sent in %v, want %t with %d in %v", got, sent, took, tt.want, len(tt.script), tt.took)
			}
		})
	}
}

// An answer for the channel is not sent again where Slack may have it: it would
// stand there twice. Who shared it is told to look.
func TestSharedAnswersAreNotRepeated(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		first  slackfake.Fault
		public int // answers for the channel
		says   string
	}{
		"accepted":       {slackfake.Fault{}, 1, `"delete_original":true`},
		"hung up":        {slackfake.Dropped().After(), 1, "Press Share again if the channel does not have it."},
		"broken":         {status(502, ""), 1, "Press Share again if the channel does not have it."},
		"surely refused": {status(429, "1"), 2, `"delete_original":true`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c, _, s := replies(t, tt.first)
			var pressed slack.InteractionCallback
			if err := json.Unmarshal([]byte(sharePress(s.Server, "U012AB3CD", "top").Payload), &pressed); err != nil {
				t.Fatal(err)
			}
			c.Share(t.Context(), pressed)
			var all string
			asked := s.Calls(slackfake.ResponseURL)
			for _, a := range asked {
				all += a.Body + "\n"
			}
			if public := strings.Count(all, "in_channel"); public != tt.public || !strings.Contains(all, tt.says) || len(asked) != tt.public+1 {
				t.Errorf("got %d for the channel of %d: %s, want %d, and %q", public, len(asked), all, tt.public, tt.says)
			}
		})
	}
}

// Slack takes five answers within half an hour; the sixth is not tried, and the
// log says so.
func TestAnswersAreCounted(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		sent := 0
		var log bytes.Buffer
		c := newCommands(t, func(c *CommandsConfig) {
			c.Log = slog.New(slog.NewTextHandler(&log, nil))
			c.Transport = roundTrips(func(*http.Request) (*http.Response, error) {
				sent++
				if sent == 1 {
					return nil, &net.OpError{Op: "dial", Err: errors.New("refused")} // which Slack does not count
				}
				w := httptest.NewRecorder()
				io.WriteString(w, "ok")
				return w.Result(), nil
			})
		})
		const first, second = "https://hooks.slack.com/commands/1", "https://hooks.slack.com/commands/canary-2"
		for n := 1; n <= 6; n++ {
			if err := c.respond(t.Context(), first, private(say("hello"))); (err == nil) != (n <= 5) {
				t.Errorf("answer %d: %v", n, err)
			}
		}
		c.respond(t.Context(), second, private(say("hello")))
		time.Sleep(30 * time.Minute)
		c.respond(t.Context(), second, private(say("hello")))
		if sent != 7 || !strings.Contains(log.String(), "has had five") || !strings.Contains(log.String(), "half an hour") || strings.Contains(log.String(), "canary") {
			t.Errorf("sent %d, want 7; log: %s", sent, &log)
		}
	})
}

// Nothing but Slack hears an answer, whatever address a request has.
func TestAnswersGoToSlackOnly(t *testing.T) {
	far := newResponder("https://slack.com/api/", nil)
	near := newResponder("http://127.0.0.1/api/", nil)
	for _, tt := range []struct {
		to      responder
		address string
		want    bool
	}{
		{far, "https://hooks.slack.com/commands/T1/2/x", true},
		{far, "https://slack.com/x", true},
		{far, "https://hooks.slack-gov.com/x", true},
		{far, "http://hooks.slack.com/x", false},
		{far, "https://hooks.slack.com.example.com/x", false},
		{far, "https://notslack.com/x", false},
		{far, "https://a:b@hooks.slack.com/x", false},
		{far, "http://127.0.0.1/x", false},
		{far, "https://169.254.169.254/x", false},
		{far, "", false},
		{far, ":", false},
		{near, "http://127.0.0.1:99/x", true},
		{near, "http://10.0.0.1/x", false},
	} {
		if err := tt.to.admits(tt.address); (err == nil) != tt.want {
			t.Errorf("%q: got %v, want it admitted: %t", tt.address, err, tt.want)
		}
	}
}

// An answer that takes longer than Slack waits is an empty one in time, and
// then comes to the response URL.
func TestSlowAnswersComeLater(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newSocketSlack()
		c := newCommands(t, func(c *CommandsConfig) {
			c.APIURL, c.Transport = "http://127.0.0.1/api", s.Transport()
			c.Answers = knowing(func(ctx context.Context, q Query) (report.Answer, error) {
				sleep(ctx, 20*time.Second)
				return answerOf(t, q), nil
			})
		})
		_, body := s.Command("U012AB3CD", "#cloud-spend", "/spend", "budgets").Body()
		began := time.Now()
		w := post(c, "POST", "/", body, sign(testSecret, body, time.Now()))
		if took := time.Since(began); w.Code != 200 || w.Body.Len() != 0 || took >= 3*time.Second {
			t.Errorf("got %d %q after %v, want 200 and nothing within three seconds", w.Code, w.Body, took)
		}
		if got := s.answer(t); !strings.Contains(got, "1 of 2 budgets over") {
			t.Errorf("got %s later, want the budgets", got)
		}
	})
}

// sharePress is a press of a Share button.
func sharePress(s *slackfake.Server, user, value string) slackfake.Request {
	return s.PressAs(user, slackfake.Message{Channel: slackfake.ChannelID("cloud-spend")}, slackfake.Action{ID: ShareAction, BlockID: "b", Value: value})
}

// Share answers in the channel, with who shared, and takes the private answer
// away; over HTTP as over a socket, and once.
func TestShare(t *testing.T) {
	socketTest(t, nil, func(t *testing.T, s *socketSlack, socket *Socket) {
		a := s.accept()
		press := sharePress(s.Server, "U012AB3CD", "by zone")
		for range 2 {
			a.bring(t, "s1", press)
		}
		_, form := sharePress(s.Server, "U999", "top").Body()
		for _, code := range []int{200, 401} {
			r := httptest.NewRequest("POST", "/slack/interactions", strings.NewReader(form))
			r.Header = sign(testSecret, form, time.Now())
			w := httptest.NewRecorder()
			socket.config.Commands.ServeInteraction(w, r)
			if w.Code != code {
				t.Errorf("got %d over HTTP, want %d", w.Code, code)
			}
		}
		synctest.Wait()
		all := map[string]int{}
		for range 4 {
			got := s.answer(t)
			for _, part := range []string{"in_channel", "delete_original", "no zone", "Newest day", "@U012AB3CD", "@U999", "/spend by zone", `"replace_original":false`} {
				if strings.Contains(got, part) {
					all[part]++
				}
			}
			if strings.Contains(got, "in_channel") && strings.Contains(got, ShareAction) {
				t.Errorf("a shared answer has a button to share: %s", got)
			}
		}
		want := map[string]int{"in_channel": 2, "delete_original": 2, "no zone": 1, "Newest day": 1, "@U012AB3CD": 1, "@U999": 1, "/spend by zone": 1, `"replace_original":false`: 2}
		if fmt.Sprint(all) != fmt.Sprint(want) || s.answered() != 4 {
			t.Errorf("got %v in %d answers, want %v in 4", all, s.answered(), want)
		}
	})
}

// A button's value is data: it can ask, and do nothing else.
func TestShareOnlyAsks(t *testing.T) {
	nobody := func(_ *socketSlack, c *CommandsConfig) { c.Read = Access{IDs: []string{"U1"}} }
	for value, want := range map[string]string{"by zone": "You may not ask", "ack k3v7qd2a": ""} {
		socketTest(t, nobody, func(t *testing.T, s *socketSlack, socket *Socket) {
			a := s.accept()
			user := "U012AB3CD"
			if want == "" {
				user = "U1"
			}
			a.bring(t, "s1", sharePress(s.Server, user, value))
			synctest.Wait()
			if n := s.answered(); (want == "") != (n == 0) {
				t.Errorf("%s: %d answers", value, n)
			} else if n > 0 {
				if got := s.answer(t); !strings.Contains(got, want) || !strings.Contains(got, "ephemeral") {
					t.Errorf("%s: got %s, want %q, privately", value, got, want)
				}
			}
		})
	}
}
