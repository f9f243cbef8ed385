package slack

import (
	"context"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/billbot/billbot/notifier/slack/slackfake"
	"github.com/slack-go/slack/slackevents"
)

// What Slack signed for another app is not acted on, whichever address it comes
// to, once it is known which app is billbot's.
func TestPayloadsOfOtherAppsOverHTTP(t *testing.T) {
	for _, tt := range []struct {
		known, from string
		want        int
	}{
		{"", "A1", http.StatusOK},
		{"A1", "A1", http.StatusOK},
		{"A1", "", http.StatusOK}, // it names none
		{"A1", "A2", http.StatusForbidden},
	} {
		app := &App{}
		app.Learn(tt.known)
		handled := 0
		c := newCommands(t, func(config *CommandsConfig) {
			config.App, config.Event = app, func(context.Context, slackevents.EventsAPIEvent) { handled++ }
		})
		command := commandBody("") + "&api_app_id=" + tt.from
		pressed := "payload=" + url.QueryEscape(`{"type":"block_actions","api_app_id":"`+tt.from+`"}`)
		event := `{"api_app_id":"` + tt.from + `","type":"event_callback","event":{"type":"app_home_opened","user":"U012AB3CD","tab":"home"}}`
		r := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(pressed))
		r.Header = sign(testSecret, pressed, time.Now())
		press := httptest.NewRecorder()
		c.ServeInteraction(press, r)
		for way, got := range map[string]int{
			"command": post(c, http.MethodPost, "/", command, sign(testSecret, command, time.Now())).Code,
			"press":   press.Code,
			"event":   postEvent(c, event, sign(testSecret, event, time.Now())).Code,
		} {
			if got != tt.want {
				t.Errorf("a %s of app %q to app %q: got %d, want %d", way, tt.from, tt.known, got, tt.want)
			}
		}
		if (handled == 1) != (tt.want == http.StatusOK) {
			t.Errorf("of app %q to app %q: %d events were handled", tt.from, tt.known, handled)
		}
	}
}

// A socket's greeting names its app.
func TestPayloadsOfOtherAppsOverSockets(t *testing.T) {
	socketTest(t, nil, func(t *testing.T, s *socketSlack, socket *Socket) {
		a := s.accept()
		for id, app := range map[string]string{"s1": slackfake.App, "s2": "A2"} {
			command := s.Command("U1", "#cloud-spend", "/spend", "")
			command.Payload = strings.Replace(command.Payload, slackfake.App, app, 1)
			a.bring(t, id, command)
		}
		synctest.Wait()
		if n, ids := s.answered(), socket.config.Commands.config.App.IDs(); n != 1 || len(ids) != 1 || ids[0] != slackfake.App {
			t.Errorf("%d answers, for the app %v, want one for %s", n, ids, slackfake.App)
		}
	})
}
