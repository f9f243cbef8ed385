package main

import (
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"time"
)

// fakeSlack is the part of Slack's Web API that billbot uses, with messages
// that can be read back and faults that can be scripted. It is the oracle for
// what was posted, and how often.
type fakeSlack struct {
	mu       sync.Mutex
	messages []*slackMessage
	fault    func(method string, n int) *slackFault // nil: none
	calls    int
	changed  chan struct{}   // closed and replaced at each accepted call
	scopes   map[string]bool // beside chat:write; nil: all
}

const fakeSlackToken = "xoxb-fake-slack-token"

// slackMessage is a message in a channel, as it is now.
type slackMessage struct {
	Channel, TS, Thread string
	Broadcast           bool
	Text                string
	Blocks              string
	EventType, Key      string // of its metadata
	Metadata            json.RawMessage
	Edits               int
	from                time.Time // when it can be read back
}

// slackFault is an answer in place of the right one.
type slackFault struct {
	status int
	body   string
	header http.Header
	hang   <-chan struct{} // no answer until it is closed; nil: answer at once
	// accepted is set when the call has its effect, late after that time, and
	// only the answer is a fault.
	accepted bool
	late     time.Duration
	cut      bool // the connection ends without an answer
}

func newFakeSlack() *fakeSlack { return &fakeSlack{changed: make(chan struct{})} }

func (f *fakeSlack) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	method := strings.TrimPrefix(r.URL.Path, "/api/")
	if fault := f.next(method); fault != nil {
		if fault.accepted {
			f.accept(httptest.NewRecorder(), r, method, fault.late)
		}
		fault.answer(w, r)
		return
	}
	f.accept(w, r, method, 0)
}

// accept does what a call asks for.
func (f *fakeSlack) accept(w http.ResponseWriter, r *http.Request, method string, late time.Duration) {
	if r.FormValue("token") != fakeSlackToken && r.Header.Get("Authorization") != "Bearer "+fakeSlackToken {
		fmt.Fprint(w, `{"ok":false,"error":"invalid_auth"}`)
		return
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	switch method {
	case "chat.postMessage":
		f.post(w, r, late)
	case "chat.update":
		f.update(w, r)
	case "conversations.history", "conversations.replies", "users.conversations":
		f.read(w, r, method)
	default:
		fmt.Fprint(w, `{"ok":false,"error":"unknown_method"}`)
	}
	close(f.changed)
	f.changed = make(chan struct{})
}

func (f *fakeSlack) next(method string) *slackFault {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.calls++
	if f.fault == nil {
		return nil
	}
	return f.fault(method, f.calls)
}

func (s *slackFault) answer(w http.ResponseWriter, r *http.Request) {
	io.Copy(io.Discard, r.Body)
	if s.hang != nil {
		select {
		case <-s.hang:
		case <-r.Context().Done():
		}
		return
	}
	if s.cut {
		panic(http.ErrAbortHandler)
	}
	maps.Copy(w.Header(), s.header)
	w.WriteHeader(s.status)
	io.WriteString(w, s.body)
}

func (f *fakeSlack) post(w http.ResponseWriter, r *http.Request, late time.Duration) {
	m := &slackMessage{
		Channel: channelID(r.FormValue("channel")), TS: fmt.Sprintf("%d.%06d", time.Now().Unix(), len(f.messages)+1),
		Thread: r.FormValue("thread_ts"), Broadcast: r.FormValue("reply_broadcast") == "true",
	}
	m.read(r)
	m.from = time.Now().Add(late)
	f.messages = append(f.messages, m)
	answerMessage(w, m)
}

func (f *fakeSlack) update(w http.ResponseWriter, r *http.Request) {
	for _, m := range f.messages {
		if m.TS == r.FormValue("ts") && m.Channel == r.FormValue("channel") {
			m.read(r)
			m.Edits++
			answerMessage(w, m)
			return
		}
	}
	fmt.Fprint(w, `{"ok":false,"error":"message_not_found"}`)
}

func (m *slackMessage) read(r *http.Request) {
	m.Text, m.Blocks, m.Metadata = r.FormValue("text"), r.FormValue("blocks"), json.RawMessage(r.FormValue("metadata"))
	var metadata struct {
		EventType string         `json:"event_type"`
		Payload   map[string]any `json:"event_payload"`
	}
	if json.Unmarshal([]byte(r.FormValue("metadata")), &metadata) == nil {
		m.EventType, m.Key = metadata.EventType, fmt.Sprint(metadata.Payload["key"])
	}
}

func answerMessage(w http.ResponseWriter, m *slackMessage) {
	json.NewEncoder(w).Encode(map[string]any{"ok": true, "channel": m.Channel, "ts": m.TS})
}

// channelID is the ID of a channel by name: chat.update wants IDs.
func channelID(name string) string {
	if !strings.HasPrefix(name, "#") {
		return name
	}
	return "C" + strings.ToUpper(strings.TrimPrefix(name, "#"))
}

// posted returns the messages of an event type; "" means all.
func (f *fakeSlack) posted(eventType string) []slackMessage {
	f.mu.Lock()
	defer f.mu.Unlock()
	var found []slackMessage
	for _, m := range f.messages {
		if eventType == "" || m.EventType == eventType {
			found = append(found, *m)
		}
	}
	return found
}

// inChannel returns the messages that are not in a thread alone.
func (f *fakeSlack) inChannel() []slackMessage {
	return slices.DeleteFunc(f.posted(""), func(m slackMessage) bool { return m.Thread != "" && !m.Broadcast })
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
	for _, m := range f.posted("") {
		edits += m.Edits
	}
	return edits
}

// failing sets what goes wrong from now on.
func (f *fakeSlack) failing(fault func(method string, n int) *slackFault) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.fault = fault
}

// change is closed at the next accepted call.
func (f *fakeSlack) change() <-chan struct{} {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.changed
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

// recorded serves requests through a recorder.
type recorded struct{ handler http.Handler }

func (h recorded) RoundTrip(r *http.Request) (*http.Response, error) {
	w := httptest.NewRecorder()
	h.handler.ServeHTTP(w, r)
	return w.Result(), nil
}
