package store

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// ErrExists says that a backup would overwrite a file.
var ErrExists = errors.New("is there already")

// Backup writes a copy of the database, as it is at one moment, to the file at
// path, for its owner only. The copy is read back and checked in full before it
// gets its name, so that path never leads to half a backup, nor to a damaged
// one. Writers do not wait for it.
//
// Where path exists the error wraps [ErrExists], unless the file may be
// overwritten. Where the copy is not whole, the error wraps [ErrDamaged] and
// nothing is at path that was not there.
func (s *Store) Backup(ctx context.Context, path string, overwrite bool) (Checked, error) {
	if err := s.apart(path); err != nil {
		return Checked{}, fmt.Errorf("store: back up to %s: %w", path, err)
	}
	found, err := writeBackup(ctx, path, overwrite, func(w io.Writer) error {
		return s.view(ctx, "copy", func(tx *txn) error {
			_, err := tx.bolt.WriteTo(w)
			return err
		})
	})
	if err != nil {
		return found, fmt.Errorf("store: back up to %s: %w", path, err)
	}
	return found, nil
}

// apart refuses to put a backup in the place of a file in use.
func (s *Store) apart(path string) error {
	info, err := os.Stat(path)
	if err == nil && (os.SameFile(info, s.file.info) || s.lock != nil && os.SameFile(info, s.lock.info)) {
		return errors.New("that is the database itself")
	}
	return nil
}

// BackupPrevious writes what the database at path was before its last write to
// the file at to, as [Store.Backup] does. bbolt keeps that until the next write:
// it is a way back where the last one did not reach the disk whole. Nobody may
// have the database open.
func BackupPrevious(ctx context.Context, path, to string, overwrite bool) (Checked, error) {
	if realPath(path) == realPath(to) {
		return Checked{}, fmt.Errorf("store: back up to %s: that is the database itself", to)
	}
	lock, err := takeLock(path, 0)
	if err != nil {
		return Checked{}, fmt.Errorf("store: open %s: %w", path, err)
	}
	defer lock.release()
	found, err := writeBackup(ctx, to, overwrite, func(w io.Writer) error {
		image, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		metas := readMetas(bytes.NewReader(image))
		if len(metas) < 2 {
			return fmt.Errorf("%w: it does not have the state before its last write", ErrDamaged)
		}
		older := image[metas[1].at+pageHead:][:metaSize]
		copy(image[metas[0].at+pageHead:], older)
		_, err = w.Write(image)
		return err
	})
	if err != nil {
		return found, fmt.Errorf("store: back up %s as it was to %s: %w", path, to, err)
	}
	return found, nil
}

// writeBackup writes a database beside path, checks it and gives it its name.
func writeBackup(ctx context.Context, path string, overwrite bool, write func(io.Writer) error) (Checked, error) {
	if err := vacant(path, overwrite); err != nil {
		return Checked{}, err
	}
	part, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+".part-*") // mode 0600
	if err != nil {
		return Checked{}, err
	}
	defer os.Remove(part.Name())
	err = write(part)
	if err == nil {
		err = part.Sync()
	}
	if err := errors.Join(err, part.Close()); err != nil {
		return Checked{}, err
	}
	found, err := CheckFile(ctx, part.Name())
	if err := errors.Join(err, errors.Join(found.Problems...)); err != nil {
		return found, fmt.Errorf("the copy is not whole, and was not kept: %w", err)
	}
	return found, settle(part.Name(), path, overwrite)
}

// settle gives a backup its name, and makes the name last.
func settle(part, path string, overwrite bool) error {
	if err := vacant(path, overwrite); err != nil {
		return err
	}
	if err := os.Rename(part, path); err != nil {
		return err
	}
	dir, err := os.Open(filepath.Dir(path))
	if err != nil {
		return err
	}
	return errors.Join(dir.Sync(), dir.Close())
}

// vacant refuses a name that is taken.
func vacant(path string, overwrite bool) error {
	switch _, err := os.Lstat(path); {
	case overwrite, errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return err
	}
	return ErrExists
}

// CheckFile checks a database that nobody writes, as [Store.Check] does. One
// that cannot be opened is an error.
func CheckFile(ctx context.Context, path string) (Checked, error) {
	s, err := Open(path, Options{ReadOnly: true})
	if err != nil {
		return Checked{}, err
	}
	defer s.Close()
	return s.Check(ctx)
}

// PreviousWhole reports whether the state before the last write of a database
// can be read: see [BackupPrevious].
func PreviousWhole(path string) bool {
	file, err := os.Open(path)
	if err != nil {
		return false
	}
	defer file.Close()
	info, err := file.Stat()
	metas := readMetas(file)
	if err != nil || len(metas) < 2 {
		return false
	}
	_, err = walkTree(file, info.Size(), metas[1])
	return err == nil
}
