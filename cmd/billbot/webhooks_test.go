package main

import (
	"bytes"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/santhosh-tekuri/jsonschema/v6"
	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"

	"github.com/billbot/billbot/fetcher"
	"github.com/billbot/billbot/rules"
)

const hookSecret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"

// hookRules are rules with one webhook at an address.
func hookRules(url string) string {
	return `
accounts:
  - {name: production, id: d0a1a40004778704200000000000a9c2}
slack: {channel: "#cloud-spend"}
summaries: [{every: day, at: "06:00"}]
webhooks:
  - {name: automation, url: "` + url + `", allow_private: true}
rules:
  - name: runaway
    spike: {}
`
}

// hooked is a billbot that tells a webhook on loopback.
type hooked struct {
	*world
	eng *engine
}

func newHooked(t *testing.T, url string) *hooked {
	t.Helper()
	recording, err := loopRecording()
	if err != nil {
		t.Fatal(err)
	}
	h := &hooked{world: newWorld(t, hookRules(url), recording)}
	hosts := maps.Clone(h.env.transport.(inProcess))
	hosts[strings.TrimPrefix(url, "http://")] = http.DefaultTransport
	getenv := h.env.getenv
	h.env.transport = hosts
	h.env.getenv = func(name string) string {
		if name == "BILLBOT_WEBHOOK_SECRET" {
			return hookSecret
		}
		return getenv(name)
	}
	h.eng = h.open(t)
	t.Cleanup(func() { h.eng.store.Close() })
	return h
}

// morning polls and delivers at seven on a day.
func (h *hooked) morning(t *testing.T, day string) time.Time {
	t.Helper()
	d, err := fetcher.ParseDay(day)
	if err != nil {
		t.Fatal(err)
	}
	now := d.Time().Add(7 * time.Hour)
	h.cloud.SetNow(now)
	if err := h.eng.sweep(t.Context(), now); err != nil {
		t.Fatal(err)
	}
	h.deliver(t, now)
	return now
}

func (h *hooked) deliver(t *testing.T, now time.Time) {
	t.Helper()
	if err := h.eng.deliver(t.Context(), now); err != nil {
		t.Fatal(err)
	}
}

// receiver is the other side of a webhook: it keeps what verifies.
type receiver struct {
	mu     sync.Mutex
	bodies [][]byte
	ids    map[string]int
	broken bool // answers 500, after it took the event
}

func (r *receiver) ServeHTTP(w http.ResponseWriter, request *http.Request) {
	body, _ := io.ReadAll(request.Body)
	verifier, err := standardwebhooks.NewWebhook(hookSecret)
	if err == nil {
		err = verifier.Verify(body, request.Header)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if err != nil {
		http.Error(w, err.Error(), http.StatusUnauthorized)
		return
	}
	id := request.Header.Get("webhook-id")
	if r.ids[id]++; r.ids[id] == 1 {
		r.bodies = append(r.bodies, body)
	}
	if r.broken {
		w.WriteHeader(http.StatusInternalServerError)
	}
}

// What happens to an alert is told by events that verify and fit the published
// schema, each under one ID however often it is sent; Slack hears the same
// meanwhile.
func TestWebhookIsTold(t *testing.T) {
	t.Parallel()
	other := &receiver{ids: map[string]int{}, broken: true}
	server := httptest.NewServer(other)
	defer server.Close()
	h := newHooked(t, server.URL)
	h.morning(t, "2026-04-03")
	now := h.morning(t, "2026-04-04")
	alerts, err := h.eng.store.Alerts(t.Context())
	if err != nil || len(alerts) != 1 {
		t.Fatal(alerts, err)
	}
	id := alerts[0].Alert.ID
	if err := h.eng.Acknowledge(t.Context(), id, "U0ADA", now); err != nil {
		t.Fatal(err)
	}
	if err := h.eng.Snooze(t.Context(), id, "U0ADA", now.Add(time.Hour), now); err != nil {
		t.Fatal(err)
	}
	if told := h.slack.Messages("#cloud-spend"); len(told) == 0 {
		t.Error("Slack heard nothing while the webhook was broken")
	}
	other.mu.Lock()
	other.broken = false
	other.mu.Unlock()
	for range 12 {
		now = now.Add(time.Hour)
		h.deliver(t, now)
	}
	h.morning(t, "2026-04-20")
	wantEvents(t, other, "summary", "fired", "summary", "acknowledged", "snoozed", "resolved")
}

// wantEvents wants events of types, in any order, that fit the schema; one was
// sent again.
func wantEvents(t *testing.T, r *receiver, types ...string) {
	t.Helper()
	schema, err := jsonschema.NewCompiler().Compile(filepath.Join("..", "..", "docs", "webhook.schema.json"))
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]int{}
	for _, body := range r.bodies {
		document, err := jsonschema.UnmarshalJSON(bytes.NewReader(body))
		if err == nil {
			err = schema.Validate(document)
		}
		if err != nil {
			t.Errorf("%s: %v", body, err)
			continue
		}
		got[fmt.Sprint(document.(map[string]any)["type"])]++
	}
	for _, name := range types {
		if got[name]--; got[name] < 0 {
			t.Errorf("no (or not so many) events of type %s in %s", name, r.bodies)
		}
	}
	most := 0
	for _, times := range r.ids {
		most = max(most, times)
	}
	if most < 2 {
		t.Error("nothing was sent again")
	}
}

// What docs/webhooks.md shows can be used.
func TestWebhookDocs(t *testing.T) {
	data, err := os.ReadFile(filepath.Join("..", "..", "docs", "webhooks.md"))
	if err != nil {
		t.Fatal(err)
	}
	for i, part := range strings.Split(string(data), "```yaml\n")[1:] {
		snippet, _, _ := strings.Cut(part, "```")
		if r, err := rules.Load("webhooks.md", []byte(snippet)); err != nil || len(r.Warnings) > 0 {
			t.Errorf("rules %d: %v", i+1, err)
		}
	}
	for _, flag := range []string{"alerts --undelivered --resend 12", "alerts --webhook automation", "outbox drop 12 --yes"} {
		var errs bytes.Buffer
		e := env{stdout: io.Discard, stderr: &errs, dir: t.TempDir(), getenv: func(string) string { return "" }}
		run(t.Context(), strings.Fields(flag), e)
		if !strings.Contains(string(data), "billbot "+flag) || strings.Contains(errs.String(), "unknown") {
			t.Errorf("billbot %s: %s", flag, &errs)
		}
	}
}
