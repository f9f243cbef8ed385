package store

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/billbot/billbot/fetcher"
	bolt "go.etcd.io/bbolt"
)

// openTest opens the database at path until the test ends.
func openTest(t testing.TB, path string) *Store {
	t.Helper()
	s, err := Open(path, Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

func testPath(t testing.TB) string { return filepath.Join(t.TempDir(), "billbot.db") }

func mustClose(t testing.TB, s *Store) {
	t.Helper()
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
}

func TestOpenMakesAFileForItsOwnerOnly(t *testing.T) {
	path := testPath(t)
	openTest(t, path)
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	if got, want := info.Mode().Perm(), fs.FileMode(0o600); got != want {
		t.Errorf("mode %o, want %o", got, want)
	}
}

func TestOpenRefuses(t *testing.T) {
	tests := []struct {
		name    string
		prepare func(t *testing.T, path string)
		options Options
		want    error
		text    string
	}{
		{"locked", func(t *testing.T, path string) { openTest(t, path) }, Options{}, ErrLocked, "in use by another billbot"},
		{"locked for readers", func(t *testing.T, path string) { openTest(t, path) }, Options{ReadOnly: true}, ErrLocked, "in use by another billbot"},
		{"missing", func(*testing.T, string) {}, Options{ReadOnly: true}, fs.ErrNotExist, "file does not exist"},
		{"newer", func(t *testing.T, path string) { setSchema(t, path, "7") }, Options{}, ErrNewer, "schema 7, and this billbot knows up to 2"},
		{"newer for readers", func(t *testing.T, path string) { setSchema(t, path, "7") }, Options{ReadOnly: true}, ErrNewer, "schema 7"},
		{"text", func(t *testing.T, path string) { writeFile(t, path, strings.Repeat("rules:\n", 3000)) }, Options{}, ErrForeign, "not a billbot database"},
		{"short text", func(t *testing.T, path string) { writeFile(t, path, "rules:\n") }, Options{}, ErrForeign, "not a billbot database"},
		{"other bbolt file", foreignBolt, Options{}, ErrForeign, "other buckets"},
		{"no schema", func(t *testing.T, path string) { setSchema(t, path, "") }, Options{}, ErrForeign, "no schema"},
		{"empty for readers", func(t *testing.T, path string) { writeFile(t, path, "") }, Options{ReadOnly: true}, ErrForeign, "not a billbot database"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			path := testPath(t)
			tt.prepare(t, path)
			before, _ := os.ReadFile(path)
			_, err := Open(path, tt.options)
			if !errors.Is(err, tt.want) || !strings.Contains(err.Error(), tt.text) {
				t.Errorf("got error %v, want %v with %q", err, tt.want, tt.text)
			}
			if err != nil && !strings.HasPrefix(err.Error(), "store: open "+path+": ") {
				t.Errorf("error %q does not begin with the path", err)
			}
			if after, _ := os.ReadFile(path); string(after) != string(before) {
				t.Error("the file was changed")
			}
		})
	}
	t.Attr("score", fmt.Sprintf("13 refused=%d", len(tests)))
}

func writeFile(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// setSchema makes a database that says it has that schema; "" is none.
func setSchema(t *testing.T, path, schema string) {
	t.Helper()
	s := openTest(t, path)
	err := s.update(t.Context(), "set schema", func(tx *txn) error {
		if schema == "" {
			return tx.bucket(bucketMeta).delete([]byte(schemaKey))
		}
		return tx.bucket(bucketMeta).put([]byte(schemaKey), []byte(schema))
	})
	if err != nil {
		t.Fatal(err)
	}
	mustClose(t, s)
}

func foreignBolt(t *testing.T, path string) {
	t.Helper()
	db, err := bolt.Open(path, 0o600, nil)
	if err != nil {
		t.Fatal(err)
	}
	err = db.Update(func(tx *bolt.Tx) error {
		_, err := tx.CreateBucket([]byte("somebody's"))
		return err
	})
	if err := errors.Join(err, db.Close()); err != nil {
		t.Fatal(err)
	}
}

// TestOpenBesideAnotherProcess runs this test again as a second process that
// tries to open what the first one holds.
func TestOpenBesideAnotherProcess(t *testing.T) {
	if path := os.Getenv("BILLBOT_TEST_OPEN"); path != "" {
		if _, err := Open(path, Options{}); !errors.Is(err, ErrLocked) {
			t.Fatalf("got error %v, want ErrLocked", err)
		}
		return
	}
	path := testPath(t)
	openTest(t, path)
	second := exec.Command(os.Args[0], "-test.run=^TestOpenBesideAnotherProcess$")
	second.Env = append(os.Environ(), "BILLBOT_TEST_OPEN="+path)
	if out, err := second.CombinedOutput(); err != nil {
		t.Errorf("second process: %v\n%s", err, out)
	}
}

func TestReadersShareAFile(t *testing.T) {
	path := testPath(t)
	mustClose(t, openTest(t, path))
	for range 2 {
		s, err := Open(path, Options{ReadOnly: true})
		if err != nil {
			t.Fatal(err)
		}
		defer s.Close()
		if _, err := s.Accounts(t.Context()); err != nil {
			t.Error(err)
		}
		if err := s.Commit(t.Context(), Commit{Account: fetcher.Account{ID: "a"}, Poll: &fetcher.PollState{}}); err == nil {
			t.Error("a store opened to be read was written")
		}
	}
}

func TestMigrateGoesThroughEachSchemaOnce(t *testing.T) {
	path := testPath(t)
	setSchema(t, path, "1")
	s, err := openBolt(path, Options{}, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	var ran []int
	step := func(from int) migration {
		return func(s *Store) error {
			ran = append(ran, from)
			return s.attempt(s.db.Update, func(tx *txn) error { return writeSchema(tx, from+1) })
		}
	}
	for range 2 {
		if err := s.prepareWith([]migration{step(1), step(2)}, false); err != nil {
			t.Fatal(err)
		}
	}
	if len(ran) != 2 || ran[0] != 1 || ran[1] != 2 {
		t.Errorf("migrations ran: %v, want 1 and 2 once", ran)
	}
}

func TestCancelledContextIsRefused(t *testing.T) {
	s := openTest(t, testPath(t))
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := s.Load(ctx, fetcher.Account{ID: "a"}, 0); !errors.Is(err, context.Canceled) {
		t.Errorf("got error %v, want context.Canceled", err)
	}
}
