package slackfake_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/billbot/billbot/notifier/slack/slackfake"
)

func listen(t *testing.T, h http.Handler) string {
	t.Helper()
	server := httptest.NewServer(h)
	t.Cleanup(server.Close)
	return server.URL
}

func responseURL(t *testing.T, r slackfake.Request) string {
	t.Helper()
	var payload struct {
		URL string `json:"response_url"`
	}
	if err := json.Unmarshal([]byte(r.Payload), &payload); err != nil {
		t.Fatal(err)
	}
	return payload.URL
}

func respond(t *testing.T, s *slackfake.Server, url, body string) string {
	t.Helper()
	reply, err := (&http.Client{Transport: s.Transport()}).Post(url, "application/json", strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	said, err := io.ReadAll(reply.Body)
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(string(said))
}

// A response URL is good five times, for half an hour.
func TestResponseURLsEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := slackfake.New("cloud-spend")
		used, old := responseURL(t, s.Command("U0ADA", "cloud-spend", "/spend", "")), responseURL(t, s.Command("U0ADA", "cloud-spend", "/spend", "top"))
		for range 5 {
			if got := respond(t, s, used, `{"text":"hello"}`); got != "ok" {
				t.Errorf("got %s", got)
			}
		}
		if got := respond(t, s, used, `{"text":"hello"}`); got != `{"ok":false,"error":"used_url"}` {
			t.Errorf("the sixth time: %s", got)
		}
		time.Sleep(30*time.Minute + time.Second)
		if got := respond(t, s, old, `{"text":"hello"}`); !strings.Contains(got, "used_url") {
			t.Errorf("after half an hour: %s", got)
		}
		if n := len(s.Answers()); n != 5 {
			t.Errorf("%d answers, want 5", n)
		}
	})
}

// An answer shows for who asked, for all, over the message, or takes it away.
func TestAnswersShow(t *testing.T) {
	s, api := newAPI(t)
	post(t, api, text("alert"))
	press := func() string {
		return responseURL(t, s.PressAs("U0ADA", s.Messages("")[0], slackfake.Action{ID: "share"}))
	}
	for _, tt := range []struct{ body, answer, channel string }{
		{`{"text":"only you"}`, "ok", "alert"},
		{`{"response_type":"ephemeral","text":"only you","replace_original":false}`, "ok", "alert"},
		{`{"response_type":"in_channel","text":"for all"}`, "ok", "alert, for all"},
		{`{"replace_original":true,"text":"changed"}`, "ok", "changed, for all"},
		{`{"delete_original":true}`, "ok", "for all"},
		{`{}`, "invalid_payload", "for all"},
		{`nonsense`, "invalid_payload", "for all"},
	} {
		if got := respond(t, s, press(), tt.body); got != tt.answer {
			t.Errorf("%s: got %s, want %s", tt.body, got, tt.answer)
		}
		var shown []string
		for _, m := range s.Messages("") {
			shown = append(shown, m.Text)
		}
		if got := strings.Join(shown, ", "); got != tt.channel {
			t.Errorf("%s: the channel shows %s, want %s", tt.body, got, tt.channel)
		}
	}
	first, err := s.Answer(t.Context())
	if err != nil || first.Text != "only you" || first.Request.User != "U0ADA" {
		t.Errorf("the first answer: %+v, %v", first, err)
	}
	if got := respond(t, s, s.URL+"/respond/made-up", `{"text":"x"}`); got != "" {
		t.Errorf("a made-up address: %s", got)
	}
}
