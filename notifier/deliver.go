package notifier

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"
)

// ErrGone is wrapped by the errors of an [Outbox] when an item no longer waits.
var ErrGone = errors.New("no longer waits in the outbox")

// Outbox keeps the items that are to be delivered, and receipts of those that
// were, through restarts.
type Outbox interface {
	// Undelivered returns all items in order, dead ones too. With an error it
	// may return those that it could read.
	Undelivered(ctx context.Context) ([]Item, error)
	// Receipt returns where the message of a key is, nil when it was not sent.
	Receipt(ctx context.Context, key string) (*Receipt, error)
	// Begin keeps [Item.Begun] and returns it, with the newest content. The
	// error wraps ErrGone when the item no longer waits.
	Begin(ctx context.Context, id uint64, now time.Time) (Item, error)
	// Finish keeps the item as given; with a receipt it is delivered and leaves.
	Finish(ctx context.Context, item Item, receipt *Receipt) error
	// Merge puts items into a digest, in one step: a new one, or that of its key
	// which waits. Those that do not wait any more are left out.
	Merge(ctx context.Context, ids []uint64, digest Item) error
	// Posted returns when a channel was shown messages, at least those of an
	// hour before the newest ([Receipt.PostedAt]).
	Posted(ctx context.Context, channel string) ([]time.Time, error)
	// ChannelID returns what the other side calls a channel that something was
	// delivered to, "" when nothing was.
	ChannelID(ctx context.Context, name string) (string, error)
}

// Channel brings a message to the people it is for.
type Channel interface {
	// Send makes one attempt. With a receipt it edits that message, or answers
	// in its thread if the item is a reply; without one it posts. It must end
	// by itself in reasonable time: ctx is not cancelled at shutdown, since a
	// request that was begun is worth finishing.
	Send(ctx context.Context, item Item, receipt *Receipt) Outcome
	// Find looks whether an attempt at an item was accepted whose answer was
	// lost. near has the channel's ID, "" where it is not known, and for a
	// reply the message that it answers. The outcome is Sent, with the receipt
	// and the version found; Missing; Blind; or that of the failed look.
	Find(ctx context.Context, item Item, near Receipt) Outcome
}

// lane delivers what goes to one destination.
type lane struct {
	outbox  Outbox
	channel Channel
	grace   time.Duration
	log     *slog.Logger

	turn   chan struct{} // one delivery at a time, or items would overtake each other
	owed   *ending       // what the outbox could not keep, nil mostly
	outage outage
}

// ending is how an attempt ended.
type ending struct {
	item    Item
	receipt *Receipt
}

// deliver tries each item that is due once; the first alert of a channel waits so
// long for others.
func (d *lane) deliver(ctx context.Context, now time.Time, wait time.Duration) error {
	started := time.Now()
	select {
	case d.turn <- struct{}{}:
		defer func() { <-d.turn }()
	case <-ctx.Done():
		return ctx.Err()
	}
	if err := d.payOwed(ctx); err != nil {
		return err
	}
	r := newRound(func() time.Time { return now.Add(time.Since(started)) }, wait)
	var failures []error
	for {
		items, unread := d.list(ctx, r)
		done, failed := d.pass(ctx, r, items)
		failures = append(failures, failed...)
		if done {
			return errors.Join(append(failures, unread, ctx.Err())...)
		}
	}
}

// list reads the outbox, in the order in which to try, with what waits for a
// channel gathered.
func (d *lane) list(ctx context.Context, r *round) ([]Item, error) {
	items, err := d.read(ctx, r)
	merged, failed := d.gather(ctx, r, items)
	if merged {
		items, err = d.read(ctx, r)
	}
	return inOrder(items, d.outage.isOn()), errors.Join(err, failed)
}

func (d *lane) read(ctx context.Context, r *round) ([]Item, error) {
	items, err := d.outbox.Undelivered(ctx)
	for i, item := range items {
		items[i] = item.sane(r.now()).recovered()
	}
	d.outage.remember(items)
	r.learn(items)
	return items, err
}

// pass tries items until all were, or until the list is old.
func (d *lane) pass(ctx context.Context, r *round, items []Item) (done bool, failures []error) {
	tried := len(r.tried)
	for _, item := range items {
		switch {
		case ctx.Err() != nil || d.owed != nil:
			return true, failures
		case r.tried[item.ID]:
			continue
		case r.again || len(r.tried) > tried && r.isOld():
			return false, failures
		}
		if err := d.handle(ctx, r, item); err != nil {
			r.stuck[item.Key] = true
			r.hold(item)
			failures = append(failures, fmt.Errorf("deliver item %d (%s): %w", item.ID, item.Key, err))
		}
	}
	return !r.again || d.owed != nil, failures
}

// payOwed keeps the end of the last attempt where that failed before, as on a
// full disk. Nothing is sent until it is kept: the outbox would not know of it
// and send it again.
func (d *lane) payOwed(ctx context.Context) error {
	if d.owed == nil {
		return nil
	}
	return d.finish(ctx, d.owed.item, d.owed.receipt)
}

func (d *lane) finish(ctx context.Context, item Item, receipt *Receipt) error {
	if err := d.outbox.Finish(ctx, item, receipt); err != nil {
		d.owed = &ending{item, receipt}
		return err
	}
	d.owed = nil
	return nil
}

// handle sends an item if it may go now.
func (d *lane) handle(ctx context.Context, r *round, item Item) error {
	if item.State == Dead {
		return nil
	}
	if reason := item.lapsed(r.now()); reason != "" {
		return d.bury(ctx, item, reason)
	}
	if r.defers(item) {
		return nil
	}
	r.tried[item.ID] = true
	receipt, err := d.outbox.Receipt(ctx, item.Key)
	if err != nil {
		return err
	}
	switch {
	case item.Reply && receipt == nil:
		return d.await(ctx, r, item)
	case item.Anew && !item.Reply:
		receipt = nil
	}
	if item.mustLook(receipt) {
		return d.look(ctx, r, item, receipt)
	}
	if item.posts(receipt) {
		if may, err := d.mayPost(ctx, r, item); err != nil || !may {
			r.hold(item)
			return err
		}
	}
	return d.send(ctx, r, item, receipt)
}

// await leaves a reply until there is a message to reply to.
func (d *lane) await(ctx context.Context, r *round, item Item) error {
	if r.now().Sub(item.CreatedAt) >= horizon {
		return d.bury(ctx, item, "there is no message to reply to")
	}
	r.awaiting[item.Key] = true
	return nil
}

func (d *lane) bury(ctx context.Context, item Item, reason string) error {
	item.State, item.LastError = Dead, reason
	d.log.Error("message given up", "item", item.ID, "key", item.Key, "channel", item.Channel, "error", reason)
	return d.finish(ctx, item, nil)
}

// send makes one attempt, whose start is kept before and whose end is kept
// after it, whatever becomes of ctx.
func (d *lane) send(ctx context.Context, r *round, item Item, receipt *Receipt) error {
	ctx = context.WithoutCancel(ctx)
	item, err := d.outbox.Begin(ctx, item.ID, r.now())
	if errors.Is(err, ErrGone) {
		return nil
	}
	if err != nil {
		return err
	}
	outcome := d.channel.Send(ctx, item, receipt)
	d.outage.heard(outcome)
	switch {
	case outcome.Class == Sent:
		err := d.finish(ctx, item, r.receiptAfter(outcome, item, receipt))
		d.log.Info("message sent", "item", item.ID, "key", item.Key, "channel", item.Channel, "attempts", item.Attempts)
		return err
	case outcome.Class == Gone && receipt != nil:
		return d.sendAnew(ctx, r, item, outcome.Err)
	case outcome.Class == Ambiguous && item.edits(receipt):
		outcome.Class = Retry // to edit twice is to edit once
	}
	return d.fail(ctx, r, item, outcome)
}

// fail keeps a failed attempt, or a failed look.
func (d *lane) fail(ctx context.Context, r *round, item Item, outcome Outcome) error {
	item = item.failed(outcome, r.now())
	if outcome.Down {
		item = d.outage.stop(item, r.now())
	}
	d.logFailure(item, outcome)
	if item.State != Dead {
		r.hold(item)
	}
	return d.finish(ctx, item, nil)
}

// sendAnew has posted what was to be an edit of a message that is gone. That it
// is gone is kept first: after a crash the post has to be looked for.
func (d *lane) sendAnew(ctx context.Context, r *round, item Item, why error) error {
	d.log.Warn("message cannot be edited, posting anew", "item", item.ID, "key", item.Key, "channel", item.Channel, "error", why)
	item.State, item.Anew, item.UnsureSince = Pending, true, time.Time{}
	r.retry(item)
	return d.finish(ctx, item, nil)
}

// receiptAfter fills in what an outcome does not say: an edited message is
// where it was.
func (r *round) receiptAfter(o Outcome, item Item, before *Receipt) *Receipt {
	receipt := o.Receipt
	if receipt.TS == "" && before != nil {
		receipt = *before
	}
	receipt.Name = item.Channel
	if receipt.SentAt.IsZero() {
		receipt.SentAt = r.now()
	}
	switch {
	case item.posts(before):
		receipt.PostedAt = r.now()
		r.showed(item.Channel)
	case before != nil && !item.Reply:
		receipt.PostedAt = before.PostedAt
	}
	return &receipt
}

func (d *lane) logFailure(item Item, o Outcome) {
	level, text := slog.LevelWarn, "message not sent, it will be tried again"
	switch {
	case item.State == Dead:
		level, text = slog.LevelError, "message given up"
	case o.Class == Closed && o.Pauses == PauseChannel:
		level, text = slog.LevelError, "the channel takes no message, all for it wait until that is mended"
	case o.Class == Closed:
		level, text = slog.LevelError, "nothing is accepted, all messages wait"
	}
	facts := []any{"item", item.ID, "key", item.Key, "channel", item.Channel, "outcome", o.Class, "attempts", item.Attempts}
	if !item.NotBefore.IsZero() {
		facts = append(facts, "not_before", item.NotBefore)
	}
	d.log.Log(context.Background(), level, text, append(facts, "error", item.LastError)...)
}
