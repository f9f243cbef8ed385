package store

import (
	"errors"
	"fmt"
	"slices"

	"github.com/billbot/billbot/fetcher"
	bolterrors "go.etcd.io/bbolt/errors"
)

// schema1Charges is the bucket of schema 1 that has a value per charge, under
// the period's start, the account's ID and the charge's place in the period.
const schema1Charges = "charges"

// migrationBatch is how many billing periods one transaction brings forward:
// about two megabytes, packed.
const migrationBatch = 200

// packCharges takes schema 1 to 2: accounts get numbers, and charges are
// packed. What schema 1 had stays until the last transaction, so that a
// migration that fails or is interrupted has lost nothing.
func (s *Store) packCharges() error {
	var found []schema1Period
	err := s.attempt(s.db.Update, func(tx *txn) (err error) {
		if err := remakeBucket(tx, bucketCharges); err != nil {
			return err
		}
		found, err = enumerateAccounts(tx)
		return err
	})
	if err != nil {
		return err
	}
	slices.SortFunc(found, func(a, b schema1Period) int { return comparePlaces(a.at, b.at) })
	for batch := range slices.Chunk(found, migrationBatch) {
		if err := s.packBatch(batch); err != nil {
			return err
		}
	}
	return s.attempt(s.db.Update, func(tx *txn) error {
		if err := tx.bolt.DeleteBucket([]byte(schema1Charges)); err != nil {
			return fmt.Errorf("drop bucket %s: %w", schema1Charges, err)
		}
		return writeSchema(tx, 2)
	})
}

// remakeBucket makes a bucket that is empty, whatever an interrupted migration
// left in it.
func remakeBucket(tx *txn, name string) error {
	if err := tx.bolt.DeleteBucket([]byte(name)); err != nil && !errors.Is(err, bolterrors.ErrBucketNotFound) {
		return fmt.Errorf("empty bucket %s: %w", name, err)
	}
	if _, err := tx.bolt.CreateBucket([]byte(name)); err != nil {
		return fmt.Errorf("create bucket %s: %w", name, err)
	}
	return nil
}

// schema1Period is a billing period to be packed.
type schema1Period struct {
	at   chargePlace
	rows int
}

// enumerateAccounts gives each account a number and lists its periods.
func enumerateAccounts(tx *txn) ([]schema1Period, error) {
	accounts := tx.bucket(bucketAccounts)
	var records []ledgerRecord
	var ids []string
	err := accounts.each(nil, func(key, value []byte) error {
		var record ledgerRecord
		err := accounts.decode(key, value, &record)
		records, ids = append(records, record), append(ids, nameOf(key))
		return err
	})
	if err != nil {
		return nil, err
	}
	var found []schema1Period
	for i, record := range records {
		if record.Number == 0 {
			if err := record.enumerate(tx); err != nil {
				return nil, err
			}
			if err := accounts.putJSON(nameKey(ids[i]), record); err != nil {
				return nil, err
			}
		}
		for _, p := range record.Periods {
			found = append(found, schema1Period{chargePlace{ids[i], record.Number, p.Start}, p.Rows})
		}
	}
	return found, nil
}

// packBatch packs some periods: read and packed first, then written.
func (s *Store) packBatch(batch []schema1Period) error {
	writes := make([]periodWrite, len(batch))
	err := s.attempt(s.db.View, func(tx *txn) error {
		for i, p := range batch {
			charges, err := p.read(tx)
			if err != nil {
				return p.at.named(err)
			}
			if writes[i].value, err = encodePacked(charges); err != nil {
				return p.at.named(err)
			}
			writes[i].at = p.at
		}
		return nil
	})
	if err != nil {
		return err
	}
	return s.attempt(s.db.Update, func(tx *txn) error {
		for _, w := range writes {
			if err := putPeriod(tx.bucket(bucketCharges), w.at, w.value); err != nil {
				return err
			}
		}
		return nil
	})
}

// read returns the charges that schema 1 has of the period, in the ledger's
// order of today.
func (p schema1Period) read(tx *txn) ([]fetcher.Charge, error) {
	var charges []fetcher.Charge
	rows := newRowReader()
	b := tx.bucket(schema1Charges)
	prefix := appendName(appendDay(nil, p.at.period), p.at.account)
	err := b.each(prefix, func(key, value []byte) error {
		c, err := rows.read(value)
		if err != nil {
			return b.damage(key, err)
		}
		charges = append(charges, c)
		return nil
	})
	if err == nil && len(charges) != p.rows {
		err = b.damage(prefix, fmt.Errorf("%d charges where %d were written", len(charges), p.rows))
	}
	if err != nil {
		return nil, err
	}
	fetcher.SortCharges(charges)
	return charges, nil
}
