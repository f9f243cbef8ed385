package store

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/billbot/billbot/fetcher"
)

// fleetFile is a closed database with four billing periods of some accounts.
func fleetFile(t testing.TB, accounts int) string {
	t.Helper()
	path := testPath(t)
	s := openTest(t, path)
	periods := map[fetcher.Day][]fetcher.Charge{}
	for month := range 4 {
		start := july + fetcher.Day(31*month)
		periods[start] = testCharges(start, 60)
	}
	var commits []Commit
	for i := range accounts {
		commits = append(commits, Commit{Account: fetcher.Account{ID: fmt.Sprint(i)}, Periods: periods})
	}
	mustCommit(t, s, commits...)
	mustClose(t, s)
	return path
}

// pages is how many of a database's pages were looked at when it was opened, and
// how many it has.
func pages(t testing.TB, path string, options Options) (walked, all int) {
	t.Helper()
	s, err := Open(path, options)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	return s.found.walked, int(s.file.info.Size()) / os.Getpagesize()
}

// TestOpenLooksAtFewPages counts the pages that are looked at before a database
// can be used: a few of each bucket, whatever the rows, where it was closed; all
// of them where it was not, or where it is not the file that was closed.
func TestOpenLooksAtFewPages(t *testing.T) {
	const few = 220
	path := fleetFile(t, 900)
	for _, options := range []Options{{ReadOnly: true}, {}} {
		if walked, all := pages(t, path, options); walked < 10 || walked > few || all < 5*few {
			t.Errorf("closed, %+v: %d of %d pages were looked at, want at most %d", options, walked, all, few)
		}
	}
	tests := []struct {
		name  string
		spoil func(lock string) error
	}{
		{"not closed", func(lock string) error { return os.WriteFile(lock, []byte("4711\n"), 0o600) }},
		{"lock gone", os.Remove},
		{"another file", func(lock string) error { return os.WriteFile(lock, []byte("closed after write 1\n"), 0o600) }},
		{"nonsense", func(lock string) error { return os.WriteFile(lock, []byte("closed after write -1\n"), 0o600) }},
	}
	for _, tt := range tests {
		mustDo(t, tt.spoil(path+lockEnding))
		if walked, all := pages(t, path, Options{}); walked < 5*few {
			t.Errorf("%s: %d of %d pages were looked at, want all that are in use", tt.name, walked, all)
		}
		if walked, _ := pages(t, path, Options{}); walked > few {
			t.Errorf("%s: %d pages were looked at after it was closed again", tt.name, walked)
		}
	}
}

// TestLeafIsFoundLater breaks a leaf of a database that was closed as it should
// be, below what is looked at: it opens, and CheckTree and Check say so, after
// which nothing is written.
func TestLeafIsFoundLater(t *testing.T) {
	path := fleetFile(t, 200)
	image, err := os.ReadFile(path)
	mustDo(t, err)
	breakLeaf(t, image)
	mustDo(t, os.WriteFile(path, image, 0o600))
	for name, check := range map[string]func(s *Store) error{
		"tree": func(s *Store) error { return s.CheckTree(t.Context()) },
		"all":  func(s *Store) error { _, err := s.Check(t.Context()); return err },
	} {
		writeFile(t, path+lockEnding, fmt.Sprintf(markText, readMetas(bytes.NewReader(image))[0].txid))
		s := openTest(t, path)
		if err := check(s); !errors.Is(err, ErrDamaged) || !strings.Contains(err.Error(), "page ") {
			t.Errorf("%s: got error %v, want the page that is damaged", name, err)
		}
		if err := s.Intact(); !errors.Is(err, ErrDamaged) {
			t.Errorf("%s: Intact: got error %v, want ErrDamaged", name, err)
		}
		_ = s.Close()
	}
	mustDo(t, os.Remove(path+lockEnding))
	if _, err := Open(path, Options{}); !errors.Is(err, ErrDamaged) {
		t.Errorf("opened though it was not closed: %v", err)
	}
}

// breakLeaf makes a leaf that is skipped say that it runs on.
func breakLeaf(t *testing.T, image []byte) {
	t.Helper()
	file, size := bytes.NewReader(image), int64(len(image)) // of image as it changes
	root := readMetas(file)[0]
	for id := root.limit - 1; id > 1; id-- {
		head := image[int(id)*root.pageSize:][:pageHead]
		if binary.NativeEndian.Uint64(head) != id {
			continue // what another page runs on to
		}
		more := binary.NativeEndian.Uint32(head[12:])
		binary.NativeEndian.PutUint32(head[12:], more+1)
		_, skipped := glanceAtTree(file, size, root)
		if _, err := walkTree(file, size, root); err != nil && skipped == nil {
			return
		}
		binary.NativeEndian.PutUint32(head[12:], more)
	}
	t.Fatal("no leaf is skipped")
}

// TestCheckTreeWhileItIsWritten walks a tree that others write to.
func TestCheckTreeWhileItIsWritten(t *testing.T) {
	s := openTest(t, fleetFile(t, 3))
	stop, ended := make(chan struct{}), make(chan error)
	go func() {
		c := fullCommit(client)
		for ; ; c.Generation++ {
			select {
			case <-stop:
				ended <- nil
				return
			default:
			}
			c.Alerts[0].Day++
			if err := s.Commit(t.Context(), c); err != nil {
				ended <- err
				return
			}
		}
	}()
	for range 200 {
		mustDo(t, s.CheckTree(t.Context()))
	}
	close(stop)
	mustDo(t, <-ended)
}
