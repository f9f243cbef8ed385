package store

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"time"

	bolt "go.etcd.io/bbolt"
	bolterrors "go.etcd.io/bbolt/errors"
)

// What can be wrong with a database. Errors of this package wrap one of them
// where a caller may want to tell.
var (
	ErrLocked  = errors.New("in use by another billbot")
	ErrNewer   = errors.New("written by a newer billbot")
	ErrForeign = errors.New("not a billbot database")
	ErrDamaged = errors.New("damaged")
	ErrMoved   = errors.New("the account has moved on since it was loaded")
)

// fileMode lets nobody but the owner read what is spent on what.
const fileMode = 0o600

// Options say how to open a database. The zero value opens it for reading and
// writing, and does not wait for another process.
type Options struct {
	ReadOnly bool          // optional: several processes may read at once, beside no writer
	Timeout  time.Duration // optional: how long to wait for another process to let go
}

// Store is an open database. It may be used by many goroutines at once.
type Store struct {
	db *bolt.DB
}

// Open opens the database in the file at path and makes one where there is
// none, readable by its owner only. An older schema is brought forward.
//
// The errors wrap [ErrLocked] when another process has it, [ErrNewer] when its
// schema is newer than this binary knows, [ErrForeign] when it is another kind
// of file, [ErrDamaged] when it cannot be read, and [fs.ErrNotExist] when it is
// missing and only to be read.
func Open(path string, options Options) (*Store, error) {
	s, err := open(path, options)
	if err != nil {
		return nil, fmt.Errorf("store: open %s: %w", path, err)
	}
	return s, nil
}

func open(path string, options Options) (*Store, error) {
	if options.ReadOnly {
		switch info, err := os.Stat(path); {
		case errors.Is(err, fs.ErrNotExist):
			return nil, fs.ErrNotExist
		case err == nil && info.Size() == 0:
			return nil, fmt.Errorf("%w: it is empty", ErrForeign)
		}
	}
	db, err := openBolt(path, options)
	if err != nil {
		return nil, err
	}
	s := &Store{db: db}
	if err := s.prepare(options.ReadOnly); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return s, nil
}

// openBolt opens the file. bbolt takes a zero timeout for "for ever", and
// panics on some files that are cut short.
func openBolt(path string, options Options) (db *bolt.DB, err error) {
	defer recoverDamage(&err)()
	db, err = bolt.Open(path, fileMode, &bolt.Options{
		ReadOnly: options.ReadOnly,
		Timeout:  max(options.Timeout, time.Nanosecond),
	})
	switch {
	case errors.Is(err, bolterrors.ErrTimeout):
		return nil, ErrLocked
	case errors.Is(err, bolterrors.ErrInvalid), errors.Is(err, bolterrors.ErrVersionMismatch):
		return nil, fmt.Errorf("%w (%w)", ErrForeign, err)
	case errors.Is(err, bolterrors.ErrChecksum):
		return nil, fmt.Errorf("%w (%w)", ErrDamaged, err)
	}
	return db, err
}

// Close waits for the transactions under way and lets go of the file.
func (s *Store) Close() error {
	if err := s.db.Close(); err != nil {
		return fmt.Errorf("store: close: %w", err)
	}
	return nil
}
