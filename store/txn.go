package store

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"

	bolt "go.etcd.io/bbolt"
)

// errUnchanged rolls a write transaction back that has nothing to write, which
// saves its two syncs.
var errUnchanged = errors.New("nothing changed")

// txn is one transaction of bbolt, and whether it has written anything.
type txn struct {
	bolt   *bolt.Tx
	wrote  bool
	mended []error // damage that was written over
}

// view runs fn in a read transaction.
func (s *Store) view(ctx context.Context, doing string, fn func(*txn) error) error {
	return s.run(ctx, doing, s.db.View, fn)
}

// update runs fn in a write transaction and commits it if it wrote anything.
// Values must be encoded before: all writers wait for the one that is in.
// Nothing is written to a file that has lost its name.
func (s *Store) update(ctx context.Context, doing string, fn func(*txn) error) error {
	if err := s.intact(); err != nil {
		return fmt.Errorf("store: %s: %w", doing, err)
	}
	var mended []error
	err := s.run(ctx, doing, s.db.Update, func(tx *txn) error {
		if err := fn(tx); err != nil {
			return err
		}
		if !tx.wrote {
			return errUnchanged
		}
		mended = tx.mended
		return s.fault(doing, StepWrite)
	})
	if errors.Is(err, errUnchanged) {
		return nil
	}
	if err == nil {
		if err = s.fault(doing, StepSynced); err != nil {
			err = fmt.Errorf("store: %s: %w", doing, err)
		}
	}
	if err == nil && len(mended) > 0 && s.log != nil {
		s.log.Error("the database was damaged, and is mended in part", "err", errors.Join(mended...))
	}
	return err
}

// transact is bolt.DB's View or Update.
type transact func(func(*bolt.Tx) error) error

func (s *Store) run(ctx context.Context, doing string, in transact, fn func(*txn) error) error {
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("store: %s: %w", doing, err)
	}
	if err := s.fault(doing, StepBegin); err != nil {
		return fmt.Errorf("store: %s: %w", doing, err)
	}
	if err := s.attempt(in, fn); err != nil {
		return fmt.Errorf("store: %s: %w", doing, err)
	}
	return nil
}

// attempt runs fn in a transaction. After a panic in one, bbolt may still hold
// its locks, so that the next one would wait for ever: there is none.
func (s *Store) attempt(in transact, fn func(*txn) error) (err error) {
	if s.hurt.Load() {
		return errHurt
	}
	panicked := true
	defer func() {
		if panicked {
			s.hurt.Store(true)
			s.stuck.Store(true)
		}
	}()
	defer recoverDamage(&err)()
	err = in(func(tx *bolt.Tx) error { return fn(&txn{bolt: tx}) })
	panicked = false
	return err
}

// recoverDamage makes an error of the panics and memory faults that bbolt
// meets in a damaged file: its pages are used as they are mapped. Use it as
// defer recoverDamage(&err)().
func recoverDamage(err *error) func() {
	before := debug.SetPanicOnFault(true)
	return func() {
		debug.SetPanicOnFault(before)
		if cause := recover(); cause != nil {
			*err = fmt.Errorf("%w: %v", ErrDamaged, cause)
		}
	}
}
