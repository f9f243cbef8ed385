package slack

import (
	"testing"
	"time"

	"github.com/billbot/billbot/fetcher/secret"
	"github.com/billbot/billbot/notifier"
	"github.com/billbot/billbot/notifier/slack/slackfake"
)

const testToken = "xoxb-canary-7731"

// server is a Slack on loopback that knows the token of these tests.
type server struct{ *slackfake.Server }

// newServer returns a Slack whose first answers go wrong as the script says.
func newServer(t *testing.T, script ...slackfake.Fault) *server {
	s := &server{slackfake.New("other", "cloud-spend")}
	s.BotToken = testToken
	s.Script(script...)
	t.Cleanup(s.Listen())
	return s
}

// old puts a message of billbot's there, and returns its receipt.
func (s *server) old() *notifier.Receipt {
	m := s.Put(slackfake.Message{Channel: slackfake.ChannelID("cloud-spend"), User: slackfake.User, Text: "before"})
	return &notifier.Receipt{Channel: m.Channel, TS: m.TS}
}

func (s *server) requests() []slackfake.Call { return s.Calls() }

func refuse(code string) slackfake.Fault { return slackfake.Refused(code) }

// status is an answer without a body, and with a Retry-After if there is one.
func status(code int, retryAfter string) slackfake.Fault {
	f := slackfake.Fault{Status: code}
	if retryAfter != "" {
		f.Header = map[string][]string{"Retry-After": {retryAfter}}
	}
	return f
}

func body(text string) slackfake.Fault { return slackfake.Fault{Status: 200, Body: text} }

func (s *server) client(t *testing.T) *Client {
	t.Helper()
	c, err := New(Config{Token: secret.New(testToken), APIURL: s.URL + "/api", Timeout: time.Second})
	if err != nil {
		t.Fatal(err)
	}
	return c
}
