package notifier

import "time"

// round is what one delivery has learnt about who has to wait.
type round struct {
	now   func() time.Time
	wait  time.Duration   // of the first alert of a channel, for others
	tried map[uint64]bool // items
	stuck map[string]bool // keys of which the outbox could not read or begin an item

	read     time.Time            // when the outbox was read last; what follows is of then
	again    bool                 // it is to be read again at once
	groups   map[string]time.Time // by channel: since when alerts wait for others
	posted   map[string][]time.Time
	unsure   map[string]int       // by channel: messages that may be there already
	held     map[string]bool      // keys of which an item waits
	awaiting map[string]bool      // keys whose replies have no message yet
	channels map[string]time.Time // paused until
	looks    time.Time            // nothing is looked for until
	all      time.Time            // everything is paused until
}

func newRound(now func() time.Time, wait time.Duration) *round {
	return &round{now: now, wait: wait, tried: map[uint64]bool{}, stuck: map[string]bool{}, awaiting: map[string]bool{}}
}

// learn takes over what the outbox keeps: the pauses of items that wait, and
// what was tried already and waits on.
func (r *round) learn(items []Item) {
	r.read, r.held, r.channels = r.now(), map[string]bool{}, map[string]time.Time{}
	r.looks, r.all, r.again = time.Time{}, time.Time{}, false
	r.groups, r.posted, r.unsure = map[string]time.Time{}, map[string][]time.Time{}, map[string]int{}
	for _, item := range items {
		if item.State == Dead {
			continue
		}
		r.pause(item)
		if !item.UnsureSince.IsZero() && (!item.Reply || item.Loud()) {
			r.unsure[item.Channel]++
		}
		if r.stuck[item.Key] || r.tried[item.ID] && !(item.Reply && r.awaiting[item.Key]) {
			r.held[item.Key] = true
		}
	}
}

// rereadAfter is how old the list may be that a round goes by. What came in
// since may matter more, and a request that hangs takes seconds.
const rereadAfter = time.Second

func (r *round) isOld() bool { return r.now().Sub(r.read) >= rereadAfter }

// retry has an item handled again, as its state is another one by now.
func (r *round) retry(item Item) {
	delete(r.tried, item.ID)
	r.again = true
}

// showed takes note of a message that a channel was shown.
func (r *round) showed(channel string) { r.posted[channel] = append(r.posted[channel], r.now()) }

func (r *round) pause(item Item) {
	switch item.Pauses {
	case PauseAll:
		r.all = later(r.all, item.NotBefore)
	case PauseLooks:
		r.looks = later(r.looks, item.NotBefore)
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
	if item.NotBefore.After(r.now()) || r.closed(item.Channel) {
		r.hold(item)
	}
	return r.held[item.Key]
}

// closed reports whether nothing goes to a channel now.
func (r *round) closed(channel string) bool {
	now := r.now()
	return r.all.After(now) || r.channels[channel].After(now)
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}
