package store

import (
	"os"
	"path/filepath"
	"testing"
)

func TestHolder(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "billbot.db")
	holds := func(when string, want int) {
		t.Helper()
		if got, err := Holder(path); err != nil || got != want {
			t.Errorf("%s: got %d and %v, want %d", when, got, err, want)
		}
	}
	holds("before there is a database", 0)
	s, err := Open(path, Options{})
	if err != nil {
		t.Fatal(err)
	}
	holds("while it is open", os.Getpid())
	if err := os.WriteFile(path+lockEnding, []byte("?"), 0o600); err != nil {
		t.Fatal(err)
	}
	holds("while nobody says who", -1)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	holds("once it is closed", 0)
}
