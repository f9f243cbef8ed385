package slack

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/billbot/billbot/notifier"
	"github.com/google/go-cmp/cmp"
)

// unsure is an item whose answer was lost a minute ago.
func unsure(t *testing.T, name string) notifier.Item {
	t.Helper()
	item := contents(t)[name]
	item.ID, item.Version, item.UnsureSince = 12, 2, time.Now().Add(-time.Minute)
	return item
}

// messages answers with a page of messages that show items.
func messages(cursor string, shown ...notifier.Item) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		var page []map[string]any
		page = append(page, map[string]any{"type": "message", "text": "of a person", "ts": "9.9"})
		for i, item := range shown {
			page = append(page, map[string]any{"type": "message", "ts": fmt.Sprintf("1775200000.%06d", i+1), "metadata": Render(item).Metadata})
		}
		_ = json.NewEncoder(w).Encode(map[string]any{
			"ok": true, "messages": page, "response_metadata": map[string]string{"next_cursor": cursor},
		})
	}
}

func TestFindTellsMessagesApart(t *testing.T) {
	t.Parallel()
	item, reply := unsure(t, "spike_warning"), unsure(t, "escalation_reply")
	older, otherKey, otherItem := item, item, item
	older.Version, otherKey.Key, otherItem.ID = 1, "other", 11
	otherReply := reply
	otherReply.ID = 11
	tests := []struct {
		name    string
		item    notifier.Item
		shown   []notifier.Item
		want    notifier.Class
		version int
		ts      string
	}{
		{"there", item, []notifier.Item{otherKey, reply, item}, notifier.Sent, 2, "1775200000.000003"},
		{"with older content", item, []notifier.Item{older}, notifier.Sent, 1, "1775200000.000001"},
		{"of an older item", item, []notifier.Item{otherItem}, notifier.Sent, 0, "1775200000.000001"},
		{"not there", item, []notifier.Item{otherKey, reply}, notifier.Missing, 0, ""},
		{"a reply", reply, []notifier.Item{item, otherReply, reply}, notifier.Sent, 2, "1775200000.000003"},
		{"another reply", reply, []notifier.Item{item, otherReply}, notifier.Missing, 0, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := newServer(t, messages("", tt.shown...))
			got := s.client(t).Find(t.Context(), tt.item, notifier.Receipt{Channel: "C0CLOUD", TS: "5.5"})
			if got.Class != tt.want || got.Version != tt.version || got.Receipt.TS != tt.ts {
				t.Errorf("got %+v, want %s, version %d at %q", got, tt.want, tt.version, tt.ts)
			}
		})
	}
}

func TestFindReadsOnAndAsksForTheChannel(t *testing.T) {
	t.Parallel()
	item := unsure(t, "spike_warning")
	channels := body(`{"ok":true,"channels":[{"id":"C0OTHER","name":"other"},{"id":"C0CLOUD","name":"cloud-spend"}]}`)
	s := newServer(t, channels, messages("next"), messages("", item))
	got := s.client(t).Find(t.Context(), item, notifier.Receipt{})
	checkOutcome(t, got, notifier.Sent, "")
	if got.Receipt.Channel != "C0CLOUD" {
		t.Errorf("found in %s, want C0CLOUD", got.Receipt.Channel)
	}
	type asked struct{ Method, Channel, Cursor, Metadata string }
	var requests []asked
	for _, r := range s.requests() {
		requests = append(requests, asked{r.method, r.form.Get("channel"), r.form.Get("cursor"), r.form.Get("include_all_metadata")})
		if oldest := r.form.Get("oldest"); r.method == "conversations.history" && oldest != slackTime(item.UnsureSince) {
			t.Errorf("looks back to %q, want %s", oldest, slackTime(item.UnsureSince))
		}
	}
	want := []asked{
		{"users.conversations", "", "", ""},
		{"conversations.history", "C0CLOUD", "", "1"},
		{"conversations.history", "C0CLOUD", "next", "1"},
	}
	if diff := cmp.Diff(want, requests); diff != "" {
		t.Errorf("requests differ (-want +got):\n%s", diff)
	}
}

// With the scope for one kind of channels alone, Slack refuses a question about
// both; those of that kind are found all the same.
func TestFindAsksForWhatItMay(t *testing.T) {
	t.Parallel()
	item := unsure(t, "spike_warning")
	for _, may := range []string{"public_channel", "private_channel"} {
		kinds := func(w http.ResponseWriter, r *http.Request) {
			if r.PostForm.Get("types") != may {
				io.WriteString(w, `{"ok":false,"error":"missing_scope","needed":"the other"}`)
				return
			}
			io.WriteString(w, `{"ok":true,"channels":[{"id":"C0CLOUD","name":"cloud-spend"}]}`)
		}
		s := newServer(t)
		s.Config.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			r.ParseForm()
			if r.URL.Path == "/api/users.conversations" {
				kinds(w, r)
				return
			}
			if got := r.PostForm.Get("channel"); got != "C0CLOUD" {
				t.Errorf("%s: looks in %q, want C0CLOUD", may, got)
			}
			messages("", item)(w, r)
		})
		checkOutcome(t, s.client(t).Find(t.Context(), item, notifier.Receipt{}), notifier.Sent, "")
	}
}

func TestFindJudgesErrors(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name   string
		answer http.HandlerFunc
		want   notifier.Class
		says   string
	}{
		{"no scope", body(`{"ok":false,"error":"missing_scope","needed":"channels:history"}`), notifier.Blind, "add the scope channels:history"},
		{"not in it", refuse("not_in_channel"), notifier.Blind, "invite @billbot"},
		{"revoked", refuse("token_revoked"), notifier.Closed, "reinstall"},
		{"ill", refuse("internal_error"), notifier.Retry, "internal_error"},
		{"502", status(502, ""), notifier.Retry, "502"},
		{"busy", status(429, "7"), notifier.Retry, "7s"},
		{"lost", hangUp, notifier.Retry, "EOF"},
		{"hangs", stall, notifier.Retry, "looking in C0CLOUD"},
		{"no JSON", body("<html>"), notifier.Retry, "invalid character"},
		{"endless", func(w http.ResponseWriter, _ *http.Request) {
			io.WriteString(w, `{"ok":true,"x":"`+strings.Repeat("x", maxResponse))
		}, notifier.Retry, "looking in C0CLOUD"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := newServer(t, tt.answer)
			got := s.client(t).Find(t.Context(), unsure(t, "welcome"), notifier.Receipt{Channel: "C0CLOUD"})
			if got.Class != tt.want || got.Err != nil && !strings.Contains(got.Err.Error(), tt.says) {
				t.Errorf("got %+v, want %s that says %q", got, tt.want, tt.says)
			}
			if got.Class != notifier.Missing && got.Err == nil {
				t.Error("no error")
			}
		})
	}
}

func TestFindDoesNotReadForEver(t *testing.T) {
	t.Parallel()
	pages := make([]http.HandlerFunc, maxPages)
	for i := range pages {
		pages[i] = messages("more")
	}
	s := newServer(t, pages...)
	got := s.client(t).Find(t.Context(), unsure(t, "welcome"), notifier.Receipt{Channel: "C0CLOUD"})
	if got.Class != notifier.Blind || len(s.requests()) != maxPages {
		t.Errorf("got %+v after %d pages, want blind after %d", got, len(s.requests()), maxPages)
	}
}

func TestRepeatSaysSo(t *testing.T) {
	for name, item := range contents(t) {
		item.Repeat = 1
		m := Render(item)
		if !strings.HasPrefix(m.Text, "May be a repeat: ") || len(m.Blocks) > 0 && !strings.Contains(PlainText(m), "May be a repeat") {
			t.Errorf("%s: does not say that it may be a repeat:\n%s", name, PlainText(m))
		}
	}
}
