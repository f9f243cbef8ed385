package store

import (
	"errors"
	"fmt"
	"strconv"
)

// buckets of the current schema.
const (
	bucketMeta      = "meta"
	bucketAccounts  = "accounts"
	bucketPolls     = "polls"
	bucketCharges   = "periods"
	bucketRevisions = "revisions"
	bucketSnapshots = "snapshots"
	bucketAlerts    = "alerts"
	bucketOutbox    = "outbox"
	bucketWaiting   = "waiting"
	bucketReceipts  = "receipts"
	bucketSummaries = "summaries"
	bucketAudit     = "audit"
	bucketMerged    = "merged"
	bucketDigests   = "digests"
	bucketPosts     = "posts"
)

// bucketNames are the buckets of the current schema.
func bucketNames() []string {
	return []string{
		bucketMeta, bucketAccounts, bucketPolls, bucketCharges, bucketRevisions, bucketSnapshots,
		bucketAlerts, bucketOutbox, bucketWaiting, bucketReceipts, bucketSummaries, bucketAudit,
		bucketMerged, bucketDigests, bucketPosts,
	}
}

// schemaKey holds the schema's number, in bucketMeta.
const schemaKey = "schema"

// firstSchema is the oldest one; migrations take it from there.
const firstSchema = 1

// migration takes a database from one schema to the next, in transactions of
// its own. The last of them writes the new schema, so that what was
// interrupted is done again.
type migration func(*Store) error

// migrations are in order: the first takes schema 1 to schema 2.
func migrations() []migration { return []migration{(*Store).packCharges} }

// createBuckets makes a new database, of the current schema.
func createBuckets(tx *txn) error {
	for _, name := range bucketNames() {
		if _, err := tx.bolt.CreateBucketIfNotExists([]byte(name)); err != nil {
			return fmt.Errorf("create bucket %s: %w", name, err)
		}
	}
	return writeSchema(tx, firstSchema+len(migrations()))
}

// prepare makes sure that the file is a billbot database of the current
// schema. It writes only where there is something to create or to bring
// forward.
func (s *Store) prepare(readOnly bool) error { return s.prepareWith(migrations(), readOnly) }

func (s *Store) prepareWith(steps []migration, readOnly bool) error {
	current := firstSchema + len(steps)
	var have int
	err := s.attempt(s.db.View, func(tx *txn) (err error) {
		have, err = readSchema(tx)
		return err
	})
	switch {
	case err != nil:
		return err
	case have == current && readOnly:
		return nil
	case have == current:
		return s.addBuckets()
	case have > current:
		return fmt.Errorf("schema %d, and this billbot knows up to %d: %w", have, current, ErrNewer)
	case readOnly && have == 0:
		return fmt.Errorf("%w: it is empty", ErrForeign)
	case readOnly:
		return fmt.Errorf("schema %d is older than this billbot's %d: run billbot once to upgrade it", have, current)
	case have == 0:
		return s.attempt(s.db.Update, createBuckets)
	}
	return s.migrate(have, steps)
}

// migrate brings a database of schema have forward through steps, once there is a
// copy of it as it was.
func (s *Store) migrate(have int, steps []migration) error {
	if err := s.keepOld(have); err != nil {
		return fmt.Errorf("copy schema %d before it is brought forward: %w", have, err)
	}
	for ; have < firstSchema+len(steps); have++ {
		if err := steps[have-firstSchema](s); err != nil {
			return fmt.Errorf("bring schema %d to %d: %w", have, have+1, err)
		}
	}
	return s.addBuckets()
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
