package store

import (
	"testing"
	"time"

	"github.com/billbot/billbot/notifier"
	"github.com/google/go-cmp/cmp"
)

// A trouble is told once until it is forgotten, through restarts.
func TestNotices(t *testing.T) {
	path := t.TempDir() + "/billbot.db"
	s := openTest(t, path)
	item := notifier.Item{Key: "notice-1", Channel: "#a", CreatedAt: time.Unix(1, 0), Content: notifier.Content{Notice: &notifier.Notice{Title: "t"}}}
	tell := func(trouble string, item *notifier.Item, want bool) {
		t.Helper()
		if done, err := s.EnqueueNotice(t.Context(), trouble, time.Unix(0, 0), item); done != want || err != nil {
			t.Errorf("%s: got %t, %v, want %t", trouble, done, err, want)
		}
	}
	wants := func(waiting int, want ...string) {
		t.Helper()
		told, err := s.Noticed(t.Context())
		items, failed := s.Undelivered(t.Context())
		if diff := cmp.Diff(want, told); diff != "" || err != nil || failed != nil || len(items) != waiting {
			t.Errorf("told (-want +got):\n%s%v, %v, %d items, want %d", diff, err, failed, len(items), waiting)
		}
	}
	tell("channel #b", &item, true)
	tell("socket", nil, true)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	s = openTest(t, path)
	tell("channel #b", &item, false)
	wants(1, "channel #b", "socket")
	for range 2 {
		if err := s.ForgetNotice(t.Context(), "channel #b"); err != nil {
			t.Error(err)
		}
	}
	wants(1, "socket")
	item.Key = "notice-2"
	tell("channel #b", &item, true)
	wants(2, "channel #b", "socket")
}
