package store

import (
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"time"

	"github.com/billbot/billbot/notifier"
)

var _ notifier.Outbox = (*Store)(nil)

// enqueue puts an item at the end of the outbox. Where a message of its key
// waits already, the new content takes the old one's place in line: nobody
// needs to read what is no longer so. Replies are never replaced, each is said.
// What waits and cannot be read is taken out: it must not hold up what is new.
func enqueue(tx *txn, item notifier.Item) error {
	if err := checkItem(item); err != nil {
		return err
	}
	if digest, err := homeOf(tx, item.Key); err != nil || digest != "" {
		return errors.Join(err, enqueueInto(tx, digest, item))
	}
	if !item.Reply {
		old, err := mendedItem(tx, item.Key)
		if err != nil {
			return err
		}
		if old != nil {
			return putItem(tx, replaced(*old, item))
		}
	}
	return enqueueFresh(tx, item)
}

func enqueueFresh(tx *txn, item notifier.Item) error {
	outbox, waiting := tx.bucket(bucketOutbox), tx.bucket(bucketWaiting)
	id, err := outbox.next()
	if err != nil {
		return err
	}
	if err := putItem(tx, fresh(id, item)); err != nil || item.Reply {
		return err
	}
	return waiting.put(nameKey(item.Key), itemKey(id))
}

func checkItem(item notifier.Item) error {
	if item.CreatedAt.IsZero() {
		return fmt.Errorf("message %q: it does not say when it was made", item.Key)
	}
	return checkName("message key", item.Key)
}

// fresh is a new item as the outbox keeps it.
func fresh(id uint64, item notifier.Item) notifier.Item {
	return notifier.Item{
		ID: id, Version: 1, State: notifier.Pending,
		Key: item.Key, Channel: item.Channel, Reply: item.Reply, Quiet: item.Quiet, Silent: item.Silent,
		Content: item.Content, CreatedAt: item.CreatedAt,
	}
}

// replaced is a waiting item with newer content. How delivery went so far
// stays, as the other side is as well or ill as before; but a dead item lives
// again, since it was its content that was refused or grew old.
func replaced(old, item notifier.Item) notifier.Item {
	if old.State != notifier.Dead && old.Channel == item.Channel && sameContent(old.Content, item.Content) {
		return old
	}
	if old.Channel != item.Channel {
		old.Closed = "" // that was the other channel
	}
	old.Channel, old.Content = item.Channel, item.Content
	return renewed(old, item)
}

// renewed is a waiting item whose content is another one now.
func renewed(old, item notifier.Item) notifier.Item {
	old.CreatedAt = item.CreatedAt
	old.Silent = old.Silent && item.Silent // what waits and was to be heard is in the newer content too
	old.Version++
	old.FailingSince = time.Time{}
	if old.State == notifier.Dead {
		old.State, old.Attempts, old.NotBefore, old.Pauses = notifier.Pending, 0, time.Time{}, ""
	}
	return old
}

// sameContent compares contents as they are kept: in memory the same decimal
// has several forms.
func sameContent(a, b notifier.Content) bool {
	kept := func(c notifier.Content) (content notifier.Content, err error) {
		value, err := json.Marshal(c)
		if err == nil {
			err = json.Unmarshal(value, &content)
		}
		return content, err
	}
	keptA, errA := kept(a)
	keptB, errB := kept(b)
	return errA == nil && errB == nil && reflect.DeepEqual(keptA, keptB)
}

// waitingItem returns the message of a key that is in the outbox, nil if none.
func waitingItem(tx *txn, key string) (*notifier.Item, error) {
	waiting := tx.bucket(bucketWaiting)
	id, err := waiting.get(nameKey(key))
	if errors.Is(err, errAbsent) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	if len(id) != 8 {
		return nil, waiting.damage(nameKey(key), errors.New("not an item's ID"))
	}
	return getItem(tx, binary.BigEndian.Uint64(id))
}

// getItem returns an item of the outbox, nil if it has none of that ID.
func getItem(tx *txn, id uint64) (*notifier.Item, error) {
	var item notifier.Item
	found, err := tx.bucket(bucketOutbox).getJSON(itemKey(id), &item)
	if err != nil || !found {
		return nil, err
	}
	fill(tx, &item)
	return &item, nil
}

// Undelivered returns the items of the outbox in order, dead ones too. Next to
// an error that wraps [ErrDamaged] it returns the items that can be read: one
// damaged message must not hold up the others.
func (s *Store) Undelivered(ctx context.Context) ([]notifier.Item, error) {
	var items []notifier.Item
	err := s.view(ctx, "read outbox", func(tx *txn) error {
		var damaged []error
		b := tx.bucket(bucketOutbox)
		err := b.eachSealed(nil, nil, func(key, sealed []byte) error {
			var item notifier.Item
			value, err := b.open(key, sealed)
			if err == nil {
				err = b.decode(key, value, &item)
			}
			if err != nil {
				damaged = append(damaged, unread(key, err))
				return nil
			}
			damaged = append(damaged, fill(tx, &item)...)
			items = append(items, item)
			return nil
		})
		return errors.Join(append(damaged, err)...)
	})
	return items, err
}

// Begin records that an attempt at an item starts now, before anything is
// sent, and returns the item with the content to send. The error wraps
// [notifier.ErrGone] when it no longer waits.
func (s *Store) Begin(ctx context.Context, id uint64, now time.Time) (notifier.Item, error) {
	var begun notifier.Item
	err := s.update(ctx, fmt.Sprintf("begin item %d", id), func(tx *txn) error {
		item, err := getItem(tx, id)
		if err != nil {
			return err
		}
		if item == nil || item.State == notifier.Dead {
			return notifier.ErrGone
		}
		begun = item.By(now).Begun(now)
		return putItem(tx, begun)
	})
	return begun, err
}

// Finish records what became of an item: item is as it shall be kept, receipt
// says where it was delivered, or is nil. A delivered item leaves the outbox.
// One that got newer content during the attempt stays, to be delivered as an
// edit; what happened to the older content never ends it.
func (s *Store) Finish(ctx context.Context, item notifier.Item, receipt *notifier.Receipt) error {
	return s.update(ctx, fmt.Sprintf("finish item %d", item.ID), func(tx *txn) error {
		if err := putReceipt(tx, item, receipt); err != nil {
			return err
		}
		kept, err := getItem(tx, item.ID)
		if errors.Is(err, ErrDamaged) {
			kept, err = &item, nil // as it was when the attempt began
		}
		if err != nil || kept == nil {
			return err
		}
		if receipt != nil && kept.Version == item.Version {
			return removeItem(tx, item)
		}
		return putItem(tx, finished(*kept, item, receipt != nil))
	})
}

// putReceipt keeps where a message is, and that its channel was shown one. What
// a machine was told is nowhere to be edited.
func putReceipt(tx *txn, item notifier.Item, receipt *notifier.Receipt) error {
	if receipt == nil || item.Content.Signal != nil {
		return nil
	}
	var before notifier.Receipt
	receipts := tx.bucket(bucketReceipts)
	if !item.Reply {
		if _, err := receipts.getJSON(nameKey(item.Key), &before); err != nil && !errors.Is(err, ErrDamaged) {
			return err
		}
		if err := receipts.putJSON(nameKey(item.Key), receipt); err != nil {
			return err
		}
	}
	if receipt.PostedAt.IsZero() || receipt.PostedAt.Equal(before.PostedAt) {
		return nil
	}
	return putPost(tx, item.Channel, receipt.PostedAt)
}

// finished is a kept item after an attempt that did not empty its place.
func finished(kept, item notifier.Item, delivered bool) notifier.Item {
	if delivered {
		next := fresh(kept.ID, kept)
		next.Version = kept.Version
		return next
	}
	if kept.Version == item.Version {
		return item
	}
	item.Version, item.Channel, item.Content, item.CreatedAt = kept.Version, kept.Channel, kept.Content, kept.CreatedAt
	item.Silent = kept.Silent
	if item.State == notifier.Dead {
		item.State, item.Attempts = notifier.Pending, 0
	}
	item.FailingSince = kept.FailingSince
	return item
}

func removeItem(tx *txn, item notifier.Item) error {
	if err := tx.bucket(bucketOutbox).delete(itemKey(item.ID)); err != nil || item.Reply {
		return err
	}
	return tx.bucket(bucketWaiting).delete(nameKey(item.Key))
}

// Receipt returns where the message of a key was delivered, or the digest that
// stands for it; nil when it was not yet.
func (s *Store) Receipt(ctx context.Context, key string) (*notifier.Receipt, error) {
	var receipt notifier.Receipt
	var found bool
	err := s.view(ctx, "receipt of "+key, func(tx *txn) (err error) {
		if home, err := homeOf(tx, key); err == nil && home != "" {
			key = home
		}
		found, err = tx.bucket(bucketReceipts).getJSON(nameKey(key), &receipt)
		return err
	})
	if err != nil || !found {
		return nil, err
	}
	return &receipt, nil
}
