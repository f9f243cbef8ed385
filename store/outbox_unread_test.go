package store

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/billbot/billbot/notifier"
	"github.com/billbot/billbot/rules"
)

// spoil changes a byte of the value of a key.
func spoil(t *testing.T, s *Store, bucket string, key []byte) {
	t.Helper()
	err := s.update(t.Context(), "spoil", func(tx *txn) error {
		b := tx.bucket(bucket).bolt
		value := []byte(strings.Clone(string(b.Get(key))))
		value[len(value)-1] ^= 1
		tx.wrote = true
		return b.Put(key, value)
	})
	if err != nil {
		t.Fatal(err)
	}
}

func told(key, about string) notifier.Item {
	return notifier.Item{Key: key, Channel: "#spend", CreatedAt: noon, Content: notifier.Content{Alert: &rules.Alert{ID: about}}}
}

// A message that waits and cannot be read, or cannot be found, gives way to the
// next of its key, and holds up nothing that is committed together with it.
func TestAnUnreadableItemIsReplaced(t *testing.T) {
	for bucket, key := range map[string][]byte{bucketOutbox: itemKey(1), bucketWaiting: nameKey("alert-1")} {
		var log strings.Builder
		s := openTest(t, testPath(t))
		s.log = slog.New(slog.NewTextHandler(&log, nil))
		mustCommit(t, s, Commit{Account: prod, Items: []notifier.Item{told("alert-1", "old"), told("alert-2", "other")}})
		spoil(t, s, bucket, key)
		mustCommit(t, s, Commit{Account: prod, Generation: 1, Items: []notifier.Item{told("alert-1", "new")}})
		items, err := s.Undelivered(t.Context())
		if err != nil || items[len(items)-1].Content.Alert.ID != "new" {
			t.Errorf("%s: got %+v, %v; want the new message at the end", bucket, items, err)
		}
		if !strings.Contains(log.String(), `alert-1\" that waited could not be read`) {
			t.Errorf("%s: the log does not say so: %s", bucket, log.String())
		}
		mustCommit(t, s, Commit{Account: prod, Generation: 2, Items: []notifier.Item{told("alert-1", "newest")}})
		if again, err := s.Undelivered(t.Context()); err != nil || len(again) != len(items) {
			t.Errorf("%s: got %d messages, %v; want the newest in the place of the new", bucket, len(again), err)
		}
	}
}

// An item is dropped by its number, whatever state it, or another one, is in.
func TestDropOfWhatCannotBeRead(t *testing.T) {
	s := openTest(t, testPath(t))
	reply := told("alert-2", "said")
	reply.Reply = true
	mustCommit(t, s, Commit{Account: prod, Items: []notifier.Item{told("alert-1", "old"), told("alert-2", "other"), reply}})
	spoil(t, s, bucketOutbox, itemKey(1))
	if _, err := s.Undelivered(t.Context()); !errors.Is(err, ErrDamaged) || !strings.Contains(err.Error(), "message 1: ") {
		t.Errorf("got %v, want the number of what cannot be read", err)
	}
	for _, id := range []uint64{2, 1} {
		if item, err := s.Drop(t.Context(), id, Deed{By: "ada", At: noon}); err != nil || item.ID != id {
			t.Errorf("drop %d: got %+v, %v", id, item, err)
		}
	}
	deeds, err := s.Audit(t.Context())
	if err != nil || len(deeds) != 2 || deeds[0].Deed.Type != rules.Dropped || deeds[0].Deed.Alert != "alert-2" || deeds[1].Deed.Alert != "message 1" {
		t.Errorf("got the audit trail %+v, %v", deeds, err)
	}
	if items, err := s.Undelivered(t.Context()); err != nil || len(items) != 0 {
		t.Errorf("got %v, %v; want nothing left", items, err)
	}
	if found, err := s.Check(t.Context()); err != nil || len(found.Problems) > 0 {
		t.Errorf("got %v, %v; want a whole database", found.Problems, err)
	}
}

// Since when an item fails is not to be believed of a later moment: it would be
// tried for ever.
func TestBeginAfterAClockThatWasAhead(t *testing.T) {
	s := openTest(t, testPath(t))
	mustCommit(t, s, Commit{Account: prod, Items: []notifier.Item{told("alert-1", "old")}})
	for now, want := range map[time.Time]time.Time{noon: {}, noon.Add(2 * time.Hour): noon.Add(time.Hour)} {
		failing := notifier.Item{ID: 1, Version: 1, Key: "alert-1", State: notifier.Pending, FailingSince: noon.Add(time.Hour)}
		if err := s.Finish(t.Context(), failing, nil); err != nil {
			t.Fatal(err)
		}
		if item, err := s.Begin(t.Context(), 1, now); err != nil || !item.FailingSince.Equal(want) {
			t.Errorf("begun at %s: fails since %s, %v; want %s", now, item.FailingSince, err, want)
		}
	}
}

// What broke while its attempt was under way is ended as it began.
func TestFinishOfWhatCannotBeRead(t *testing.T) {
	for _, receipt := range []*notifier.Receipt{nil, {Channel: "C1", TS: "1.2", SentAt: noon}} {
		s := openTest(t, testPath(t))
		mustCommit(t, s, Commit{Account: prod, Items: []notifier.Item{told("alert-1", "old")}})
		item, err := s.Begin(context.Background(), 1, noon.Add(time.Minute))
		if err != nil {
			t.Fatal(err)
		}
		spoil(t, s, bucketOutbox, itemKey(1))
		if err := s.Finish(t.Context(), item, receipt); err != nil {
			t.Fatal(err)
		}
		items, err := s.Undelivered(t.Context())
		if err != nil || (len(items) == 0) != (receipt != nil) {
			t.Errorf("receipt %v: got %v, %v", receipt, items, err)
		}
	}
}
