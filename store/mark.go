package store

import (
	"fmt"
	"os"
)

// mark is left in the lock file by who closes a database: the number of the last
// write to it. Where it is still the last one when the file is opened, nothing
// broke off in between, and no other file was put in its place. Zero is none.
type mark uint64

// markText is what a lock file says once nobody has the lock.
const markText = "closed after write %d\n"

// is reports whether the database was closed after that write.
func (m mark) is(write uint64) bool { return m != 0 && uint64(m) == write }

// readMark reads what a lock file says. One that is not there, or that a process
// which never closed its database has left, says nothing.
func readMark(lock string) mark {
	var m mark
	text, err := os.ReadFile(lock)
	if err != nil {
		return 0
	}
	if _, err := fmt.Sscanf(string(text), markText, &m); err != nil {
		return 0
	}
	return m
}

// leave writes the mark. A full disk does not matter: without one, all pages are
// walked.
func (l *lockFile) leave(m mark) { write(l.file, fmt.Sprintf(markText, m)) }

// write makes a text all that a small file has, where there is room.
func write(file *os.File, text string) {
	if err := file.Truncate(0); err == nil {
		_, _ = file.WriteAt([]byte(text), 0)
	}
}
