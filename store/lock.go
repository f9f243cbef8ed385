package store

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// lockEnding is what the lock file is called, after the database's own name.
const lockEnding = ".lock"

// lockRetry is how often a lock that another process has is tried again.
const lockRetry = 20 * time.Millisecond

// lockFile is the file beside a database that the process which writes it
// keeps locked. bbolt locks the database itself, which guards that file and not
// its name: with the file moved away, a second billbot would make a new one and
// tell everything again. The lock file is never removed, for the same reason.
type lockFile struct {
	watched
	closed mark // what it said of the database
}

// takeLock locks the file beside a database, for its owner only, and writes
// this process's ID into it. The error wraps [ErrLocked] where another process
// does not let go in time.
func takeLock(db string, patience time.Duration) (*lockFile, error) {
	path := realPath(db) + lockEnding
	file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE|syscall.O_NOFOLLOW, fileMode)
	if err != nil {
		return nil, fmt.Errorf("make the lock file: %w", err)
	}
	if err := flock(file, syscall.LOCK_EX, patience); err != nil {
		return nil, errors.Join(holder(file, err), file.Close())
	}
	closed := readMark(path)
	held, err := watch(path, file)
	if err == nil {
		err = sign(file)
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("write the lock file: %w", err), file.Close())
	}
	return &lockFile{held, closed}, nil
}

// release lets the next process in.
func (l *lockFile) release() error {
	if l == nil {
		return nil
	}
	return l.file.Close()
}

// sign makes the file for its owner only, and says whose it is. A full disk
// does not matter: nobody needs to know for the lock to hold.
func sign(file *os.File) error {
	if err := tighten(file); err != nil {
		return err
	}
	write(file, strconv.Itoa(os.Getpid())+"\n")
	return nil
}

// holder adds to ErrLocked which process has the lock, where it says so.
func holder(file *os.File, err error) error {
	text := make([]byte, 20)
	n, _ := file.ReadAt(text, 0)
	if id, bad := strconv.Atoi(strings.TrimSpace(string(text[:n]))); errors.Is(err, ErrLocked) && bad == nil {
		return fmt.Errorf("%w, process %d", err, id)
	}
	return err
}

// flock locks a file, or says ErrLocked once patience is at its end.
func flock(file *os.File, how int, patience time.Duration) error {
	for deadline := time.Now().Add(patience); ; {
		err := syscall.Flock(int(file.Fd()), how|syscall.LOCK_NB)
		switch {
		case err == nil:
			return nil
		case errors.Is(err, syscall.EINTR):
			continue
		case !errors.Is(err, syscall.EWOULDBLOCK):
			return fmt.Errorf("lock %s: %w", file.Name(), err)
		case time.Now().After(deadline):
			return ErrLocked
		}
		time.Sleep(min(lockRetry, max(patience, time.Millisecond)))
	}
}

// realPath is a path without symbolic links, so that every name of a database
// leads to one lock file. Of a file that is not there yet, its folder's links.
func realPath(path string) string {
	if real, err := filepath.EvalSymlinks(path); err == nil {
		return real
	}
	if dir, err := filepath.EvalSymlinks(filepath.Dir(path)); err == nil {
		return filepath.Join(dir, filepath.Base(path))
	}
	return path
}

// tighten takes a file's permissions from everybody but its owner.
func tighten(file *os.File) error {
	info, err := file.Stat()
	if err != nil || info.Mode().Perm()&^fileMode == 0 {
		return err
	}
	if err := file.Chmod(info.Mode().Perm() & fileMode); err != nil {
		return fmt.Errorf("make %s readable by its owner only: %w", filepath.Base(file.Name()), err)
	}
	return nil
}

// watched is an open file and the name it must keep.
type watched struct {
	path string
	file *os.File
	info fs.FileInfo
}

func watch(path string, file *os.File) (watched, error) {
	info, err := file.Stat()
	return watched{path: path, file: file, info: info}, err
}

// intact returns an error that wraps ErrLost unless the name still leads to the
// file.
func (w watched) intact() error {
	info, err := os.Stat(w.path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("%s %w: it is not there any more", w.path, ErrLost)
	case err != nil:
		return fmt.Errorf("look at %s: %w", w.path, err)
	case !os.SameFile(info, w.info):
		return fmt.Errorf("%s %w: it is another file now", w.path, ErrLost)
	}
	return nil
}
