package store

import (
	"errors"
	"testing"

	"github.com/billbot/billbot/notifier"
)

// digested is a store with two messages in a digest that waits, and its ID.
func digested(t *testing.T) (*Store, uint64) {
	t.Helper()
	s := openTest(t, testPath(t))
	mustCommit(t, s, Commit{Account: prod, Items: []notifier.Item{told("k1", "one"), told("k2", "two")}})
	digest := notifier.Item{Key: "digest-1", Channel: "#spend", CreatedAt: noon, Content: notifier.Content{Digest: &notifier.Digest{}}}
	mustDo(t, s.Merge(t.Context(), []uint64{1, 2}, digest))
	items, err := s.Undelivered(t.Context())
	if err != nil || len(items) != 1 || len(items[0].Content.Digest.Entries) != 2 {
		t.Fatalf("got %+v, %v, want a digest of two", items, err)
	}
	return s, items[0].ID
}

// What is damaged of a digest takes nothing else along, and blocks no commit.
func TestADamagedDigest(t *testing.T) {
	for name, tt := range map[string]struct {
		bucket  string
		key     func(id uint64) []byte
		entries int // in the digest after the next change
		items   int
	}{
		"its item": {bucketOutbox, itemKey, 2, 1},
		"an entry": {bucketDigests, func(uint64) []byte { return entryKey("digest-1", "k2") }, 1, 1},
		"the way":  {bucketMerged, func(uint64) []byte { return nameKey("k1") }, 2, 2}, // k1 is told by itself again
	} {
		s, id := digested(t)
		spoil(t, s, tt.bucket, tt.key(id))
		mustCommit(t, s, Commit{Account: prod, Generation: 1, Items: []notifier.Item{told("k1", "newer")}})
		items, err := s.Undelivered(t.Context())
		if (err != nil) != (name == "an entry") || err != nil && !errors.Is(err, ErrDamaged) {
			t.Errorf("%s: error %v", name, err)
		}
		if len(items) != tt.items || len(items[0].Content.Digest.Entries) != tt.entries {
			t.Errorf("%s: got %+v, want a digest of %d among %d", name, items, tt.entries, tt.items)
		}
	}
}

// What was in a digest that is dropped, unseen, is told by itself when it changes,
// whether the digest could be read or not.
func TestDropForgetsADigest(t *testing.T) {
	for _, readable := range []bool{true, false} {
		s, id := digested(t)
		if !readable {
			spoil(t, s, bucketOutbox, itemKey(id))
		}
		if _, err := s.Drop(t.Context(), id, Deed{By: "ada", At: noon}); err != nil {
			t.Fatal(err)
		}
		mustCommit(t, s, Commit{Account: prod, Generation: 1, Items: []notifier.Item{told("k2", "newer")}})
		items, err := s.Undelivered(t.Context())
		if err != nil || len(items) != 1 || items[0].Key != "k2" {
			t.Errorf("readable: %t: got %+v, %v, want k2 alone", readable, items, err)
		}
	}
}
