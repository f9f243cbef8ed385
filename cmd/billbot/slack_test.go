package main

import (
	"fmt"
	"maps"
	"net/http"
	"slices"

	slackgo "github.com/slack-go/slack"

	"github.com/billbot/billbot/notifier/slack/blockkit"
	"github.com/billbot/billbot/notifier/slack/slackfake"
)

// fakeSlack is the Slack of a test, where billbot's messages are told apart by
// their metadata.
type fakeSlack struct{ *slackfake.Server }

// newFakeSlack returns a Slack with the channels that the tests' rules name.
func newFakeSlack() *fakeSlack {
	s := slackfake.New("cloud-spend", "prod-spend", "data", "spend", "staging")
	s.Limits = keepsLimits
	return &fakeSlack{s}
}

// keepsLimits refuses what Slack would refuse.
func keepsLimits(text string, blocks slackgo.Blocks) (code string) {
	if len(blockkit.Check(blockkit.Page{Text: text, Blocks: blocks.BlockSet})) > 0 {
		return "invalid_blocks"
	}
	return ""
}

// slackMessage is a message with what its metadata says.
type slackMessage struct {
	slackfake.Message
	EventType, Key string
}

// posted returns the messages of an event type; "" means all.
func (f *fakeSlack) posted(eventType string) []slackMessage {
	var found []slackMessage
	for _, m := range f.Messages("") {
		if eventType == "" || m.Metadata.EventType == eventType {
			found = append(found, slackMessage{m, m.Metadata.EventType, fmt.Sprint(m.Metadata.EventPayload["key"])})
		}
	}
	return found
}

// said is the texts of a message, one after the other.
func (f *fakeSlack) said(m slackMessage) []string {
	var texts []string
	for _, e := range f.Log(m.Channel) {
		if e.Message.TS == m.TS {
			texts = append(texts, e.Message.Text)
		}
	}
	return texts
}

// inChannel returns the messages that are not in a thread alone.
func (f *fakeSlack) inChannel() []slackMessage {
	return slices.DeleteFunc(f.posted(""), func(m slackMessage) bool { return !m.InChannel() })
}

// keys returns the keys of the alerts' messages, in order.
func (f *fakeSlack) keys() []string {
	var keys []string
	for _, m := range f.posted("billbot_alert") {
		keys = append(keys, m.Key)
	}
	return keys
}

// edits is how many edits all messages had.
func (f *fakeSlack) edits() int {
	edits := 0
	for _, m := range f.Messages("") {
		edits += m.Edits
	}
	return edits
}

// history says whether the app may read the channels it posts to: it may do
// everything then, and else only post.
func (f *fakeSlack) history(granted bool) {
	if !granted {
		f.Grant("chat:write")
	}
}

// twice returns the keys that stand more than once.
func twice(keys []string) []string {
	seen := map[string]int{}
	for _, k := range keys {
		seen[k]++
	}
	return slices.Sorted(maps.Keys(maps.Collect(func(yield func(string, bool) bool) {
		for k, n := range seen {
			if n > 1 && !yield(k, true) {
				return
			}
		}
	})))
}

// inProcess serves requests by host without a socket, so that they can be made
// inside a synctest bubble.
type inProcess map[string]http.RoundTripper

func (p inProcess) RoundTrip(r *http.Request) (*http.Response, error) {
	t, known := p[r.URL.Host]
	if !known {
		return nil, fmt.Errorf("no such host here: %s", r.URL.Host)
	}
	return t.RoundTrip(r)
}
