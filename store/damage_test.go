package store

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/billbot/billbot/notifier"
	"github.com/google/go-cmp/cmp"
	bolt "go.etcd.io/bbolt"
)

// everything is all that can be read of a database, and the errors met.
func everything(t testing.TB, s *Store) (map[string]any, error) {
	t.Helper()
	var errs []error
	all := map[string]any{}
	read := func(name string, value any, err error) {
		errs = append(errs, err)
		if err == nil {
			all[name] = value
		}
	}
	view, err := s.Load(t.Context(), prod, 0)
	read("load", view, err)
	if err == nil {
		view, err = s.Rows(t.Context(), view, view.Bill.Calendar().Starts)
		read("rows", view, err)
	}
	accounts, err := s.Accounts(t.Context())
	read("accounts", accounts, err)
	snapshots, err := s.Snapshots(t.Context(), prod.ID)
	read("snapshots", snapshots, err)
	revisions, err := s.Revisions(t.Context(), prod.ID, 0, july+60)
	read("revisions", revisions, err)
	alerts, err := s.Alerts(t.Context())
	read("alerts", alerts, err)
	items, err := s.Undelivered(t.Context())
	read("outbox", items, err)
	receipt, err := s.Receipt(t.Context(), "alert-0")
	read("receipt", receipt, err)
	done, err := s.SummaryDone(t.Context(), "#spend", "2026-07-10")
	read("summary", done, err)
	return all, errors.Join(errs...)
}

// fullFile is a closed database with something in every bucket.
func fullFile(t testing.TB) string {
	t.Helper()
	path := testPath(t)
	s := openTest(t, path)
	mustCommit(t, s, fullCommit(prod))
	for _, err := range []error{
		s.Finish(t.Context(), notifier.Item{ID: 99, Key: "alert-0"}, &notifier.Receipt{Channel: "C1", TS: "1752148800.000100"}),
		func() error {
			_, err := s.EnqueueSummary(t.Context(), "#spend", "2026-07-10", noon, nil)
			return err
		}(),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	mustClose(t, s)
	return path
}

// place is where a value lies in a file.
type place struct {
	bucket, key string
	at, size    int
}

// places finds the values in the bytes of the file. Their checksums make them
// unlike each other; an older copy on a free page is harmless to flip.
func places(t testing.TB, path string, image []byte) []place {
	t.Helper()
	s, err := Open(path, Options{ReadOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	var found []place
	for bucket, values := range contents(t, s) {
		for key, value := range values {
			for at := 0; ; at++ {
				next := bytes.Index(image[at:], []byte(value))
				if next < 0 {
					break
				}
				at += next
				found = append(found, place{bucket, key, at, len(value)})
			}
		}
	}
	return found
}

func TestFlippedBytesAreFoundAndNamed(t *testing.T) {
	path := fullFile(t)
	image, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	s, err := Open(path, Options{ReadOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	want, err := everything(t, s)
	if err != nil {
		t.Fatal(err)
	}
	mustClose(t, s)
	damaged := filepath.Join(t.TempDir(), "damaged.db")
	named := map[string]bool{}
	flips := 0
	for _, p := range places(t, path, image) {
		for offset := 0; offset < p.size; offset += max(1, p.size/4) {
			flips++
			flipped := bytes.Clone(image)
			flipped[p.at+offset] ^= 1 << (flips % 8)
			checkDamaged(t, damaged, flipped, want, p, named)
		}
	}
	for _, bucket := range []string{
		bucketMeta, bucketAccounts, bucketPolls, bucketCharges, bucketRevisions, bucketSnapshots,
		bucketAlerts, bucketOutbox, bucketReceipts, bucketSummaries,
	} {
		if !named[bucket] {
			t.Errorf("damage in bucket %s was never named", bucket)
		}
	}
	t.Logf("%d flips", flips)
}

// checkDamaged reads what can be read: each value as it was, or an error that
// names the place.
func checkDamaged(t *testing.T, path string, image []byte, want map[string]any, p place, named map[string]bool) {
	t.Helper()
	if err := os.WriteFile(path, image, 0o600); err != nil {
		t.Fatal(err)
	}
	s, err := Open(path, Options{ReadOnly: true})
	got := map[string]any{}
	if err == nil {
		got, err = everything(t, s)
		mustClose(t, s)
	}
	for name, value := range got {
		if diff := cmp.Diff(want[name], value, cmp.Exporter(func(reflect.Type) bool { return true })); diff != "" {
			t.Errorf("flip in %s %q: %s is wrong (-want +got):\n%s", p.bucket, p.key, name, diff)
		}
	}
	if err == nil {
		return
	}
	if !errors.Is(err, ErrDamaged) {
		t.Errorf("flip in %s %q: error %v does not wrap ErrDamaged", p.bucket, p.key, err)
	}
	if strings.Contains(err.Error(), p.bucket+", key ") {
		named[p.bucket] = true
	} else {
		t.Errorf("flip in %s %q: error %v does not name it", p.bucket, p.key, err)
	}
}

func TestOneDamagedItemDoesNotHideTheOthers(t *testing.T) {
	s := openTest(t, testPath(t))
	var items []notifier.Item
	for _, key := range []string{"k1", "k2", "k3"} {
		items = append(items, notifier.Item{Key: key, CreatedAt: noon})
	}
	mustCommit(t, s, Commit{Account: prod, Items: items})
	putRaw(t, s, bucketOutbox, itemKey(2), []byte("not what was written"))
	got, err := s.Undelivered(t.Context())
	if !errors.Is(err, ErrDamaged) || len(got) != 2 || got[0].Key != "k1" || got[1].Key != "k3" {
		t.Errorf("got %v and error %v, want k1 and k3 and ErrDamaged", got, err)
	}
}

func TestLostChargesAreDamage(t *testing.T) {
	s := openTest(t, testPath(t))
	mustCommit(t, s, fullCommit(prod))
	err := s.db.Update(func(tx *bolt.Tx) error {
		return tx.Bucket([]byte(bucketCharges)).Delete(chargesKey(july, 1))
	})
	if err != nil {
		t.Fatal(err)
	}
	_, err = s.Load(t.Context(), prod, 0)
	if !errors.Is(err, ErrDamaged) || !strings.Contains(err.Error(), "account "+prod.ID+", billing period from 2026-07-04: ") ||
		!strings.Contains(err.Error(), "0 charges where 60 were written") {
		t.Errorf("got error %v, want ErrDamaged", err)
	}
}

func TestValueInTheWrongPlaceIsDamage(t *testing.T) {
	s := openTest(t, testPath(t))
	mustCommit(t, s, fullCommit(prod))
	moved := contents(t, s)[bucketPolls][string(nameKey(prod.ID))]
	putRaw(t, s, bucketPolls, nameKey(client.ID), []byte(moved))
	if _, err := s.Load(t.Context(), client, 0); !errors.Is(err, ErrDamaged) {
		t.Errorf("got error %v, want ErrDamaged", err)
	}
}

func putRaw(t *testing.T, s *Store, bucket string, key, value []byte) {
	t.Helper()
	err := s.db.Update(func(tx *bolt.Tx) error { return tx.Bucket([]byte(bucket)).Put(key, value) })
	if err != nil {
		t.Fatal(err)
	}
}

// TestCutFilesAreErrors cuts the end off a file: bbolt meets that as a panic
// or a memory fault, and no caller must.
func TestCutFilesAreErrors(t *testing.T) {
	image, err := os.ReadFile(fullFile(t))
	if err != nil {
		t.Fatal(err)
	}
	page := os.Getpagesize()
	path := filepath.Join(t.TempDir(), "cut.db")
	errorsMet := 0
	for size := page; size < len(image); size += page {
		if err := os.WriteFile(path, image[:size], 0o600); err != nil {
			t.Fatal(err)
		}
		s, err := Open(path, Options{ReadOnly: true})
		if err == nil {
			_, err = everything(t, s)
			mustClose(t, s)
		}
		if err != nil {
			errorsMet++
		}
	}
	if errorsMet == 0 {
		t.Error("no cut was noticed")
	}
}
