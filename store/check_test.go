package store

import (
	"errors"
	"strings"
	"testing"

	"github.com/billbot/billbot/fetcher"
	"github.com/billbot/billbot/notifier"
)

func TestCheckFindsNothingWrong(t *testing.T) {
	for name, path := range map[string]string{"full": fullFile(t), "schema 1": copyGolden(t)} {
		s := openTest(t, path)
		found, err := s.Check(t.Context())
		if err != nil || len(found.Problems) > 0 {
			t.Errorf("%s: error %v, problems %v", name, err, found.Problems)
		}
		values := 0
		for _, count := range found.Values {
			values += count.Values
		}
		want := 0
		for _, bucket := range contents(t, s) {
			want += len(bucket)
		}
		if values != want {
			t.Errorf("%s: %d values were checked of %d", name, values, want)
		}
	}
}

// TestCheckNamesWhatIsWrong breaks one reference at a time, with checksums that
// fit.
func TestCheckNamesWhatIsWrong(t *testing.T) {
	item := notifier.Item{ID: 7, Key: "alert-7", Channel: "#spend", CreatedAt: noon}
	reply := notifier.Item{ID: 8, Key: "alert-8", Reply: true, Channel: "#spend", CreatedAt: noon}
	tests := []struct {
		name   string
		damage func(tx *txn) error
		want   string
	}{
		{"period gone", func(tx *txn) error { return tx.bucket(bucketCharges).delete(chargesKey(july, 1)) },
			"account " + prod.ID + ", billing period from 2026-07-04: damaged: its charges are missing"},
		{"period unknown", func(tx *txn) error {
			value, err := encodePacked(testCharges(may, 3))
			return errors.Join(err, tx.bucket(bucketCharges).put(chargesKey(may, 1), value))
		}, "its account does not know of it"},
		{"period of nobody", func(tx *txn) error {
			value, err := encodePacked(testCharges(may, 3))
			return errors.Join(err, tx.bucket(bucketCharges).put(chargesKey(may, 9), value))
		}, "no account has the number 9"},
		{"other rows", func(tx *txn) error {
			value, err := encodePacked(testCharges(july, 3))
			return errors.Join(err, tx.bucket(bucketCharges).put(chargesKey(july, 1), value))
		}, "it has 3 charges from "},
		{"account gone", func(tx *txn) error { return tx.bucket(bucketAccounts).delete(nameKey(prod.ID)) }, `account "` + prod.ID + `" is not known`},
		{"account's name", func(tx *txn) error {
			return tx.bucket(bucketAccounts).putJSON(nameKey("other"), ledgerRecord{Account: prod, Number: 2})
		}, `it is of account "` + prod.ID + `"`},
		{"one number twice", func(tx *txn) error {
			return tx.bucket(bucketAccounts).putJSON(nameKey("other"), ledgerRecord{Account: fetcher.Account{ID: "other"}, Number: 1})
		}, `its number 1 is that of account `},
		{"poll of another", func(tx *txn) error { return tx.bucket(bucketPolls).putJSON(nameKey("x"), pollRecord{Account: prod}) }, "polls, key "},
		{"alert's name", func(tx *txn) error {
			return tx.bucket(bucketAlerts).put(alertKey(prod.ID, "x"), []byte(`{"id":"y"}`))
		}, `it is alert "y"`},
		{"no JSON", func(tx *txn) error { return tx.bucket(bucketReceipts).put(nameKey("x"), []byte("{")) }, "receipts, key "},
		{"not in line", func(tx *txn) error { return tx.bucket(bucketOutbox).putJSON(itemKey(7), item) }, `message "alert-7" is not in line`},
		{"answers nothing", func(tx *txn) error { return tx.bucket(bucketOutbox).putJSON(itemKey(8), reply) }, `the message "alert-8" that it answers is not there`},
		{"in line for nothing", func(tx *txn) error { return tx.bucket(bucketWaiting).put(nameKey("x"), itemKey(99)) }, "the outbox has no such message"},
		{"strange bucket", func(tx *txn) error { _, err := tx.bolt.CreateBucket([]byte("strange")); return err }, `bucket "strange" is not of this schema`},
		{"bucket gone", func(tx *txn) error { return tx.bolt.DeleteBucket([]byte(bucketReceipts)) }, "bucket receipts is missing"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := openTest(t, fullFile(t))
			mustDo(t, s.attempt(s.db.Update, tt.damage))
			found, err := s.Check(t.Context())
			mustDo(t, err)
			problems := errors.Join(found.Problems...)
			if !errors.Is(problems, ErrDamaged) || !strings.Contains(problems.Error(), tt.want) {
				t.Errorf("got %v, want %q", problems, tt.want)
			}
		})
	}
}
