package notifier

import (
	"context"
	"time"
)

// perHour is how many messages a channel is shown within any hour, whatever
// happens. What comes on top of that waits, and is told together. Replies that
// stay in their thread, and edits, do not count: nobody is called by them.
const (
	perHour   = 20
	quotaTime = time.Hour
)

// room is how many messages a channel may be shown now. An attempt that may have
// been accepted counts.
func (d *lane) room(ctx context.Context, r *round, channel string) (int, error) {
	posted, known := r.posted[channel]
	if !known {
		var err error
		if posted, err = d.outbox.Posted(ctx, channel); err != nil {
			return 0, err
		}
		r.posted[channel] = posted
	}
	left, now := perHour-r.unsure[channel], r.now()
	for _, at := range posted {
		if age := now.Sub(at); age >= 0 && age < quotaTime {
			left--
		}
	}
	return max(left, 0), nil
}

// mayPost reports whether an item that would show its channel a new message may
// do so now.
func (d *lane) mayPost(ctx context.Context, r *round, item Item) (bool, error) {
	if item.joinsGroup() && r.gathers(item.Channel) {
		return false, nil
	}
	room, err := d.room(ctx, r, item.Channel)
	return room > 0, err
}
