package notifier

import (
	"context"
	"fmt"
	"time"
)

// few is how many messages for a channel may wait and still be told one by one.
const few = 5

// gather puts what waits for a channel into one digest, where it is more than
// people would read one by one, or than the hour has room for. It reports whether
// it did.
func (d *lane) gather(ctx context.Context, r *round, items []Item) (bool, error) {
	merged := false
	for _, waiting := range byChannel(items) {
		channel := waiting[0].Channel
		if r.closed(channel) {
			continue
		}
		noise, err := d.noise(ctx, waiting)
		if err != nil {
			return merged, err
		}
		r.groups[channel] = groupOf(noise)
		room, err := d.room(ctx, r, channel)
		if err != nil {
			return merged, err
		}
		if !r.isTooMuch(noise, room) {
			continue
		}
		digest := digestOf(noise)
		if err := d.outbox.Merge(ctx, ids(noise), digest); err != nil {
			return merged, fmt.Errorf("merge %d messages for %s: %w", len(noise), channel, err)
		}
		d.log.Info("messages merged", "channel", channel, "key", digest.Key, "messages", len(noise))
		merged = true
	}
	return merged, nil
}

// byChannel is what may be merged, in order, by channel in the order of its first
// item. What may be there already under a key keeps all of the key out of it.
func byChannel(items []Item) [][]Item {
	unsure := map[string]bool{}
	for _, item := range items {
		unsure[item.Key] = unsure[item.Key] || item.State != Dead && !item.sureToWait()
	}
	var groups [][]Item
	at := map[string]int{}
	for _, item := range items {
		if item.State == Dead || unsure[item.Key] || !item.merges() {
			continue
		}
		i, known := at[item.Channel]
		if !known {
			i, groups = len(groups), append(groups, nil)
			at[item.Channel] = i
		}
		groups[i] = append(groups[i], item)
	}
	return groups
}

// merges reports whether an item is of a kind that a digest can tell. Summaries
// are one a day as they are, and a digest has no button to answer with.
func (i Item) merges() bool {
	c := i.Content
	if c.Alert != nil && c.Alert.Approval != nil {
		return false
	}
	if i.Reply {
		return i.Loud() && c.Alert != nil
	}
	return !i.Anew && c.Summary == nil && (c.Alert != nil || c.Storm != nil || c.Digest != nil || c.Welcome != nil || c.Closes != nil)
}

// noise leaves those that would show the channel a new message.
func (d *lane) noise(ctx context.Context, items []Item) ([]Item, error) {
	var loud []Item
	for _, item := range items {
		receipt, err := d.outbox.Receipt(ctx, item.Key)
		if err != nil {
			return nil, err
		}
		if item.posts(receipt) {
			loud = append(loud, item)
		}
	}
	return loud, nil
}

// posts reports whether an attempt shows the channel a new message. Where a
// message cannot be edited, it is posted anew, and has no thread. What a machine
// is told disturbs nobody.
func (i Item) posts(receipt *Receipt) bool {
	switch {
	case i.Content.Signal != nil:
		return false
	case i.Reply:
		return i.Loud() && receipt != nil && receipt.TS != ""
	case receipt == nil || i.Anew:
		return true
	}
	return receipt.TS == "" && !i.Silent
}

// groupOf is when the oldest began to wait of those that wait for others; zero
// when none does.
func groupOf(items []Item) time.Time {
	var first time.Time
	for _, item := range items {
		if item.joinsGroup() && (first.IsZero() || item.CreatedAt.Before(first)) {
			first = item.CreatedAt
		}
	}
	return first
}

// gathers reports whether a channel's alerts still wait for others. A group that
// begins in the future was begun by a wrong clock.
func (r *round) gathers(channel string) bool {
	wait := r.groups[channel].Add(r.wait).Sub(r.now())
	return wait > 0 && wait <= r.wait
}

// isTooMuch reports whether messages for a channel are to be told together: more
// than a few alerts, or more than there is room for, or some beside a digest
// that waits itself. Alerts that still wait for others do not count.
func (r *round) isTooMuch(items []Item, room int) bool {
	all, alerts, digest := 0, 0, false
	for _, item := range items {
		if item.joinsGroup() && r.gathers(item.Channel) {
			continue
		}
		all++
		if len(item.Content.Alerts()) > 0 {
			alerts++
		}
		digest = digest || item.Content.Digest != nil
	}
	return len(items) > 1 && (alerts > few || all > room || digest)
}

func ids(items []Item) []uint64 {
	all := make([]uint64, len(items))
	for i, item := range items {
		all[i] = item.ID
	}
	return all
}
