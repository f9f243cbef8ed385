package slack

import (
	"encoding/json"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/billbot/billbot/fetcher/secret"
)

// A press is done once, over whichever way it comes; what it cannot do is said
// in private, beside the message whose button it was.
func TestPressesComeOverSocketsAndHTTP(t *testing.T) {
	o := &oneAlert{alert: spikeAlert(t)}
	i := newInteractions(t, o)
	pressing := func(s *socketSlack, c *CommandsConfig) {
		client, err := New(Config{Token: secret.New(testToken), APIURL: "http://127.0.0.1/api", Transport: s})
		if err != nil {
			t.Fatal(err)
		}
		i.config.Client, c.Interactor = client, i
	}
	key := o.alert.ID
	press := func(trigger, action string) string {
		p, _ := json.Marshal(map[string]any{
			"type": "block_actions", "user": map[string]string{"id": "U012AB3CD"}, "channel": map[string]string{"id": "C0CLOUD"},
			"trigger_id": trigger, "response_url": "http://127.0.0.1/respond/1",
			"actions": []map[string]string{{"type": "button", "action_id": action, "block_id": actionBlock, "value": key}},
		})
		return string(p)
	}
	socketTest(t, pressing, func(t *testing.T, s *socketSlack, socket *Socket) {
		a := <-s.accepted
		for _, id := range []string{"p1", "p2"} {
			a.send(t, `{"envelope_id":%q,"type":"interactive","payload":%s}`, id, press("t1", actionAcknowledge))
			a.acked(t, id)
		}
		synctest.Wait()
		if o.alert.AcknowledgedBy != "U012AB3CD" || len(s.answers) != 0 {
			t.Errorf("acknowledged by %q, and %d answers", o.alert.AcknowledgedBy, len(s.answers))
		}
		form := "payload=" + url.QueryEscape(press("t2", actionAcknowledge))
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
