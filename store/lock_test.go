package store

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func mustDo(t *testing.T, errs ...error) {
	t.Helper()
	if err := errors.Join(errs...); err != nil {
		t.Fatal(err)
	}
}

func TestFilesAreForTheirOwnerOnly(t *testing.T) {
	path := testPath(t)
	mustClose(t, openTest(t, path))
	for _, file := range []string{path, path + lockEnding} {
		mustDo(t, os.Chmod(file, 0o664))
	}
	openTest(t, path)
	for _, file := range []string{path, path + lockEnding} {
		info, err := os.Stat(file)
		if err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%s: mode %v, error %v, want 0600", filepath.Base(file), info.Mode(), err)
		}
	}
}

// TestLostFile takes a file away from under an open database, in each way that
// people do. Nothing is written any more, and it is said why.
func TestLostFile(t *testing.T) {
	other := func(t *testing.T) string {
		path := testPath(t)
		mustClose(t, openTest(t, path))
		return path
	}
	tests := []struct {
		name string
		take func(t *testing.T, path string)
		want string
	}{
		{"removed", func(t *testing.T, path string) { mustDo(t, os.Remove(path)) }, "it is not there any more"},
		{"moved away", func(t *testing.T, path string) { mustDo(t, os.Rename(path, path+".old")) }, "it is not there any more"},
		{"replaced", func(t *testing.T, path string) { mustDo(t, os.Rename(other(t), path)) }, "it is another file now"},
		{"folder gone", func(t *testing.T, path string) { mustDo(t, os.RemoveAll(filepath.Dir(path))) }, "it is not there any more"},
		{"lock removed", func(t *testing.T, path string) { mustDo(t, os.Remove(path+lockEnding)) }, lockEnding + " was moved"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			path := testPath(t)
			s := openTest(t, path)
			mustCommit(t, s, fullCommit(prod))
			if err := s.Intact(); err != nil {
				t.Fatal(err)
			}
			tt.take(t, path)
			if err := s.Intact(); !errors.Is(err, ErrLost) || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got error %v, want ErrLost with %q", err, tt.want)
			}
			if err := s.Commit(t.Context(), fullCommit(client)); !errors.Is(err, ErrLost) {
				t.Errorf("a commit: got error %v, want ErrLost", err)
			}
			if _, err := s.Begin(t.Context(), 1, noon); !errors.Is(err, ErrLost) {
				t.Errorf("a delivery: got error %v, want ErrLost", err)
			}
		})
	}
	t.Attr("score", fmt.Sprintf("13 lost=%d", len(tests)))
}

func TestSecondIsRefusedThoughTheFileIsGone(t *testing.T) {
	path := testPath(t)
	openTest(t, path)
	link := filepath.Join(t.TempDir(), "link.db")
	mustDo(t, os.Symlink(path, link))
	mustDo(t, openRefused(link), os.Remove(path), openRefused(path))
	if _, err := os.Stat(path); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the second made a file: %v", err)
	}
}

func openRefused(path string) error {
	switch s, err := Open(path, Options{}); {
	case err == nil:
		return errors.Join(errors.New("a second one was let in"), s.Close())
	case !errors.Is(err, ErrLocked):
		return err
	}
	return nil
}

func TestLockNamesItsHolder(t *testing.T) {
	path := testPath(t)
	openTest(t, path)
	_, err := Open(path, Options{})
	if err == nil || !strings.Contains(err.Error(), "in use by another billbot, process ") {
		t.Errorf("got error %v, want the process", err)
	}
}

func TestLockIsNoLink(t *testing.T) {
	path := testPath(t)
	victim := filepath.Join(filepath.Dir(path), "victim")
	writeFile(t, victim, "precious")
	mustDo(t, os.Symlink(victim, path+lockEnding))
	if _, err := Open(path, Options{}); err == nil || !strings.Contains(err.Error(), "make the lock file") {
		t.Errorf("got error %v, want a refusal of the link", err)
	}
	if text, _ := os.ReadFile(victim); string(text) != "precious" {
		t.Errorf("the link's target is %q now", text)
	}
}

// TestTruncatedUnderneath cuts a file while it is mapped: bbolt meets that as
// SIGBUS. It runs as a process of its own, so that a crash can be seen.
func TestTruncatedUnderneath(t *testing.T) {
	if os.Getenv("BILLBOT_TEST_CUT") == "" {
		child := exec.Command(os.Args[0], "-test.run=^TestTruncatedUnderneath$")
		child.Env = append(os.Environ(), "BILLBOT_TEST_CUT=1")
		if out, err := child.CombinedOutput(); err != nil {
			t.Errorf("%v\n%s", err, out)
		}
		return
	}
	path := testPath(t)
	s := openTest(t, path)
	mustCommit(t, s, fullCommit(prod))
	mustDo(t, os.Truncate(path, 4096))
	for range 2 {
		if err := s.Commit(t.Context(), fullCommit(client)); !errors.Is(err, ErrDamaged) {
			t.Errorf("a commit: got error %v, want ErrDamaged", err)
		}
		if _, err := s.Load(t.Context(), prod, 0); !errors.Is(err, ErrDamaged) {
			t.Errorf("a read: got error %v, want ErrDamaged", err)
		}
	}
	if err := s.Intact(); !errors.Is(err, ErrDamaged) {
		t.Errorf("Intact: got error %v, want ErrDamaged", err)
	}
	_ = s.Close() // must return
}

// TestOnePatienceForBothLocks has somebody write until shortly before patience
// ends, and somebody else read for longer.
func TestOnePatienceForBothLocks(t *testing.T) {
	path := testPath(t)
	mustClose(t, openTest(t, path))
	reader, err := Open(path, Options{ReadOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	defer reader.Close()
	lock, err := takeLock(path, 0)
	if err != nil {
		t.Fatal(err)
	}
	const patience = time.Second
	released := time.AfterFunc(patience*9/10, func() { lock.release() })
	defer released.Stop()
	began := time.Now()
	_, err = Open(path, Options{Timeout: patience})
	if took := time.Since(began); !errors.Is(err, ErrLocked) || took < patience || took > patience*3/2 {
		t.Errorf("refused after %s: %v, want ErrLocked after a patience of %s", took, err, patience)
	}
}
