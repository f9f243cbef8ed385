package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"

	slackgo "github.com/slack-go/slack"

	"github.com/billbot/billbot/fetcher"
	"github.com/billbot/billbot/notifier/slack"
)

// transcript stands between billbot and a Slack, and writes down what Slack
// accepts: posts, edits and replies, in order. Messages are called m1, m2 and so
// on, as every Slack has another ts.
type transcript struct {
	slack http.RoundTripper

	mu    sync.Mutex
	text  strings.Builder
	names map[string]string // by ts
	keys  []string          // of the alerts' messages
}

func newTranscript(slack http.RoundTripper) *transcript {
	return &transcript{slack: slack, names: map[string]string{}}
}

func (n *transcript) client() *http.Client { return &http.Client{Transport: n.slack} }

// at begins a day.
func (n *transcript) at(day fetcher.Day) {
	n.mu.Lock()
	defer n.mu.Unlock()
	fmt.Fprintf(&n.text, "== %s\n", day)
}

func (n *transcript) String() string {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.text.String()
}

// alerts returns the keys of the messages of alerts, as they were posted.
func (n *transcript) alerts() []string {
	n.mu.Lock()
	defer n.mu.Unlock()
	return slices.Clone(n.keys)
}

// RoundTrip passes a request on, and writes down what it did.
func (n *transcript) RoundTrip(r *http.Request) (*http.Response, error) {
	asked, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	r.Body = io.NopCloser(bytes.NewReader(asked))
	reply, err := n.slack.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	defer reply.Body.Close()
	answer, err := io.ReadAll(reply.Body)
	if err != nil {
		return nil, err
	}
	reply.Body = io.NopCloser(bytes.NewReader(answer))
	return reply, n.note(strings.TrimPrefix(r.URL.Path, "/api/"), asked, answer)
}

// note writes down what a call said, or why not. Calls that say nothing are left
// out: of those not every Slack has all.
func (n *transcript) note(method string, asked, answered []byte) error {
	if !strings.HasPrefix(method, "chat.") {
		return nil
	}
	form, err := url.ParseQuery(string(asked))
	if err != nil {
		return err
	}
	var answer struct {
		OK    bool
		Error string
		TS    string
	}
	if err := json.Unmarshal(answered, &answer); err != nil {
		return fmt.Errorf("%s was answered %.200q: %w", method, answered, err)
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	if !answer.OK {
		fmt.Fprintf(&n.text, "%s: %s\n", method, answer.Error)
		return nil
	}
	switch method {
	case "chat.postMessage":
		n.posted(form, answer.TS)
	case "chat.update":
		fmt.Fprintf(&n.text, "edit %s: %s\n", n.name(form.Get("ts")), form.Get("text"))
	}
	return nil
}

// posted writes down a new message. The lock is held.
func (n *transcript) posted(form url.Values, ts string) {
	var metadata slackgo.SlackMetadata
	json.Unmarshal([]byte(form.Get("metadata")), &metadata)
	if metadata.EventType == slack.EventAlert {
		n.keys = append(n.keys, fmt.Sprint(metadata.EventPayload["key"]))
	}
	what := "post " + n.name(ts)
	if thread := form.Get("thread_ts"); thread != "" {
		what = "reply " + n.name(ts) + " to " + n.name(thread)
	}
	if form.Get("reply_broadcast") == "true" {
		what += ", in the channel too"
	}
	fmt.Fprintf(&n.text, "%s: %s\n", what, form.Get("text"))
}

func (n *transcript) name(ts string) string {
	if n.names[ts] == "" {
		n.names[ts] = fmt.Sprint("m", len(n.names)+1)
	}
	return n.names[ts]
}

// readBack reads the channel through Slack's API: each message as people see
// it, and its thread below it.
func (n *transcript) readBack(t *testing.T, api *slackgo.Client, channel string) string {
	t.Helper()
	history, err := api.GetConversationHistoryContext(t.Context(), &slackgo.GetConversationHistoryParameters{ChannelID: channel, Limit: 200})
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	for _, m := range slices.Backward(history.Messages) {
		if m.ThreadTimestamp != "" && m.ThreadTimestamp != m.Timestamp {
			continue // a reply that the channel shows too is told in its thread
		}
		fmt.Fprintf(&b, "\n%s, edited %t\n%s\n", n.name(m.Timestamp), m.Edited != nil, shownText(m))
		replies, _, _, err := api.GetConversationRepliesContext(t.Context(), &slackgo.GetConversationRepliesParameters{ChannelID: channel, Timestamp: m.Timestamp, Limit: 200})
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range replies[1:] {
			fmt.Fprintf(&b, "  %s: %s\n", n.name(r.Timestamp), strings.ReplaceAll(shownText(r), "\n", "\n    "))
		}
	}
	return b.String()
}

func shownText(m slackgo.Message) string {
	return slack.PlainText(slack.Message{Text: m.Text, Blocks: m.Blocks.BlockSet})
}
