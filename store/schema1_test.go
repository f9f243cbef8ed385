package store

import (
	"errors"
	"os"
	"strings"
	"testing"

	"github.com/billbot/billbot/fetcher"
	"github.com/google/go-cmp/cmp"
	bolt "go.etcd.io/bbolt"
)

// copyGolden copies the file that the code of schema 1 wrote.
func copyGolden(t *testing.T) string {
	t.Helper()
	golden, err := os.ReadFile("testdata/schema1.golden")
	if err != nil {
		t.Fatal(err)
	}
	path := testPath(t)
	writeFile(t, path, string(golden))
	return path
}

func TestSchema1IsBroughtForward(t *testing.T) {
	path := copyGolden(t)
	mustClose(t, openTest(t, path))
	s, err := Open(path, Options{ReadOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	for _, account := range []fetcher.Account{prod, client} {
		want := View{
			Generation: 1, Known: true, Poll: *fullCommit(account).Poll,
			Ledger: fetcher.Ledger{
				Account: account, Charges: append(goldenCharges(account.ID, june), goldenCharges(account.ID, july)...),
				Doubts: *fullCommit(account).Doubts, Terms: *fullCommit(account).Terms, Trust: fullCommit(account).Poll.Trust,
			},
		}
		if diff := cmp.Diff(want, mustRead(t, s, account, 0), exact, withoutBill); diff != "" {
			t.Errorf("Load (-want +got):\n%s", diff)
		}
		revisions, err := s.Revisions(t.Context(), account.ID, 0, july+60)
		if err != nil || len(revisions) != 2 {
			t.Errorf("revisions %v, error %v, want two", revisions, err)
		}
	}
	if _, left := contents(t, s)[schema1Charges]; left {
		t.Error("the rows of schema 1 are still there")
	}
}

// TestSchema1IsBroughtForwardAgain begins where an interrupted migration left
// off: accounts have numbers, and some periods are packed, wrongly by now.
func TestSchema1IsBroughtForwardAgain(t *testing.T) {
	path := copyGolden(t)
	s, err := openBolt(path, Options{}, 0)
	if err != nil {
		t.Fatal(err)
	}
	err = s.attempt(s.db.Update, func(tx *txn) error {
		if err := remakeBucket(tx, bucketCharges); err != nil {
			return err
		}
		if _, err := enumerateAccounts(tx); err != nil {
			return err
		}
		value, err := encodePacked(testCharges(may, 3))
		return errors.Join(err, putPeriod(tx.bucket(bucketCharges), chargePlace{prod.ID, 1, may}, value))
	})
	if err != nil {
		t.Fatal(err)
	}
	mustClose(t, s)
	s = openTest(t, path)
	if got := len(contents(t, s)[bucketCharges]); got != 4 {
		t.Errorf("%d periods, want 4", got)
	}
	got, err := s.Charges(t.Context(), client.ID, 0, july+60)
	want := append(goldenCharges(client.ID, june), goldenCharges(client.ID, july)...)
	if diff := cmp.Diff(want, got, exact); err != nil || diff != "" {
		t.Errorf("Charges: %v (-want +got):\n%s", err, diff)
	}
}

func TestSchema1IsNotReadAsItIs(t *testing.T) {
	path := copyGolden(t)
	before, _ := os.ReadFile(path)
	_, err := Open(path, Options{ReadOnly: true})
	if err == nil || !strings.Contains(err.Error(), "run billbot once to upgrade it") {
		t.Errorf("got error %v, want what to do", err)
	}
	if after, _ := os.ReadFile(path); string(before) != string(after) {
		t.Error("the file was changed")
	}
}

func TestDamagedSchema1StaysAsItIs(t *testing.T) {
	path := copyGolden(t)
	db, err := bolt.Open(path, 0o600, nil)
	if err != nil {
		t.Fatal(err)
	}
	rows := map[string]string{}
	err = db.Update(func(tx *bolt.Tx) error {
		b := tx.Bucket([]byte(schema1Charges))
		key, _ := b.Cursor().Last()
		if err := b.Delete(key); err != nil {
			return err
		}
		return b.ForEach(func(k, v []byte) error { rows[string(k)] = string(v); return nil })
	})
	if err := errors.Join(err, db.Close()); err != nil {
		t.Fatal(err)
	}
	_, err = Open(path, Options{})
	if !errors.Is(err, ErrDamaged) || !strings.Contains(err.Error(), "billing period from 2026-07-04: ") {
		t.Fatalf("got error %v, want ErrDamaged of a period", err)
	}
	db, err = bolt.Open(path, 0o600, &bolt.Options{ReadOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	s := &Store{db: db}
	defer s.Close()
	if diff := cmp.Diff(rows, contents(t, s)[schema1Charges]); diff != "" {
		t.Errorf("rows (-before +after):\n%s", diff)
	}
}
