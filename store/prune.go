package store

import (
	"context"
	"errors"
	"time"

	"github.com/billbot/billbot/fetcher"
)

// Old says what [Store.Prune] deletes. What is zero deletes nothing.
type Old struct {
	Charges   fetcher.Day // billing periods that ended before this day, each as a whole
	Snapshots time.Time   // those fetched before this moment
	Revisions fetcher.Day // those of charge days before this day
}

// Pruned counts what was deleted.
type Pruned struct {
	Periods   int // of accounts: one for each account and billing period
	Snapshots int
	Revisions int
	Damaged   []error // names what of it could not be read any more; each wraps [ErrDamaged]
}

// Empty reports whether nothing was deleted.
func (p Pruned) Empty() bool { return p.Periods+p.Snapshots+p.Revisions == 0 }

func (p Pruned) plus(q Pruned) Pruned {
	return Pruned{
		Periods: p.Periods + q.Periods, Snapshots: p.Snapshots + q.Snapshots, Revisions: p.Revisions + q.Revisions,
		Damaged: append(p.Damaged, q.Damaged...),
	}
}

// pruneBatch is the most that one transaction deletes, so that no writer waits
// long for it.
const pruneBatch = 300

// Prune deletes what is old, of all accounts, in transactions of some hundred
// deletions; readers do not wait, and others may write in between. Each of them
// leaves a whole database, and what one that was interrupted has left, the next
// Prune finds again. Where nothing is old, nothing is written.
//
// A ledger that loses charges is of a new generation, as its charges are no
// longer what was loaded; [Store.Load] from Old.Charges on returns the same as
// before.
//
// A damaged value that is old is deleted and named in [Pruned.Damaged]: as its
// checksum covers its key, nobody could have read it any more, and it would go
// on to spoil what is read around it. An account whose record is damaged keeps
// its charges: nothing else knows how old they are. The error then wraps
// [ErrDamaged], and all else was pruned. What was deleted is returned beside
// any error.
func (s *Store) Prune(ctx context.Context, old Old) (Pruned, error) {
	return s.pruneWith(ctx, old, pruneBatch)
}

func (s *Store) pruneWith(ctx context.Context, old Old, most int) (Pruned, error) {
	var done Pruned
	var failures []error
	waiting, err := s.accountIDs(ctx)
	for err == nil && len(waiting) > 0 {
		b := pruning{old: old, room: most, waiting: waiting}
		if err = s.update(ctx, "prune", b.apply); err == nil {
			done, failures, waiting = done.plus(b.done), append(failures, b.failures...), b.waiting
		}
	}
	return done, errors.Join(append(failures, err)...)
}

// accountIDs are the IDs of all accounts that have a record, which those with
// anything else have too.
func (s *Store) accountIDs(ctx context.Context) ([]string, error) {
	var ids []string
	err := s.view(ctx, "list accounts", func(tx *txn) error {
		return tx.bucket(bucketAccounts).eachSealed(nil, nil, func(key, _ []byte) error {
			ids = append(ids, nameOf(key))
			return nil
		})
	})
	return ids, err
}
