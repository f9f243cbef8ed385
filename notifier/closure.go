package notifier

import "slices"

// Closure is what takes no message until a person acts, and what waits for it.
type Closure struct {
	Channel string // as items name it; "" where nothing is accepted anywhere
	Reason  string // what the other side said, and what to do
	Waiting int    // messages
}

// Closures finds in the outbox what is closed, in the order of the items.
func Closures(items []Item) []Closure {
	var closed []Closure
	for _, item := range items {
		if item.Closed == "" || item.State == Dead {
			continue
		}
		channel := item.Channel
		if item.Closed != PauseChannel {
			channel = ""
		}
		if !slices.ContainsFunc(closed, func(c Closure) bool { return c.Channel == channel }) {
			closed = append(closed, Closure{Channel: channel, Reason: item.LastError})
		}
	}
	for i, c := range closed {
		for _, item := range items {
			if item.State != Dead && (c.Channel == "" || item.Channel == c.Channel) {
				closed[i].Waiting++
			}
		}
	}
	return closed
}
