package store

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/billbot/billbot/notifier"
	"github.com/billbot/billbot/rules"
)

// ErrUnderWay is wrapped by the errors of [Store.Resend] and [Store.Drop] when
// an attempt at the item has begun and not ended.
var ErrUnderWay = errors.New("is being sent")

// Deed says who does something about a message, why, and when.
type Deed struct {
	By, Reason string
	At         time.Time
}

// of is the entry of the audit trail about an item. What its message said goes
// with it, in the reason, as far as the caller says so.
func (d Deed) of(what rules.EventType, item notifier.Item, after string) rules.Deed {
	before := string(item.State)
	if item.LastError != "" {
		before += ": " + item.LastError
	}
	return rules.Deed{At: d.At, By: d.By, Type: what, Alert: cmp.Or(item.Key, fmt.Sprintf("message %d", item.ID)), Reason: d.Reason, Before: before, After: after}
}

// Resend has an item tried again soon, as a person asks for it, and returns
// it: a dead one lives again, a waiting one waits no longer. The error wraps
// [notifier.ErrGone] when there is no such item, or [ErrUnderWay].
func (s *Store) Resend(ctx context.Context, id uint64, by Deed) (notifier.Item, error) {
	return s.settle(ctx, fmt.Sprintf("resend item %d", id), id, func(tx *txn, item notifier.Item) error {
		if err := record(tx, by.of(rules.Resent, item, string(notifier.Pending))); err != nil {
			return err
		}
		return putItem(tx, item.Resent(by.At))
	})
}

// Drop takes an item out of the outbox, undelivered, and returns it. With a
// message that was never delivered go the replies to it, which have no thread to
// be in. Of one that cannot be read, the ID alone is returned. The errors are
// those of [Store.Resend].
func (s *Store) Drop(ctx context.Context, id uint64, by Deed) (notifier.Item, error) {
	item, err := s.dropRead(ctx, id, by)
	if errors.Is(err, ErrDamaged) {
		return notifier.Item{ID: id}, s.dropUnread(ctx, id, by)
	}
	return item, err
}

func (s *Store) dropRead(ctx context.Context, id uint64, by Deed) (notifier.Item, error) {
	return s.settle(ctx, fmt.Sprintf("drop item %d", id), id, func(tx *txn, item notifier.Item) error {
		if err := record(tx, by.of(rules.Dropped, item, "not in the outbox")); err != nil {
			return err
		}
		if err := removeItem(tx, item); err != nil || item.Reply {
			return err
		}
		if _, err := tx.bucket(bucketReceipts).get(nameKey(item.Key)); !errors.Is(err, errAbsent) {
			return err
		}
		return errors.Join(forgetDigest(tx, item.Key), removeReplies(tx, map[string]bool{item.Key: true}))
	})
}

// removeReplies takes the replies to messages out of the outbox.
func removeReplies(tx *txn, to map[string]bool) error {
	if len(to) == 0 {
		return nil
	}
	var replies []notifier.Item
	outbox := tx.bucket(bucketOutbox)
	err := outbox.eachSealed(nil, nil, func(id, sealed []byte) error {
		var item notifier.Item
		value, err := outbox.open(id, sealed)
		if err == nil && outbox.decode(id, value, &item) == nil && item.Reply && to[item.Key] {
			replies = append(replies, item)
		}
		return nil // one that cannot be read holds up no other
	})
	for _, reply := range replies {
		err = errors.Join(err, removeItem(tx, reply))
	}
	return err
}

func (s *Store) settle(ctx context.Context, doing string, id uint64, do func(*txn, notifier.Item) error) (notifier.Item, error) {
	var found notifier.Item
	err := s.update(ctx, doing, func(tx *txn) error {
		item, err := getItem(tx, id)
		switch {
		case err != nil:
			return err
		case item == nil:
			return notifier.ErrGone
		case item.State == notifier.Sending:
			return ErrUnderWay
		}
		found = *item
		return do(tx, found)
	})
	return found, err
}

// ChannelID returns the ID of a channel by the name that items have it by, as
// the newest message delivered to it says; "" when nothing was. Receipts that
// are damaged are passed over: there are others, and other ways to ask.
func (s *Store) ChannelID(ctx context.Context, name string) (string, error) {
	var newest notifier.Receipt
	err := s.view(ctx, "ID of channel "+name, func(tx *txn) error {
		b := tx.bucket(bucketReceipts)
		return b.eachSealed(nil, nil, func(key, sealed []byte) error {
			var receipt notifier.Receipt
			value, err := b.open(key, sealed)
			if err != nil || b.decode(key, value, &receipt) != nil {
				return nil
			}
			named := receipt.Name == name && receipt.Channel != name
			if named && !receipt.SentAt.Before(newest.SentAt) {
				newest = receipt
			}
			return nil
		})
	})
	return newest.Channel, err
}

// Enqueue puts an item into the outbox that belongs to nothing else, as somebody
// asked for it.
func (s *Store) Enqueue(ctx context.Context, item notifier.Item) error {
	return s.update(ctx, "enqueue "+item.Key, func(tx *txn) error { return enqueue(tx, item) })
}
