package store

import (
	"context"
	"time"
)

// probeKey holds when writing was last tried, in bucketMeta.
const probeKey = "tried"

// TryWrite writes the moment to disk, to find out whether that works: a disk
// that is full, or went read-only, still answers whoever reads.
func (s *Store) TryWrite(ctx context.Context, now time.Time) error {
	return s.update(ctx, "try to write", func(tx *txn) error {
		return tx.bucket(bucketMeta).put([]byte(probeKey), now.UTC().AppendFormat(nil, time.RFC3339Nano))
	})
}
