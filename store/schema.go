package store

import (
	"errors"
	"fmt"
	"strconv"
)

// buckets of schema 1.
const (
	bucketMeta      = "meta"
	bucketAccounts  = "accounts"
	bucketPolls     = "polls"
	bucketCharges   = "charges"
	bucketRevisions = "revisions"
	bucketSnapshots = "snapshots"
	bucketAlerts    = "alerts"
	bucketOutbox    = "outbox"
	bucketWaiting   = "waiting"
	bucketReceipts  = "receipts"
	bucketSummaries = "summaries"
)

// schemaKey holds the schema's number, in bucketMeta.
const schemaKey = "schema"

// firstSchema is what a new file starts as; migrations take it from there.
const firstSchema = 1

// migration takes a database from one schema to the next, within the
// transaction that records the new number.
type migration func(*txn) error

// migrations are in order: the first takes schema 1 to schema 2.
func migrations() []migration { return nil }

func createBuckets(tx *txn) error {
	for _, name := range []string{
		bucketMeta, bucketAccounts, bucketPolls, bucketCharges, bucketRevisions, bucketSnapshots,
		bucketAlerts, bucketOutbox, bucketWaiting, bucketReceipts, bucketSummaries,
	} {
		if _, err := tx.bolt.CreateBucketIfNotExists([]byte(name)); err != nil {
			return fmt.Errorf("create bucket %s: %w", name, err)
		}
	}
	return writeSchema(tx, firstSchema)
}

// prepare makes sure that the file is a billbot database of the current
// schema. It writes only where there is something to create or to bring
// forward.
func (s *Store) prepare(readOnly bool) error {
	steps := migrations()
	current := firstSchema + len(steps)
	var have int
	err := s.attempt(s.db.View, func(tx *txn) (err error) {
		have, err = readSchema(tx)
		return err
	})
	switch {
	case err != nil:
		return err
	case have == current:
		return nil
	case have > current:
		return fmt.Errorf("schema %d, and this billbot knows up to %d: %w", have, current, ErrNewer)
	case readOnly && have == 0:
		return fmt.Errorf("%w: it is empty", ErrForeign)
	case readOnly:
		return fmt.Errorf("schema %d must be brought to %d first, and it was opened only to be read", have, current)
	}
	return s.attempt(s.db.Update, func(tx *txn) error { return migrate(tx, have, steps) })
}

// migrate brings a database of schema have forward through steps; 0 is a file
// without anything in it.
func migrate(tx *txn, have int, steps []migration) error {
	if have == 0 {
		if err := createBuckets(tx); err != nil {
			return err
		}
		have = firstSchema
	}
	for ; have < firstSchema+len(steps); have++ {
		if err := steps[have-firstSchema](tx); err != nil {
			return fmt.Errorf("bring schema %d to %d: %w", have, have+1, err)
		}
		if err := writeSchema(tx, have+1); err != nil {
			return err
		}
	}
	return nil
}

// readSchema returns 0 for a file without any bucket: bbolt made it, and
// nothing was committed yet.
func readSchema(tx *txn) (int, error) {
	if first, _ := tx.bolt.Cursor().First(); first == nil {
		return 0, nil
	}
	if tx.bolt.Bucket([]byte(bucketMeta)) == nil {
		return 0, fmt.Errorf("%w: it has other buckets", ErrForeign)
	}
	value, err := tx.bucket(bucketMeta).get([]byte(schemaKey))
	if errors.Is(err, errAbsent) {
		return 0, fmt.Errorf("%w: it has no schema", ErrForeign)
	}
	if err != nil {
		return 0, err
	}
	schema, err := strconv.Atoi(string(value))
	if err != nil || schema < firstSchema {
		return 0, fmt.Errorf("%w: its schema is %q", ErrForeign, value)
	}
	return schema, nil
}

func writeSchema(tx *txn, schema int) error {
	return tx.bucket(bucketMeta).put([]byte(schemaKey), []byte(strconv.Itoa(schema)))
}
