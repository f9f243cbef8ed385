package notifier

import (
	"context"
	"errors"
	"log/slog"
	"maps"
	"slices"
	"sync"
	"time"
)

// Deliverer sends what is in the outbox: what people are to read through one
// channel, and what machines are told through one for each of them. Every
// destination has a lane of its own, so that none waits for another that does not
// answer. Make one with [NewDeliverer].
type Deliverer struct {
	outbox Outbox
	people *lane
	grace  time.Duration
	log    *slog.Logger

	mu       sync.Mutex
	machines func(name string) Channel // nil: there are none
	lanes    map[string]*lane          // by name of the machine
}

// NewDeliverer returns a deliverer of one outbox through one channel. All are
// required; grace is how long after the start of an attempt its message may
// still turn up.
func NewDeliverer(outbox Outbox, channel Channel, grace time.Duration, log *slog.Logger) *Deliverer {
	d := &Deliverer{outbox: outbox, grace: grace, log: log, lanes: map[string]*lane{}}
	d.people = d.lane("", channel)
	return d
}

// Reach has what machines are told go where channel says, by the destination's
// name: a nil channel means that there is none of that name any more. What a
// lane has learnt about who does not answer is forgotten.
func (d *Deliverer) Reach(channel func(name string) Channel) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.machines = channel
}

// Deliver tries each item that is due once and returns: what is critical first,
// all else in order. Items of one key go strictly in order; an item that waits
// does not hold up other keys, unless the other side asked for a pause, is closed
// or does not answer. What is enqueued meanwhile is delivered too. It is now when
// the call begins; a call that meets another one waits for it.
//
// What is more than a few messages for one channel becomes a digest
// ([Digest]). No alert waits for others: who calls once tells all there is.
//
// The error is that of the outbox, or of ctx: when it is cancelled, the attempt
// in hand is finished and no other begun. An item that the outbox cannot read
// or begin does not hold up other keys either. Messages that could not be sent
// are no error; they are logged and stay.
func (d *Deliverer) Deliver(ctx context.Context, now time.Time) error {
	return errors.Join(d.people.deliver(ctx, now, 0), d.DeliverSignals(ctx, now))
}

// DeliverGroups is [Deliverer.Deliver] for who calls again and again: the first
// alert of a channel that is not critical waits for others ([GroupWait]). What
// machines are told is left to [Deliverer.DeliverSignals].
func (d *Deliverer) DeliverGroups(ctx context.Context, now time.Time) error {
	return d.people.deliver(ctx, now, GroupWait)
}

// DeliverSignals is [Deliverer.Deliver] for what machines are told: side by side,
// each in order.
func (d *Deliverer) DeliverSignals(ctx context.Context, now time.Time) error {
	lanes, err := d.waiting(ctx)
	failures := make([]error, len(lanes))
	var all sync.WaitGroup
	for i, l := range lanes {
		all.Go(func() { failures[i] = l.deliver(ctx, now, 0) })
	}
	all.Wait()
	return errors.Join(append(failures, err)...)
}

// waiting is the lanes that something waits in, in the order of their names.
func (d *Deliverer) waiting(ctx context.Context) ([]*lane, error) {
	items, err := d.outbox.Undelivered(ctx)
	if len(items) > 0 {
		err = nil // what cannot be read is an error of the delivery to people
	}
	names := map[string]bool{}
	for _, item := range items {
		if to := item.Destination(); to != "" && item.State != Dead {
			names[to] = true
		}
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	var lanes []*lane
	for _, name := range slices.Sorted(maps.Keys(names)) {
		if d.lanes[name] == nil {
			d.lanes[name] = d.lane(name, machine{d, name})
		}
		lanes = append(lanes, d.lanes[name])
	}
	return lanes, err
}

func (d *Deliverer) lane(name string, channel Channel) *lane {
	return &lane{outbox: part{d.outbox, name}, channel: channel, grace: d.grace, log: d.log, turn: make(chan struct{}, 1)}
}

// machine is the channel that a destination has now.
type machine struct {
	of   *Deliverer
	name string
}

func (m machine) now() Channel {
	m.of.mu.Lock()
	defer m.of.mu.Unlock()
	if m.of.machines != nil {
		if channel := m.of.machines(m.name); channel != nil {
			return channel
		}
	}
	return unknown{}
}

func (m machine) Send(ctx context.Context, item Item, receipt *Receipt) Outcome {
	return m.now().Send(ctx, item, receipt)
}

func (m machine) Find(ctx context.Context, item Item, near Receipt) Outcome {
	return m.now().Find(ctx, item, near)
}

// unknown is the channel of a destination that is none any more.
type unknown struct{}

func (unknown) Send(_ context.Context, item Item, _ *Receipt) Outcome {
	return Outcome{Class: Refused, Err: errors.New("the rules file has no webhook " + item.Destination())}
}

func (unknown) Find(context.Context, Item, Receipt) Outcome { return Outcome{Class: Missing} }

// part is what of an outbox goes to one destination.
type part struct {
	Outbox
	destination string
}

// Undelivered returns the items of the destination. What cannot be read may be
// anybody's, and is told of once, with what people are to read.
func (p part) Undelivered(ctx context.Context) ([]Item, error) {
	items, err := p.Outbox.Undelivered(ctx)
	if p.destination != "" && len(items) > 0 {
		err = nil
	}
	return slices.DeleteFunc(items, func(i Item) bool { return i.Destination() != p.destination }), err
}
