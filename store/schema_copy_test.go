package store

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	bolt "go.etcd.io/bbolt"
)

// TestSchema1IsCopiedFirst brings a database forward, and has it as it was
// beside it: also where the upgrade was interrupted and is done again.
func TestSchema1IsCopiedFirst(t *testing.T) {
	path := copyGolden(t)
	interrupted := func(s *Store) error {
		err := s.db.Update(func(tx *bolt.Tx) error { return tx.DeleteBucket([]byte(bucketAccounts)) })
		mustDo(t, err)
		return os.ErrDeadlineExceeded
	}
	s, err := openBolt(path, Options{}, 0)
	mustDo(t, err)
	if err := s.prepareWith([]migration{interrupted}, false); err == nil {
		t.Fatal("the step did not fail")
	}
	mustClose(t, s)
	kept := path + ".schema1"
	info, err := os.Stat(kept)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Fatalf("the copy: mode %v, %v", info, err)
	}
	s, err = openBolt(path, Options{}, 0)
	mustDo(t, err)
	again := func(*Store) error { return nil }
	mustDo(t, s.prepareWith([]migration{again}, false))
	mustClose(t, s)

	// The copy is a database that this billbot can take forward whole.
	back := testPath(t)
	image, err := os.ReadFile(kept)
	mustDo(t, err)
	writeFile(t, back, string(image))
	s = openTest(t, back)
	if accounts, err := s.Accounts(t.Context()); err != nil || len(accounts) == 0 {
		t.Errorf("the copy has %d accounts, %v: it is of after the step that was interrupted", len(accounts), err)
	}
	if found, err := s.Check(t.Context()); err != nil || len(found.Problems) > 0 {
		t.Errorf("the copy brought forward: %v, %v", found.Problems, err)
	}
}

// Where there can be no copy, no step is taken.
func TestNoStepWithoutACopy(t *testing.T) {
	path := copyGolden(t)
	s, err := openBolt(path, Options{}, 0)
	mustDo(t, err)
	defer s.db.Close()
	s.file.path = filepath.Join(filepath.Dir(path), "nowhere", "billbot.db")
	taken := false
	err = s.prepareWith([]migration{func(*Store) error { taken = true; return nil }}, false)
	if !errors.Is(err, fs.ErrNotExist) || taken {
		t.Errorf("got %v, step taken %v; want an error and no step", err, taken)
	}
}
