package slack

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/slack-go/slack"
)

func TestOneWorkspaceMayAsk(t *testing.T) {
	body := commandBody("")
	pressed := "payload=" + url.QueryEscape(`{"type":"block_actions","team":{"id":"T1"}}`)
	for team, want := range map[string]int{"": http.StatusOK, "T1": http.StatusOK, "T2": http.StatusForbidden} {
		c := newCommands(t, func(config *CommandsConfig) { config.Team = team })
		w := post(c, http.MethodPost, "/", body, sign(testSecret, body, time.Now()))
		if w.Code != want || want == http.StatusForbidden && w.Body.Len() > 0 {
			t.Errorf("team %q: got %d %s, want %d", team, w.Code, w.Body, want)
		}
		r := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(pressed))
		r.Header = sign(testSecret, pressed, time.Now())
		w = httptest.NewRecorder()
		if c.ServeInteraction(w, r); w.Code != want || w.Body.Len() > 0 {
			t.Errorf("team %q: a press got %d %s, want %d", team, w.Code, w.Body, want)
		}
	}
}

func TestOneWorkspaceMayAskOverSockets(t *testing.T) {
	other := func(_ *socketSlack, c *CommandsConfig) { c.Team = "T2" }
	socketTest(t, other, func(t *testing.T, s *socketSlack, _ *Socket) {
		a := s.accept()
		a.bring(t, "s1", s.Command("U012AB3CD", "#cloud-spend", "/spend", ""))
		a.bring(t, "s2", sharePress(s.Server, "U012AB3CD", "top"))
		synctest.Wait()
		if n := s.answered(); n != 0 {
			t.Errorf("another workspace got %d answers", n)
		}
	})
}

// Where no workspace is set, the bot token's is the one that is answered, as soon
// as it is known. A token of an organisation is of several.
func TestTheTokensWorkspaceMayAsk(t *testing.T) {
	for team, want := range map[string]int{"": http.StatusOK, "T1": http.StatusOK, "T2": http.StatusForbidden, "E2": http.StatusOK} {
		app := &App{}
		look := checking{setup: Setup{App: app}}
		look.workspace(&slack.AuthTestResponse{TeamID: team})
		c := newCommands(t, func(config *CommandsConfig) { config.Team, config.App = "", app })
		body := commandBody("")
		if w := post(c, http.MethodPost, "/", body, sign(testSecret, body, time.Now())); w.Code != want {
			t.Errorf("a token of %q: T1 got %d, want %d", team, w.Code, want)
		}
	}
}
