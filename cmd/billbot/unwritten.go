package main

import (
	"context"
	"errors"
	"maps"
	"slices"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/billbot/billbot/notifier"
)

// unwritten is what the disk does not let billbot write, and whether people were
// told. It is kept in memory, as there is nowhere else. The zero value is ready.
type unwritten struct {
	mu     sync.Mutex
	causes map[string]string // by job, of those that failed for it at their last turn
	told   bool              // watchDisk's own
}

// ended is a job's turn, with its error.
func (u *unwritten) ended(job string, err error) {
	u.mu.Lock()
	defer u.mu.Unlock()
	cause := diskTrouble(err)
	if cause == "" {
		delete(u.causes, job)
		return
	}
	if u.causes == nil {
		u.causes = map[string]string{}
	}
	u.causes[job] = cause
}

// cause is why something cannot be written now, "" where all can.
func (u *unwritten) cause() string {
	u.mu.Lock()
	defer u.mu.Unlock()
	for _, job := range slices.Sorted(maps.Keys(u.causes)) {
		return u.causes[job]
	}
	return ""
}

// reason is what /healthz says, "" while there is nothing to say.
func (u *unwritten) reason() string {
	if cause := u.cause(); cause != "" {
		return "the database cannot be written: " + cause
	}
	return ""
}

// watchDisk tells people once that the database cannot be written, and once that
// it can again, when each job that failed for it did not any more. What bills say
// is not told in between, which must not look as if there was nothing to tell.
// It is sent at once: the outbox is in the database.
func (eng *engine) watchDisk(ctx context.Context, now time.Time) error {
	u := &eng.unwritten
	switch cause := u.cause(); {
	case cause != "" && !u.told:
		u.told = eng.say(ctx, now, "billbot cannot write its database", sentence(cause),
			"Until then bills may not be watched and alerts may not change. Nothing that was known is lost, and billbot goes on by itself.")
	case cause == "" && u.told:
		u.told = !eng.say(ctx, now, "billbot can write its database again", "Bills are watched as before.")
	}
	return nil
}

// diskTrouble is what an error says of the disk and what to do, for people, ""
// where it says nothing. The log has the error. bbolt does not wrap every error.
func diskTrouble(err error) string {
	is := func(errno syscall.Errno) bool {
		return err != nil && (errors.Is(err, errno) || strings.Contains(err.Error(), errno.Error()))
	}
	switch {
	case is(syscall.ENOSPC), is(syscall.EDQUOT), is(syscall.EFBIG):
		return "its disk is full: free some space"
	case is(syscall.EROFS):
		return "its disk is read-only: mount it for writing, or move the database"
	case is(syscall.EIO):
		return "its disk does not work: look at the machine, and copy the database while it can be read"
	}
	return ""
}

// say posts a notice without the outbox, in the first channel or else through the
// webhook. It reports whether it is there, as far as one knows.
func (eng *engine) say(ctx context.Context, now time.Time, title string, lines ...string) bool {
	item := noticeOf([]trouble{{name: troubleDisk, title: title}}, now)
	item.Content.Notice.Lines = lines
	item.Channel = eng.newest().openChannel(nil)
	for _, channel := range []notifier.Channel{eng.channel, eng.spare} {
		if channel == nil {
			continue
		}
		outcome := channel.Send(ctx, item, nil)
		if outcome.Class == notifier.Sent || outcome.Class == notifier.Ambiguous {
			return true
		}
		eng.log.Warn("what is wrong could not be told", "title", title, "err", outcome.Err)
	}
	return false
}
