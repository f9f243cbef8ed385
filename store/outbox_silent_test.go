package store

import (
	"path/filepath"
	"testing"

	"github.com/billbot/billbot/notifier"
)

// What waits to be heard is not silenced by newer figures, and what was
// delivered does not make them loud.
func TestSilentIsKeptOnlyWhereAllThatWaitsIs(t *testing.T) {
	s, err := Open(filepath.Join(t.TempDir(), "billbot.db"), Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	enqueued := func(silent bool) notifier.Item {
		t.Helper()
		item := notifier.Item{Key: "k7q2m4xa", Channel: "#a", CreatedAt: noon, Silent: silent}
		item.Content.Mention = []string{noon.String(), map[bool]string{true: "U1", false: "U2"}[silent]}
		mustCommit(t, s, Commit{Account: prod, Generation: mustLoad(t, s, prod, may).Generation, Items: []notifier.Item{item}})
		items, err := s.Undelivered(t.Context())
		if err != nil || len(items) != 1 {
			t.Fatalf("got %v, %v, want one item", items, err)
		}
		return items[0]
	}
	if !enqueued(true).Silent {
		t.Error("newer figures alone are not silent")
	}
	if enqueued(false).Silent {
		t.Error("what is to be heard is silent")
	}
	waiting := enqueued(true)
	if waiting.Silent {
		t.Error("newer figures silenced what is to be heard")
	}
	if err := s.Finish(t.Context(), waiting, &notifier.Receipt{Channel: "webhook", SentAt: noon}); err != nil {
		t.Fatal(err)
	}
	if !enqueued(true).Silent {
		t.Error("newer figures after a delivery are not silent")
	}
}
