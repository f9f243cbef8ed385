package slack

import (
	"strings"
	"testing"
	"time"

	"github.com/billbot/billbot/notifier"
	"github.com/billbot/billbot/notifier/slack/slackfake"
	"github.com/google/go-cmp/cmp"
)

// unsure is an item whose answer was lost a minute ago.
func unsure(t *testing.T, name string) notifier.Item {
	t.Helper()
	item := contents(t)[name]
	item.ID, item.Version, item.UnsureSince = 12, 2, time.Now().Add(-time.Minute)
	return item
}

// show puts the message of an item into #cloud-spend, its replies under root.
func (s *server) show(item notifier.Item, root string) slackfake.Message {
	m := slackfake.Message{Channel: slackfake.ChannelID("cloud-spend"), User: slackfake.User, Metadata: Render(item).Metadata}
	if item.Reply {
		m.Thread, m.Broadcast = root, item.Loud()
	}
	return s.Put(m)
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
		at      int // which of shown is found, from 1
	}{
		{"there", item, []notifier.Item{otherKey, reply, item}, notifier.Sent, 2, 3},
		{"with older content", item, []notifier.Item{older}, notifier.Sent, 1, 1},
		{"of an older item", item, []notifier.Item{otherItem}, notifier.Sent, 0, 1},
		{"not there", item, []notifier.Item{otherKey, reply}, notifier.Missing, 0, 0},
		{"a reply", reply, []notifier.Item{item, otherReply, reply}, notifier.Sent, 2, 3},
		{"another reply", reply, []notifier.Item{item, otherReply}, notifier.Missing, 0, 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := newServer(t)
			root := s.old()
			ts := []string{""}
			for _, shown := range tt.shown {
				ts = append(ts, s.show(shown, root.TS).TS)
			}
			got := s.client(t).Find(t.Context(), tt.item, *root)
			if got.Class != tt.want || got.Version != tt.version || got.Receipt.TS != ts[tt.at] {
				t.Errorf("got %+v, want %s, version %d at %q", got, tt.want, tt.version, ts[tt.at])
			}
		})
	}
}

func TestFindReadsOnAndAsksForTheChannel(t *testing.T) {
	t.Parallel()
	item := unsure(t, "spike_warning")
	s := newServer(t)
	s.show(item, "")
	for range pageSize {
		s.old() // newer than the one that is looked for
	}
	got := s.client(t).Find(t.Context(), item, notifier.Receipt{})
	checkOutcome(t, got, notifier.Sent, "")
	channel := slackfake.ChannelID("cloud-spend")
	if got.Receipt.Channel != channel {
		t.Errorf("found in %s, want %s", got.Receipt.Channel, channel)
	}
	type asked struct {
		Method, Channel, Metadata string
		On                        bool
	}
	var requests []asked
	for _, r := range s.requests() {
		requests = append(requests, asked{r.Method, r.Args.Get("channel"), r.Args.Get("include_all_metadata"), r.Args.Get("cursor") != ""})
		if oldest := r.Args.Get("oldest"); r.Method == "conversations.history" && oldest != slackTime(item.UnsureSince, margin) {
			t.Errorf("looks back to %q, want %s", oldest, slackTime(item.UnsureSince, margin))
		}
	}
	want := []asked{
		{"users.conversations", "", "", false}, {"conversations.history", channel, "1", false}, {"conversations.history", channel, "1", true},
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
	for kind, add := range map[string]func(*slackfake.Server, string) string{
		"channels": (*slackfake.Server).AddChannel, "groups": (*slackfake.Server).AddPrivate,
	} {
		s := &server{slackfake.New("other")}
		s.BotToken = testToken
		add(s.Server, "cloud-spend")
		s.Grant("chat:write", kind+":read", kind+":history")
		t.Cleanup(s.Listen())
		shown := s.show(item, "")
		got := s.client(t).Find(t.Context(), item, notifier.Receipt{})
		checkOutcome(t, got, notifier.Sent, "")
		if got.Receipt.TS != shown.TS || len(s.Calls("users.conversations")) < 2 {
			t.Errorf("%s: found %+v after %v", kind, got.Receipt, s.requests())
		}
	}
}

func TestFindJudgesErrors(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name   string
		answer slackfake.Fault
		want   notifier.Class
		says   string
	}{
		{"no scope", body(`{"ok":false,"error":"missing_scope","needed":"channels:history"}`), notifier.Blind, "add the scope channels:history"},
		{"not in it", refuse("not_in_channel"), notifier.Blind, "invite @billbot"},
		{"revoked", refuse("token_revoked"), notifier.Closed, "reinstall"},
		{"ill", refuse("internal_error"), notifier.Retry, "internal_error"},
		{"502", status(502, ""), notifier.Retry, "502"},
		{"busy", status(429, "7"), notifier.Retry, "7s"},
		{"lost", slackfake.Dropped(), notifier.Retry, "EOF"},
		{"hangs", slackfake.Hanging(), notifier.Retry, "looking in C0CLOUD"},
		{"no JSON", body("<html>"), notifier.Retry, "invalid character"},
		{"endless", body(`{"ok":true,"x":"` + strings.Repeat("x", maxResponse)), notifier.Retry, "looking in C0CLOUD"},
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
	s := newServer(t)
	for range maxPages*pageSize + 1 {
		s.old()
	}
	got := s.client(t).Find(t.Context(), unsure(t, "welcome"), *s.old())
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
