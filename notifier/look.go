package notifier

import (
	"cmp"
	"context"
	"errors"
	"time"
)

// looks is how many have to miss a message before it is posted again: no other
// side promises that what it accepted can be read at once.
const looks = 2

// edits reports whether an attempt edits the message of a receipt.
func (i Item) edits(receipt *Receipt) bool { return receipt != nil && !i.Reply && !i.Anew }

// mustLook reports whether the message may be there already, so that it has to
// be looked for before it is posted. An edit may be made twice, and a machine
// knows by the key what it was told before.
func (i Item) mustLook(receipt *Receipt) bool {
	return i.Content.Signal == nil && !i.UnsureSince.IsZero() && !i.edits(receipt)
}

// recovered is an item whose last attempt ended, if only because the process
// did.
func (i Item) recovered() Item {
	if i.State != Sending {
		return i
	}
	i.State = Pending
	return i.unsure()
}

// lookAt is when the next look is due: one grace after the attempt began, and
// one after that. A moment that only a wrong clock can have set is now.
func (i Item) lookAt(grace time.Duration, now time.Time) time.Time {
	at := i.StartedAt.Add(grace * time.Duration(i.Looks+1))
	if at.Sub(now) > max(longestSet, looks*grace) {
		return now
	}
	return at
}

// sure is an item of which no attempt was accepted, as far as anybody can tell.
func (i Item) sure() Item {
	i.UnsureSince, i.Looks = time.Time{}, 0
	return i
}

// look finds out whether an item was accepted whose answer was lost. If so, it
// is delivered; if not, it is sent.
func (d *lane) look(ctx context.Context, r *round, item Item, receipt *Receipt) error {
	if r.looks.After(r.now()) || item.lookAt(d.grace, r.now()).After(r.now()) {
		r.hold(item)
		return nil
	}
	near, err := d.near(ctx, item, receipt)
	if err != nil {
		return err
	}
	ctx = context.WithoutCancel(ctx)
	outcome := d.find(ctx, r, &item, near)
	d.outage.heard(outcome)
	switch outcome.Class {
	case Sent:
		d.log.Info("message found, it had been accepted", "item", item.ID, "key", item.Key, "channel", item.Channel)
		item.Version = outcome.Version
		return d.finish(ctx, item, r.receiptAfter(outcome, item, receipt))
	case Missing:
		return d.missed(ctx, r, item, receipt)
	case Blind:
		return d.repeat(ctx, r, item, receipt, outcome)
	}
	item.Attempts++
	if outcome.RetryAfter > 0 {
		outcome.Pauses = PauseLooks // reading has limits of its own
	}
	return d.fail(ctx, r, item, outcome)
}

// near is where to look: in the thread of the message, or in the channel.
func (d *lane) near(ctx context.Context, item Item, receipt *Receipt) (Receipt, error) {
	if receipt != nil {
		return *receipt, nil
	}
	id, err := d.outbox.ChannelID(ctx, item.Channel)
	return Receipt{Channel: id, Name: item.Channel}, err
}

// find looks once, or as often as is due already.
func (d *lane) find(ctx context.Context, r *round, item *Item, near Receipt) Outcome {
	for {
		outcome := d.channel.Find(ctx, *item, near)
		if outcome.Class != Missing {
			return outcome
		}
		item.Looks++
		if item.Looks >= looks || item.lookAt(d.grace, r.now()).After(r.now()) {
			return outcome
		}
	}
}

// missed sends what was not found, once it was looked for often enough.
func (d *lane) missed(ctx context.Context, r *round, item Item, receipt *Receipt) error {
	if item.Looks < looks {
		item.NotBefore, item.Pauses = time.Time{}, ""
		r.hold(item)
		return d.finish(ctx, item, nil)
	}
	d.log.Info("message is not there, sending it again", "item", item.ID, "key", item.Key, "channel", item.Channel)
	r.retry(item)
	return d.finish(ctx, item.sure(), nil)
}

// repeat sends once more what nobody can look for. That the other side said so
// shows that it answers again, so the second answer will hardly be lost too; if
// it is, a person has to look.
func (d *lane) repeat(ctx context.Context, r *round, item Item, receipt *Receipt, o Outcome) error {
	why := cmp.Or(o.Err, errors.New("there is no way to look"))
	if item.Repeat == item.Version {
		return d.bury(ctx, item, "the answer was lost twice, so it may be there already: "+why.Error())
	}
	d.log.Warn("message may be there already, sending it once more", "item", item.ID, "key", item.Key, "channel", item.Channel, "error", why)
	item = item.sure()
	item.Repeat = item.Version
	r.retry(item)
	return d.finish(ctx, item, nil)
}
