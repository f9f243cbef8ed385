package notifier

import (
	"slices"
	"time"
)

// A single attempt that nobody answers may be the item's bad luck, or its doing:
// the next item is the probe that tells. When that fails too, everything waits,
// and each time the wait is over one probe is let out.

// outage counts the attempts in a row that nobody answered.
type outage struct{ strikes int }

// strikesOut is how many of them are an outage.
const strikesOut = 2

// heard takes note of how an attempt, or a look, ended.
func (o *outage) heard(outcome Outcome) {
	if o.strikes++; !outcome.Down {
		o.strikes = 0
	}
}

// remember takes over an outage from the process before.
func (o *outage) remember(items []Item) {
	if o.strikes == 0 && slices.ContainsFunc(items, func(i Item) bool {
		return i.State != Dead && i.Pauses == PauseAll && !i.FailingSince.IsZero()
	}) {
		o.strikes = strikesOut - 1
	}
}

// isOn reports whether nobody answers, as far as is known.
func (o *outage) isOn() bool { return o.strikes >= strikesOut }

// stop makes everything wait with an item that nobody answered, the longer the
// longer that has been so.
func (o *outage) stop(i Item, now time.Time) Item {
	if i.State == Pending && o.isOn() {
		i.NotBefore, i.Pauses = now.Add(backoff(max(i.Attempts, o.strikes-1))), PauseAll
	}
	return i
}
