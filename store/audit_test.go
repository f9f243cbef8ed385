package store

import (
	"errors"
	"testing"
	"time"

	"github.com/billbot/billbot/rules"
	"github.com/google/go-cmp/cmp"
	bolt "go.etcd.io/bbolt"
)

// TestAuditIsCommittedWithItsAlert writes what a person did, as the line does:
// alert, message and trail in one transaction, of the generation that was read.
func TestAuditIsCommittedWithItsAlert(t *testing.T) {
	path := testPath(t)
	s := openTest(t, path)
	mustCommit(t, s, fullCommit(prod))
	told, err := s.Told(t.Context(), "alert-1")
	if err != nil || told == nil || told.Account != prod || told.Generation != 1 || len(told.Alerts) != 1 {
		t.Fatalf("told: %+v, error %v", told, err)
	}
	acknowledged, event, err := told.Alerts[0].Acknowledge("U1", "on it", noon)
	if err != nil {
		t.Fatal(err)
	}
	press := Commit{
		Account: told.Account, Generation: told.Generation,
		Alerts: []rules.Alert{acknowledged}, Audit: []rules.Deed{*event.Deed, *event.Deed},
	}
	mustCommit(t, s, press)
	if err := s.Commit(t.Context(), press); !errors.Is(err, ErrMoved) {
		t.Errorf("the second press of one generation: got %v, want ErrMoved", err)
	}
	mustClose(t, s)
	s = openTest(t, path)
	deeds, err := s.Audit(t.Context())
	want := AccountDeed{prod.ID, rules.Deed{At: noon, By: "U1", Type: rules.Acknowledged, Alert: "alert-1", Reason: "on it", Before: "firing", After: "firing, acknowledged by U1"}}
	if diff := cmp.Diff([]AccountDeed{want, want}, deeds); err != nil || diff != "" {
		t.Errorf("Audit: %v (-want +got):\n%s", err, diff)
	}
	if told, err = s.Told(t.Context(), "alert-1"); err != nil || told.Alerts[0].AcknowledgedBy != "U1" || told.Generation != 2 {
		t.Errorf("told: %+v, error %v", told, err)
	}
	for _, none := range []string{"alert", "lert-1", ""} {
		if told, err := s.Told(t.Context(), none); told != nil || err != nil {
			t.Errorf("alert %q: got %+v, error %v, want none", none, told, err)
		}
	}
}

func TestAuditIsInTheOrderOfTime(t *testing.T) {
	s := openTest(t, testPath(t))
	for i, account := range []string{"b", "a", "b"} {
		c := fullCommit(prod)
		c.Account.ID = account
		c.Generation = uint64(i / 2)
		c.Audit = []rules.Deed{{At: noon.Add(time.Duration(i) * time.Hour), Alert: "alert-1"}}
		mustCommit(t, s, c)
	}
	deeds, err := s.Audit(t.Context())
	if err != nil || len(deeds) != 3 || deeds[0].AccountID != "b" || deeds[1].AccountID != "a" || deeds[2].AccountID != "b" {
		t.Errorf("got %+v, error %v", deeds, err)
	}
}

// TestFileWithoutAnAuditTrail opens what a billbot of this schema wrote before
// there was one.
func TestFileWithoutAnAuditTrail(t *testing.T) {
	path := testPath(t)
	s := openTest(t, path)
	mustCommit(t, s, fullCommit(prod))
	if err := s.db.Update(func(tx *bolt.Tx) error { return tx.DeleteBucket([]byte(bucketAudit)) }); err != nil {
		t.Fatal(err)
	}
	before := contents(t, s)
	mustClose(t, s)

	read, err := Open(path, Options{ReadOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	if deeds, err := read.Audit(t.Context()); err != nil || len(deeds) > 0 {
		t.Errorf("read only: got %v, error %v, want an empty trail", deeds, err)
	}
	mustClose(t, read)

	s = openTest(t, path)
	before[bucketAudit] = map[string]string{}
	if diff := cmp.Diff(before, contents(t, s)); diff != "" {
		t.Errorf("opened for writing (-before, with a trail +after):\n%s", diff)
	}
	count := transactions(t, s)
	mustClose(t, s)
	s = openTest(t, path)
	if got := transactions(t, s); got != count {
		t.Error("opened again, written again")
	}
	mustCommit(t, s, Commit{Account: prod, Generation: 1, Audit: []rules.Deed{{At: noon, Alert: "alert-1"}}})
	if deeds, err := s.Audit(t.Context()); err != nil || len(deeds) != 1 {
		t.Errorf("got %v, error %v, want one entry", deeds, err)
	}
}

func TestSchema1GetsAnAuditTrail(t *testing.T) {
	s := openTest(t, copyGolden(t))
	if _, found := contents(t, s)[bucketAudit]; !found {
		t.Error("a database brought forward has no audit trail")
	}
}
