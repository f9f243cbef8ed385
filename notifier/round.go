package notifier

import "time"

// round is what one delivery has learnt about who has to wait.
type round struct {
	now      func() time.Time
	held     map[string]bool      // keys of which an item waits
	awaiting map[string]bool      // keys whose replies have no message yet
	channels map[string]time.Time // paused until
	all      time.Time            // everything is paused until
}

// newRound takes over the pauses that waiting items are kept with.
func newRound(items []Item, now func() time.Time) *round {
	r := &round{now: now, held: map[string]bool{}, awaiting: map[string]bool{}, channels: map[string]time.Time{}}
	for _, item := range items {
		if item.State != Dead {
			r.pause(item)
		}
	}
	return r
}

func (r *round) pause(item Item) {
	switch item.Pauses {
	case PauseAll:
		r.all = later(r.all, item.NotBefore)
	case PauseChannel:
		r.channels[item.Channel] = later(r.channels[item.Channel], item.NotBefore)
	}
}

// hold makes the later items of the key wait for this one, and whatever it
// pauses.
func (r *round) hold(item Item) {
	r.held[item.Key] = true
	r.pause(item)
}

// defers reports whether the item has to wait, and holds its key if so. A reply
// that waits for its message must not make that message wait for it.
func (r *round) defers(item Item) bool {
	if item.Reply && r.awaiting[item.Key] {
		return true
	}
	now := r.now()
	if item.NotBefore.After(now) || r.all.After(now) || r.channels[item.Channel].After(now) {
		r.hold(item)
	}
	return r.held[item.Key]
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}
