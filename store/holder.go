package store

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strconv"
	"strings"
	"syscall"
)

// SchemaNumber is the schema of every database that is open: an older one is
// brought forward, a newer one refused.
func SchemaNumber() int { return firstSchema + len(migrations()) }

// Holder is the process that holds a database for writing, this one included: 0
// where none does, and -1 where it does not say which it is.
func Holder(db string) (int, error) {
	file, err := os.Open(realPath(db) + lockEnding)
	if errors.Is(err, fs.ErrNotExist) {
		return 0, nil
	}
	if err != nil {
		return 0, fmt.Errorf("store: look at the lock file: %w", err)
	}
	defer file.Close() // and what it locks is free again
	if err := flock(file, syscall.LOCK_SH, 0); !errors.Is(err, ErrLocked) {
		return 0, err
	}
	text := make([]byte, 20)
	n, _ := file.ReadAt(text, 0)
	if id, err := strconv.Atoi(strings.TrimSpace(string(text[:n]))); err == nil && id > 0 {
		return id, nil
	}
	return -1, nil
}
