package store

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"

	"github.com/billbot/billbot/notifier"
	"github.com/billbot/billbot/rules"
)

// What becomes of items of the outbox that cannot be read.

// mendedItem is waitingItem, but for one that cannot be read: that is taken out,
// as if none waited.
func mendedItem(tx *txn, key string) (*notifier.Item, error) {
	item, err := waitingItem(tx, key)
	if errors.Is(err, ErrDamaged) {
		return nil, removeUnread(tx, key, err)
	}
	return item, err
}

// removeUnread takes the message of a key that waits out of the outbox, of which
// damage says why it cannot be read. Where it is not even known which one that
// is, it stays: it cannot be sent either, or it is older than what is new.
func removeUnread(tx *txn, key string, damage error) error {
	tx.mended = append(tx.mended, fmt.Errorf("message %q that waited could not be read, a new one takes its place: %w", key, damage))
	waiting := tx.bucket(bucketWaiting)
	if id, err := waiting.get(nameKey(key)); err == nil && len(id) == 8 {
		if err := tx.bucket(bucketOutbox).delete(id); err != nil {
			return err
		}
	}
	return waiting.delete(nameKey(key))
}

// dropUnread takes out what cannot be read, by its ID alone, and what leads to
// it.
func (s *Store) dropUnread(ctx context.Context, id uint64, by Deed) error {
	return s.update(ctx, fmt.Sprintf("drop item %d", id), func(tx *txn) error {
		unread := notifier.Item{ID: id, LastError: "it could not be read"}
		if err := record(tx, by.of(rules.Dropped, unread, "not in the outbox")); err != nil {
			return err
		}
		waiting := tx.bucket(bucketWaiting)
		var leading [][]byte
		err := waiting.eachSealed(nil, nil, func(key, sealed []byte) error {
			if value, err := waiting.open(key, sealed); err == nil && bytes.Equal(value, itemKey(id)) {
				leading = append(leading, bytes.Clone(key))
			}
			return nil
		})
		for _, key := range leading {
			err = errors.Join(err, waiting.delete(key), forgetUnsent(tx, nameOf(key)))
		}
		return errors.Join(err, tx.bucket(bucketOutbox).delete(itemKey(id)))
	})
}

// unread names an item of the outbox that cannot be read, as people do.
func unread(key []byte, err error) error {
	if len(key) != 8 {
		return err
	}
	return fmt.Errorf("message %d: %w", binary.BigEndian.Uint64(key), err)
}
