package slack

import (
	"bytes"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/billbot/billbot/fetcher/secret"
	"github.com/billbot/billbot/notifier"
)

// hook is a webhook of Slack's that answers from a script, then with ok.
type hook struct {
	*httptest.Server
	script []http.HandlerFunc
	mu     sync.Mutex // a request that hangs is at work when its sender is not
	posted []map[string]any
}

// count is how many requests came.
func (h *hook) count() int {
	h.mu.Lock()
	defer h.mu.Unlock()
	return len(h.posted)
}

const hookSecret = "/services/T000/B000/canary7731"

func newHook(t *testing.T, script ...http.HandlerFunc) *hook {
	h := &hook{script: script}
	h.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var m map[string]any
		if err := json.NewDecoder(r.Body).Decode(&m); err != nil || r.Method != http.MethodPost {
			t.Errorf("got %s with %v, want a POST of JSON", r.Method, err)
		}
		h.mu.Lock()
		h.posted = append(h.posted, m)
		h.mu.Unlock()
		if len(h.script) > 0 {
			answer := h.script[0]
			h.script = h.script[1:]
			answer(w, r)
			return
		}
		io.WriteString(w, "ok")
	}))
	t.Cleanup(h.Close)
	return h
}

func says(status int, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(status)
		io.WriteString(w, body)
	}
}

// webhookTo returns a poster to an address, whose log and errors must keep it
// secret.
func webhookTo(t *testing.T, address string, timeout time.Duration) (*Webhook, *bytes.Buffer) {
	t.Helper()
	var log bytes.Buffer
	w, err := NewWebhook(WebhookConfig{URL: secret.New(address + hookSecret), Timeout: timeout, Log: slog.New(slog.NewTextHandler(&log, nil))})
	if err != nil {
		t.Fatal(err)
	}
	return w, &log
}

func TestWebhookFaults(t *testing.T) {
	for name, test := range map[string]struct {
		answer http.HandlerFunc
		class  notifier.Class
		says   string
	}{
		"ok":              {says(200, "ok"), notifier.Sent, ""},
		"ok with newline": {says(200, "ok\n"), notifier.Sent, ""},
		"a page":          {says(200, "<html>Slack</html>"), notifier.Ambiguous, "the answer is not ok"},
		"huge body":       {says(200, strings.Repeat("ok", 5<<20)), notifier.Ambiguous, "the answer is not ok"},
		"its own address": {says(200, "posted to "+hookSecret), notifier.Ambiguous, "the answer is not ok"},
		"redirect":        {func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/", http.StatusFound) }, notifier.Closed, "make a new one"},
		"500":             {says(500, "rollup_error"), notifier.Ambiguous, "HTTP status 500"},
		"no_service":      {says(404, "no_service"), notifier.Closed, "make a new one"},
		"archived":        {says(410, "channel_is_archived"), notifier.Closed, "unarchive"},
		"unknown word":    {says(400, hookSecret), notifier.Retry, "HTTP status 400"},
		"hangs up": {func(w http.ResponseWriter, _ *http.Request) {
			conn, _, _ := w.(http.Hijacker).Hijack()
			conn.Close()
		}, notifier.Ambiguous, "sending to the webhook"},
		"hangs": {func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }, notifier.Ambiguous, "sending to the webhook"},
		"busy": {func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Retry-After", "7")
			w.WriteHeader(429)
		}, notifier.Retry, "wait 7s"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := newHook(t, test.answer)
			timeout := time.Duration(0)
			if name == "hangs" {
				timeout = 300 * time.Millisecond
			}
			w, log := webhookTo(t, h.URL, timeout)
			out := w.Send(t.Context(), contents(t)["welcome"], nil)
			if out.Class != test.class || out.Err != nil && !strings.Contains(out.Err.Error(), test.says) {
				t.Errorf("got %s %v, want %s, saying %q", out.Class, out.Err, test.class, test.says)
			}
			if n := h.count(); n != 1 {
				t.Errorf("got %d requests, want one", n)
			}
			if told := log.String(); strings.Contains(told, "canary7731") || out.Err != nil && strings.Contains(out.Err.Error(), "canary7731") {
				t.Errorf("the secret was told: %v, log %s", out.Err, told)
			}
		})
	}
}

func TestWebhookThatCannotBeReachedKeepsItsAddress(t *testing.T) {
	gone := httptest.NewServer(nil)
	gone.Close()
	w, _ := webhookTo(t, gone.URL, 0)
	out := w.Send(t.Context(), contents(t)["welcome"], nil)
	if out.Class != notifier.Retry || strings.Contains(out.Err.Error(), "canary7731") {
		t.Errorf("got %s %v, want a retry without the address", out.Class, out.Err)
	}
}

func TestWebhookSendsPlainTextWhereTheLayoutIsRefused(t *testing.T) {
	h := newHook(t, says(400, "invalid_blocks"))
	w, _ := webhookTo(t, h.URL, 0)
	if out := w.Send(t.Context(), contents(t)["welcome"], nil); out.Class != notifier.Sent || len(h.posted) != 2 || h.posted[1]["blocks"] != nil {
		t.Errorf("got %+v after %d posts, want it sent by the second, without blocks", out, len(h.posted))
	}
	h = newHook(t, says(400, "invalid_payload"), says(400, "invalid_payload"))
	w, _ = webhookTo(t, h.URL, 0)
	if out := w.Send(t.Context(), contents(t)["welcome"], nil); out.Class != notifier.Refused {
		t.Errorf("got %+v, want it refused", out)
	}
}

func TestWebhookPostsWhatABotWouldEdit(t *testing.T) {
	h := newHook(t)
	w, _ := webhookTo(t, h.URL, 0)
	item := contents(t)["budget_over"]
	send := func(item notifier.Item, receipt *notifier.Receipt, posts int) *notifier.Receipt {
		t.Helper()
		out := w.Send(t.Context(), item, receipt)
		if out.Class != notifier.Sent || len(h.posted) != posts {
			t.Fatalf("got %+v after %d posts, want %d", out, len(h.posted), posts)
		}
		return &out.Receipt
	}
	item.Silent = true
	at := send(item, nil, 1) // newer figures, but nobody heard the older ones
	send(item, at, 1)        // newer figures alone
	item.Silent = false
	send(item, at, 2) // it grew worse, or ended
	item.Reply = true
	send(item, at, 2) // which the message says
	item.Quiet = true
	send(item, at, 2) // as it does what people did
	send(inThread(storm(t, 15, nil)), at, 3)
	if h.posted[0]["text"] == "" || h.posted[0]["metadata"] != nil {
		t.Errorf("got %v, want a text and no metadata", h.posted[0])
	}
}

func TestWebhookAddresses(t *testing.T) {
	for _, bad := range []string{"", "hooks.slack.com/services/canary7731", "http://hooks.slack.com/services/canary7731", "https://%zz/canary7731"} {
		_, err := NewWebhook(WebhookConfig{URL: secret.New(bad)})
		if err == nil || strings.Contains(err.Error(), "canary7731") {
			t.Errorf("%q: got %v, want an error without the address", bad, err)
		}
	}
}
