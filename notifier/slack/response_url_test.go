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
	"net/url"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/billbot/billbot/rules/report"
	"github.com/slack-go/slack"
)

// secretURL is a response URL, which nobody may read in an error.
const secretURL = "/respond/canary-2208"

// replies is Slack's side of a response URL: a script, then ok.
func replies(t *testing.T, script ...http.HandlerFunc) (commands *Commands, address string, posted *server) {
	s := newServer(t, script...)
	s.Config.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.mu.Lock()
		s.asked = append(s.asked, request{method: r.URL.Path, auth: r.Header.Get("Authorization")})
		answer := body("ok")
		if len(s.script) > 0 {
			answer, s.script = s.script[0], s.script[1:]
		}
		s.mu.Unlock()
		answer(w, r)
	})
	return newCommands(t, func(c *CommandsConfig) { c.APIURL = s.URL + "/api" }), s.URL + secretURL, s
}

// Only Slack's ok is success: a page that a dead URL is sent to is none, and
// neither is any other answer of 200.
func TestAnswersArriveOrFailLoudly(t *testing.T) {
	tests := map[string]struct {
		answer http.HandlerFunc
		want   string // in the error; "" means success
		again  bool
	}{
		"ok":         {body("ok\n"), "", false},
		"ok as JSON": {body(`{"ok":true}`), "", false},
		"not ok":     {body(`{"ok":false,"error":"expired_url"}`), "expired_url", false},
		"a page":     {body("<html>Slack</html>"), "Slack says 200", false},
		"nothing":    {body(""), "Slack says 200", false},
		"redirected": {func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/landing", http.StatusFound) }, "Slack says 302", false},
		"used up":    {status(404, ""), "Slack says 404", false},
		"limited":    {status(429, "7"), "limits", true},
		"broken":     {status(503, ""), "503", true},
		"hung up":    {hangUp, "EOF", true},
		"large":      {body(strings.Repeat("x", 1<<20)), "Slack says 200", false},
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
			case strings.Contains(err.Error(), "canary"):
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
		script []http.HandlerFunc
		want   bool
		took   time.Duration
	}{
		{[]http.HandlerFunc{status(503, ""), status(429, "20"), body("ok")}, true, 21 * time.Second},
		{[]http.HandlerFunc{status(404, "")}, false, 0},
		{[]http.HandlerFunc{status(503, ""), status(503, ""), status(503, "")}, false, 5 * time.Second},
		{[]http.HandlerFunc{status(429, "600")}, false, time.Minute}, // nobody waits so long
	} {
		synctest.Test(t, func(t *testing.T) {
			sent := 0
			c := newCommands(t, func(c *CommandsConfig) {
				c.Transport = roundTrips(func(r *http.Request) (*http.Response, error) {
					w := httptest.NewRecorder()
					tt.script[sent](w, r)
					sent++
					return w.Result(), nil
				})
			})
			ctx, cancel := context.WithTimeout(t.Context(), lateWithin)
			defer cancel()
			began := time.Now()
			got := c.respond(ctx, "https://hooks.slack.com/commands/1", private(say("hello")))
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
		first  http.HandlerFunc
		public int // answers for the channel
		says   string
	}{
		"accepted":       {body("ok"), 1, `"delete_original":true`},
		"hung up":        {hangUp, 1, "Press Share again if the channel does not have it."},
		"broken":         {status(502, ""), 1, "Press Share again if the channel does not have it."},
		"surely refused": {status(429, "1"), 2, `"delete_original":true`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var asked []string
			c, address, s := replies(t)
			s.Config.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				sent, _ := io.ReadAll(r.Body)
				s.mu.Lock()
				defer s.mu.Unlock()
				if asked = append(asked, string(sent)); len(asked) == 1 {
					tt.first(w, r)
					return
				}
				io.WriteString(w, "ok")
			})
			var pressed slack.InteractionCallback
			if err := json.Unmarshal([]byte(sharePress("U012AB3CD", "top")), &pressed); err != nil {
				t.Fatal(err)
			}
			pressed.ResponseURL = address
			c.Share(t.Context(), pressed)
			s.mu.Lock()
			defer s.mu.Unlock()
			all := strings.Join(asked, "\n")
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
			c.APIURL, c.Transport = "http://127.0.0.1/api", s
			c.Answers = knowing(func(ctx context.Context, q Query) (report.Answer, error) {
				sleep(ctx, 20*time.Second)
				return answerOf(t, q), nil
			})
		})
		body := commandBody("budgets") + "&response_url=" + url.QueryEscape("http://127.0.0.1/respond/1")
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
func sharePress(user, value string) string {
	payload, _ := json.Marshal(map[string]any{
		"type": "block_actions", "user": map[string]string{"id": user}, "channel": map[string]string{"id": "C0CLOUD"},
		"trigger_id": "t-" + user + value, "response_url": "http://127.0.0.1/respond/1",
		"actions": []map[string]string{{"type": "button", "action_id": ShareAction, "block_id": "b", "value": value}},
	})
	return string(payload)
}

// Share answers in the channel, with who shared, and takes the private answer
// away; over HTTP as over a socket, and once.
func TestShare(t *testing.T) {
	socketTest(t, nil, func(t *testing.T, s *socketSlack, socket *Socket) {
		a := <-s.accepted
		frame := `{"envelope_id":"s1","type":"interactive","payload":` + sharePress("U012AB3CD", "by zone") + `}`
		for range 2 {
			a.send(t, "%s", frame)
			a.acked(t, "s1")
		}
		form := "payload=" + url.QueryEscape(sharePress("U999", "top"))
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
		if fmt.Sprint(all) != fmt.Sprint(want) || len(s.answers) != 0 {
			t.Errorf("got %v and %d more answers, want %v", all, len(s.answers), want)
		}
	})
}

// A button's value is data: it can ask, and do nothing else.
func TestShareOnlyAsks(t *testing.T) {
	nobody := func(_ *socketSlack, c *CommandsConfig) { c.Read = Access{IDs: []string{"U1"}} }
	for value, want := range map[string]string{"by zone": "You may not ask", "ack k3v7qd2a": ""} {
		socketTest(t, nobody, func(t *testing.T, s *socketSlack, socket *Socket) {
			a := <-s.accepted
			user := "U012AB3CD"
			if want == "" {
				user = "U1"
			}
			a.send(t, "%s", `{"envelope_id":"s1","type":"interactive","payload":`+sharePress(user, value)+`}`)
			a.acked(t, "s1")
			synctest.Wait()
			if n := len(s.answers); (want == "") != (n == 0) {
				t.Errorf("%s: %d answers", value, n)
			} else if n > 0 {
				if got := <-s.answers; !strings.Contains(got, want) || !strings.Contains(got, "ephemeral") {
					t.Errorf("%s: got %s, want %q, privately", value, got, want)
				}
			}
		})
	}
}
