package notifier

import "time"

// Outcome is how an attempt to send ended.
type Outcome struct {
	Class      Class
	Receipt    Receipt       // when Sent
	Err        error         // otherwise
	RetryAfter time.Duration // when the other side said how long to wait
	// Pauses is what a Closed outcome stops: PauseChannel where the item's
	// channel alone is closed; otherwise everything waits.
	Pauses Pause
	// Down says that the other side did not answer, or not sensibly: it is no
	// fault of this item's.
	Down bool
	// Version is that of the content which was found; 0 when nobody knows.
	Version int
	// Said is what a machine says became of what it was told, "" mostly.
	Said string
}

// Class tells outcomes apart by what to do next.
type Class string

// The classes of outcomes.
const (
	Sent      Class = "sent"
	Retry     Class = "retry"     // surely not accepted: try again later
	Ambiguous Class = "ambiguous" // perhaps accepted: the answer was lost
	Refused   Class = "refused"   // this item will never be accepted
	Closed    Class = "closed"    // nothing is accepted until a person acts: a revoked token, an archived channel
	Gone      Class = "gone"      // the message to edit is no longer there, or no longer to be edited
	Missing   Class = "missing"   // looked for, and not there
	Blind     Class = "blind"     // looked for, but billbot may not see the channel's messages
)
