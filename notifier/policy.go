package notifier

import (
	"cmp"
	"math/rand/v2"
	"time"

	"github.com/billbot/billbot/rules"
)

// When to try again, and when to stop.
const (
	firstWait  = 2 * time.Second
	longestGap = 10 * time.Minute
	closedWait = 10 * time.Minute // a person acts in minutes, not seconds
	horizon    = 72 * time.Hour   // of failing in a row
	leastTries = 20               // in that time: a machine that slept has not tried
	longestSet = 2 * time.Hour    // no wait is ever set longer: one that is was set by a wrong clock
)

// What a machine is told is tried for a day, more and more seldom: it is there
// again when its people see to it.
const (
	longestSignalGap = time.Hour
	signalHorizon    = 24 * time.Hour // of its age
	leastSignalTries = 3              // in that time
)

// How long a summary may wait: until the next of its kind says it better. What
// is told of the close of a billing period waits for ever, as no other does.
const (
	dayWaits   = 24 * time.Hour
	weekWaits  = 7 * 24 * time.Hour
	monthWaits = 28 * 24 * time.Hour // as February
)

// Begun is the item once an attempt starts at now. An attempt whose end was
// never recorded, as the process died in it, may have been accepted.
func (i Item) Begun(now time.Time) Item {
	if i.State == Sending {
		i = i.unsure()
	}
	i.State, i.StartedAt, i.NotBefore, i.Pauses = Sending, now, time.Time{}, ""
	i.Looks = 0
	i.Attempts++
	return i
}

func (i Item) unsure() Item {
	if i.UnsureSince.IsZero() {
		i.UnsureSince = i.StartedAt
	}
	return i
}

// Resent is an item that a person wants to be tried again, at now. What may
// have been accepted is looked for all the same.
func (i Item) Resent(now time.Time) Item {
	i.State, i.Attempts = Pending, 0
	i.NotBefore, i.Pauses, i.FailingSince, i.LastError, i.Closed = time.Time{}, "", time.Time{}, "", ""
	if !i.UnsureSince.IsZero() {
		i.Repeat = 0 // it may be repeated again, as a person knows of it
	}
	if i.Content.Signal != nil || i.lapsed(now) != "" {
		i.CreatedAt = now
	}
	return i
}

// failed is a begun item after an attempt that ended at now and was not
// accepted for sure.
func (i Item) failed(o Outcome, now time.Time) Item {
	i.LastError, i.Closed = describe(o), ""
	switch o.Class {
	case Refused:
		i.State = Dead
		return i
	case Closed:
		i.State, i.Attempts, i.FailingSince = Pending, 0, time.Time{}
		i.Closed = cmp.Or(o.Pauses, PauseAll)
		i.NotBefore, i.Pauses = now.Add(closedWait), i.Closed
		return i
	case Ambiguous:
		i = i.unsure()
	}
	return i.delayed(o, now)
}

// delayed is an item that is tried again, or that was tried for too long. The
// other side counts what a workspace sends, so where it asks to wait, all do.
func (i Item) delayed(o Outcome, now time.Time) Item {
	if i.FailingSince.IsZero() {
		i.FailingSince = i.StartedAt
	}
	if now.Sub(i.FailingSince) >= horizon && i.Attempts >= leastTries {
		i.State = Dead
		return i
	}
	i.State = Pending
	if o.RetryAfter > 0 {
		i.NotBefore, i.Pauses = now.Add(o.RetryAfter), cmp.Or(o.Pauses, PauseAll)
		return i
	}
	i.NotBefore, i.Pauses = now.Add(rand.N(i.ceiling())), ""
	return i
}

// ceiling is the longest wait of the item.
func (i Item) ceiling() time.Duration {
	if i.Content.Signal != nil {
		return ceilingUpTo(i.Attempts, longestSignalGap)
	}
	return ceiling(i.Attempts)
}

// backoff is the wait after that many attempts. It is drawn evenly from nothing
// up to a ceiling (full jitter), so that what failed together is not tried again
// together.
func backoff(attempts int) time.Duration { return rand.N(ceiling(attempts)) }

// sane is an item without a wait that only a wrong clock can have set.
func (i Item) sane(now time.Time) Item {
	if i.NotBefore.Sub(now) > longestSet {
		i.NotBefore, i.Pauses = time.Time{}, ""
	}
	return i
}

// ceiling is the longest wait after that many attempts.
func ceiling(attempts int) time.Duration { return ceilingUpTo(attempts, longestGap) }

func ceilingUpTo(attempts int, longest time.Duration) time.Duration {
	wait := firstWait
	for n := 1; n < attempts && wait < longest; n++ {
		wait *= 2
	}
	return min(wait, longest)
}

// lapsed says why an item that waits is not worth sending any more, "" when it
// is.
func (i Item) lapsed(now time.Time) string {
	if i.Content.Signal != nil {
		return i.untaken(now)
	}
	if i.Content.Summary == nil || now.Sub(i.CreatedAt) < waits(i.Content.Summary.Every) {
		return ""
	}
	return "expired: the next summary says it better"
}

// untaken says why a machine is not told of something any more.
func (i Item) untaken(now time.Time) string {
	if i.Attempts < leastSignalTries || now.Sub(i.CreatedAt) < signalHorizon {
		return ""
	}
	return "not taken within a day: " + i.LastError
}

func waits(every rules.Every) time.Duration {
	switch every {
	case rules.EveryWeek:
		return weekWaits
	case rules.EveryMonth:
		return monthWaits
	}
	return dayWaits
}

func describe(o Outcome) string {
	if o.Err == nil {
		return string(o.Class)
	}
	return o.Err.Error()
}
