package slack

import (
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/billbot/billbot/fetcher/secret"
	"github.com/billbot/billbot/notifier/slack/slackfake"
)

// A press is done once, over whichever way it comes; what it cannot do is said
// in private, beside the message whose button it was.
func TestPressesComeOverSocketsAndHTTP(t *testing.T) {
	o := &oneAlert{alert: spikeAlert(t)}
	i := newInteractions(t, o)
	pressing := func(s *socketSlack, c *CommandsConfig) {
		client, err := New(Config{Token: secret.New(testToken), APIURL: "http://127.0.0.1/api", Transport: s.Transport()})
		if err != nil {
			t.Fatal(err)
		}
		i.config.Client, c.Interactor = client, i
	}
	key := o.alert.ID
	socketTest(t, pressing, func(t *testing.T, s *socketSlack, socket *Socket) {
		a := s.accept()
		press := func() slackfake.Request {
			message := slackfake.Message{Channel: "C0CLOUD"}
			return s.PressAs("U012AB3CD", message, slackfake.Action{ID: actionAcknowledge, BlockID: actionBlock, Value: key})
		}
		once := press()
		a.bring(t, "p1", once)
		a.bring(t, "p2", once)
		synctest.Wait()
		if o.alert.AcknowledgedBy != "U012AB3CD" || s.answered() != 0 {
			t.Errorf("acknowledged by %q, and %d answers", o.alert.AcknowledgedBy, s.answered())
		}
		_, form := press().Body()
		r := httptest.NewRequest("POST", "/slack/interactions", strings.NewReader(form))
		r.Header = sign(testSecret, form, time.Now())
		w := httptest.NewRecorder()
		socket.config.Commands.ServeInteraction(w, r)
		if got := s.answer(t); w.Code != 200 || w.Body.Len() != 0 || !strings.Contains(got, "That is done already.") ||
			!strings.Contains(got, "ephemeral") || !strings.Contains(got, `"replace_original":false`) {
			t.Errorf("got %d %q over HTTP, and the answer %s", w.Code, w.Body, got)
		}
		i.Wait()
	})
}
