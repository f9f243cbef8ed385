package store

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/billbot/billbot/fetcher"
	"github.com/billbot/billbot/rules"
)

// AccountDeed is what a person did, and the ID of the account whose alert it
// was about; [rules.FleetID] for a message of the outbox.
type AccountDeed struct {
	AccountID string
	Deed      rules.Deed
}

// Audit returns what people did about the alerts of all accounts, oldest first.
// It is kept for ever: there are a few entries for each alert.
func (s *Store) Audit(ctx context.Context) ([]AccountDeed, error) {
	var deeds []AccountDeed
	err := s.view(ctx, "read audit trail", func(tx *txn) error {
		if tx.bolt.Bucket([]byte(bucketAudit)) == nil {
			return nil // written before there was one, and open for reading
		}
		b := tx.bucket(bucketAudit)
		return b.each(nil, func(key, value []byte) error {
			deed := AccountDeed{AccountID: nameOf(key)}
			err := b.decode(key, value, &deed.Deed)
			deeds = append(deeds, deed)
			return err
		})
	})
	if err != nil {
		return nil, err
	}
	slices.SortStableFunc(deeds, func(a, b AccountDeed) int { return a.Deed.At.Compare(b.Deed.At) })
	return deeds, nil
}

// Told is what an account was told: its alerts, however long ago they ended,
// and the generation they are of, to commit changes of them.
type Told struct {
	Account    fetcher.Account
	Generation uint64
	Alerts     []rules.Alert
}

// Told finds the account that has an alert of an ID and returns all its alerts.
// It returns nil where no account has one.
func (s *Store) Told(ctx context.Context, alert string) (*Told, error) {
	var told *Told
	err := s.view(ctx, "find alert "+alert, func(tx *txn) (err error) {
		account, found, err := accountOf(tx, alert)
		if err != nil || !found {
			return err
		}
		var record ledgerRecord
		if _, err := tx.bucket(bucketAccounts).getJSON(nameKey(account), &record); err != nil {
			return err
		}
		told = &Told{Account: record.Account, Generation: record.Generation}
		told.Alerts, err = readAlerts(tx, account)
		return err
	})
	if err != nil {
		return nil, err
	}
	return told, nil
}

// accountOf finds the account of an alert by the keys alone.
func accountOf(tx *txn, alert string) (account string, found bool, err error) {
	err = tx.bucket(bucketAlerts).eachSealed(nil, nil, func(key, _ []byte) error {
		name := nameOf(key)
		if bytes.Equal(key, alertKey(name, alert)) {
			account, found = name, true
		}
		return nil
	})
	return account, found, err
}

// auditKey ends in a number, as one press may be about several alerts.
func auditKey(account string, at time.Time, number uint64) []byte {
	return numbered(appendTime(nameKey(account), at), number)
}

func putAudit(b bucket, c preparedCommit) error {
	for i, value := range c.audit {
		number, err := b.next()
		if err != nil {
			return err
		}
		if err := b.put(auditKey(c.Account.ID, c.Audit[i].At, number), value); err != nil {
			return err
		}
	}
	return nil
}

// record adds what a person did about a message of the outbox, which is of no
// account, to the audit trail.
func record(tx *txn, deed rules.Deed) error {
	b := tx.bucket(bucketAudit)
	number, err := b.next()
	if err != nil {
		return err
	}
	return b.putJSON(auditKey(rules.FleetID, deed.At, number), deed)
}

// addBuckets makes the buckets that a database of the current schema may lack,
// as a billbot wrote it that did not know them. It would go on to read what
// has them, so they are no new schema.
func (s *Store) addBuckets() error {
	var missing []string
	err := s.attempt(s.db.View, func(tx *txn) error {
		for _, name := range []string{bucketAudit, bucketMerged, bucketDigests, bucketPosts} {
			if tx.bolt.Bucket([]byte(name)) == nil {
				missing = append(missing, name)
			}
		}
		return nil
	})
	if err != nil || len(missing) == 0 {
		return err
	}
	return s.attempt(s.db.Update, func(tx *txn) error {
		for _, name := range missing {
			if _, err := tx.bolt.CreateBucketIfNotExists([]byte(name)); err != nil {
				return fmt.Errorf("create bucket %s: %w", name, err)
			}
		}
		return nil
	})
}
