package store

import (
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"sync/atomic"
	"syscall"
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
	ErrLost    = errors.New("was moved, replaced or removed while billbot was running")
)

// errHurt is the error of all that is asked after a transaction panicked.
var errHurt = fmt.Errorf("%w while billbot was running", ErrDamaged)

// fileMode lets nobody but the owner read what is spent on what.
const fileMode = 0o600

// Options say how to open a database. The zero value opens it for reading and
// writing, and does not wait for another process.
type Options struct {
	ReadOnly bool          // optional: several processes may read at once, beside no writer
	Timeout  time.Duration // optional: how long to wait for another process to let go
	Log      *slog.Logger  // optional: told of damage that was written over
	// Faults makes a step of a transaction fail where it returns an error.
	// Optional: for tests of what uses a store.
	Faults func(doing string, at Step) error
}

// Store is an open database. It may be used by many goroutines at once.
type Store struct {
	db    *bolt.DB
	file  watched     // the database
	found opened      // what was found of it
	lock  *lockFile   // nil of one that is only read
	hurt  atomic.Bool // it broke: nothing is read or written any more
	stuck atomic.Bool // a transaction never ended, and bbolt would wait for it
	log   *slog.Logger

	faults func(doing string, at Step) error // nil mostly
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
		return openOnly(path, options)
	}
	deadline := time.Now().Add(options.Timeout)
	lock, err := takeLock(path, options.Timeout)
	if err != nil {
		return nil, err
	}
	options.Timeout = max(0, time.Until(deadline)) // one patience for both locks
	s, err := openBolt(path, options, lock.closed)
	if err != nil {
		return nil, errors.Join(err, lock.release())
	}
	s.lock = lock
	if err := errors.Join(tighten(s.file.file), s.prepare(false)); err != nil {
		return nil, errors.Join(err, s.close())
	}
	return s, nil
}

// openOnly opens a file that is to be read, which must be there.
func openOnly(path string, options Options) (*Store, error) {
	switch info, err := os.Stat(path); {
	case errors.Is(err, fs.ErrNotExist):
		return nil, fs.ErrNotExist
	case err == nil && info.Size() == 0:
		return nil, fmt.Errorf("%w: it is empty", ErrForeign)
	}
	s, err := openBolt(path, options, readMark(realPath(path)+lockEnding))
	if err != nil {
		return nil, err
	}
	if err := s.prepare(true); err != nil {
		return nil, errors.Join(err, s.close())
	}
	return s, nil
}

// openBolt opens the file, once its pages are looked at. What bbolt still panics
// on is an error too.
func openBolt(path string, options Options, closed mark) (s *Store, err error) {
	s = &Store{log: options.Log, faults: options.Faults}
	defer func() {
		if err != nil && s.file.file != nil {
			_ = s.file.file.Close() // bbolt leaves it open when it panics
		}
	}()
	defer recoverDamage(&err)()
	s.db, err = bolt.Open(path, fileMode, &bolt.Options{
		ReadOnly: options.ReadOnly,
		Timeout:  time.Nanosecond, // it is locked by then; zero would be for ever
		OpenFile: func(path string, flags int, mode fs.FileMode) (*os.File, error) {
			if s.file.file != nil { // again, to be copied
				return os.OpenFile(path, flags, mode)
			}
			s.file, err = openFile(path, flags, mode, options)
			if err == nil {
				s.found, err = lookAtPages(s.file.file, closed)
			}
			return s.file.file, err
		},
	})
	switch {
	case errors.Is(err, bolterrors.ErrTimeout):
		return s, ErrLocked
	case errors.Is(err, bolterrors.ErrInvalid), errors.Is(err, bolterrors.ErrVersionMismatch):
		return s, fmt.Errorf("%w (%w)", ErrForeign, err)
	case errors.Is(err, bolterrors.ErrChecksum):
		return s, fmt.Errorf("%w (%w)", ErrDamaged, err)
	}
	return s, err
}

// openFile opens and locks the database.
func openFile(path string, flags int, mode fs.FileMode, options Options) (watched, error) {
	file, err := os.OpenFile(path, flags, mode)
	if err != nil {
		return watched{}, err
	}
	how := syscall.LOCK_EX
	if options.ReadOnly {
		how = syscall.LOCK_SH
	}
	err = flock(file, how, options.Timeout)
	held, statErr := watch(path, file)
	if err := errors.Join(err, statErr); err != nil {
		return watched{}, errors.Join(err, file.Close())
	}
	return held, nil
}

// Intact returns an error that wraps [ErrLost] when the database's name, or that
// of its lock file, does not lead to the open file any more, and [ErrDamaged]
// when the file broke while it was in use. Nothing is written then.
func (s *Store) Intact() error {
	if err := s.intact(); err != nil {
		return fmt.Errorf("store: %w", err)
	}
	return nil
}

func (s *Store) intact() error {
	if s.hurt.Load() {
		return errHurt
	}
	if s.lock == nil {
		return s.file.intact()
	}
	return errors.Join(s.file.intact(), s.lock.intact())
}

// Close waits for the transactions under way and lets go of the file.
func (s *Store) Close() error {
	if err := s.close(); err != nil {
		return fmt.Errorf("store: close: %w", err)
	}
	return nil
}

func (s *Store) close() error {
	last := s.newest()
	if s.stuck.Load() {
		return errors.Join(s.file.file.Close(), s.lock.release())
	}
	err := s.db.Close()
	if err == nil && s.lock != nil && last != 0 {
		s.lock.leave(last)
	}
	return errors.Join(err, s.lock.release())
}
