package store

import (
	"bytes"
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// allOf is all that can be read of the file at path.
func allOf(t testing.TB, path string) map[string]any {
	t.Helper()
	s, err := Open(path, Options{ReadOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	all, err := everything(t, s)
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func TestBackupWhileItIsWritten(t *testing.T) {
	s := openTest(t, fullFile(t))
	want, err := everything(t, s)
	mustDo(t, err)
	path := filepath.Join(t.TempDir(), "backup.db")
	writing, stop := context.WithCancel(t.Context())
	ended := make(chan error)
	go func() {
		c, err := fullCommit(client), error(nil)
		for ; writing.Err() == nil && err == nil; c.Generation++ {
			c.Alerts[0].Day++
			err = s.Commit(t.Context(), c)
		}
		ended <- err
	}()
	for range 10 {
		found, err := s.Backup(t.Context(), path, true)
		if err != nil || len(found.Problems) > 0 || len(found.Values) != len(bucketNames())-1 /* nobody did anything */ {
			t.Fatalf("error %v, found %+v", err, found)
		}
	}
	stop()
	mustDo(t, <-ended)
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, error %v, want 0600", info.Mode(), err)
	}
	got := allOf(t, path)
	for _, name := range []string{"load", "snapshots", "revisions", "receipt"} {
		if diff := cmp.Diff(want[name], got[name], inside); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
	if left, _ := filepath.Glob(filepath.Join(filepath.Dir(path), ".*")); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}

func TestBackupRefuses(t *testing.T) {
	path := fullFile(t)
	s := openTest(t, path)
	taken := filepath.Join(t.TempDir(), "taken")
	writeFile(t, taken, "precious")
	tests := []struct {
		name, to  string
		overwrite bool
		want      error
		text      string
	}{
		{"taken", taken, false, ErrExists, "is there already"},
		{"itself", path, true, nil, "that is the database itself"},
		{"its lock", path + lockEnding, true, nil, "that is the database itself"},
		{"no folder", filepath.Join(taken+"s", "backup"), false, fs.ErrNotExist, "no such file"},
	}
	for _, tt := range tests {
		_, err := s.Backup(t.Context(), tt.to, tt.overwrite)
		if err == nil || tt.want != nil && !errors.Is(err, tt.want) || !strings.Contains(err.Error(), tt.text) {
			t.Errorf("%s: got error %v, want %v with %q", tt.name, err, tt.want, tt.text)
		}
	}
	if text, _ := os.ReadFile(taken); string(text) != "precious" {
		t.Errorf("the file that was there is %q now", text)
	}
}

func TestBackupOfDamageIsNotKept(t *testing.T) {
	s := openTest(t, fullFile(t))
	putRaw(t, s, bucketOutbox, itemKey(2), []byte("not what was written"))
	path := filepath.Join(t.TempDir(), "backup.db")
	writeFile(t, path, "the backup of yesterday")
	found, err := s.Backup(t.Context(), path, true)
	if !errors.Is(err, ErrDamaged) || len(found.Problems) == 0 {
		t.Errorf("got error %v and %+v, want ErrDamaged", err, found)
	}
	if text, _ := os.ReadFile(path); string(text) != "the backup of yesterday" {
		t.Errorf("the backup of yesterday is %q now", text)
	}
}

// TestBackupPrevious breaks a page that the last write wrote, as a disk may that
// loses one: what was before it is whole.
func TestBackupPrevious(t *testing.T) {
	path := fullFile(t)
	s := openTest(t, path)
	if PreviousWhole(filepath.Join(t.TempDir(), "none")) {
		t.Error("a file that is not there is whole")
	}
	before, err := everything(t, s)
	mustDo(t, err)
	c := fullCommit(prod)
	c.Generation, c.Alerts[0].Day = 1, july+9
	mustCommit(t, s, c)
	mustClose(t, s)
	image, err := os.ReadFile(path)
	mustDo(t, err)
	metas := readMetas(bytes.NewReader(image))
	clear(image[metas[0].root*uint64(metas[0].pageSize):][:64])
	writeFile(t, path, string(image))

	if _, err := Open(path, Options{}); !errors.Is(err, ErrDamaged) || !strings.Contains(err.Error(), "page ") {
		t.Fatalf("got error %v, want ErrDamaged of a page", err)
	}
	if !PreviousWhole(path) {
		t.Fatal("what was before the last write is not whole")
	}
	rescued := filepath.Join(t.TempDir(), "rescued.db")
	if _, err := BackupPrevious(t.Context(), path, rescued, false); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(before, allOf(t, rescued), inside); diff != "" {
		t.Errorf("what was before the last write (-want +got):\n%s", diff)
	}
	if after, _ := os.ReadFile(path); string(after) != string(image) {
		t.Error("the broken file was changed")
	}
	if _, err := BackupPrevious(t.Context(), path, path, true); err == nil {
		t.Error("the broken file was overwritten")
	}
}
