package store

import (
	"context"
	"errors"
	"time"

	"github.com/billbot/billbot/notifier"
)

// A digest is an item of the outbox whose entries lie beside it, one by one: an
// alert that changes changes its entry and not the others. What was merged is
// known by its key for good, so that what comes under it later, from who knows
// nothing of digests, is an edit of the digest or a reply in its thread.

// Merge puts items that wait into a digest, in one transaction: their content
// becomes its entries, and the replies to them go, as it tells how things are.
// A reply to a message of its own is told as well, and stays in the thread,
// quietly. Items that do not wait any more, or may be there already, are left
// out; where none is left, nothing is written.
func (s *Store) Merge(ctx context.Context, ids []uint64, digest notifier.Item) error {
	return s.update(ctx, "merge into "+digest.Key, func(tx *txn) error {
		if err := checkItem(digest); err != nil {
			return err
		}
		gone := map[string]bool{}
		for _, id := range ids {
			if err := absorb(tx, id, digest.Key, gone); err != nil {
				return err
			}
		}
		if err := removeReplies(tx, gone); err != nil || !tx.wrote {
			return err
		}
		return renewDigest(tx, digest)
	})
}

// absorb makes an entry of an item; gone collects the keys of messages that will
// not be sent.
func absorb(tx *txn, id uint64, into string, gone map[string]bool) error {
	item, err := getItem(tx, id)
	if err != nil || item == nil || !mayAbsorb(*item, into) {
		return err
	}
	entry := notifier.EntryOf(*item)
	switch {
	case item.Reply:
		item.Quiet = true
		if err := putItem(tx, *item); err != nil {
			return err
		}
	case item.Content.Digest != nil:
		if err := moveEntries(tx, item.Key, into); err != nil {
			return err
		}
		return removeItem(tx, *item)
	default:
		gone[item.Key] = true
		if err := tx.bucket(bucketMerged).put(nameKey(item.Key), []byte(into)); err != nil {
			return err
		}
		if err := removeItem(tx, *item); err != nil {
			return err
		}
	}
	return tx.bucket(bucketDigests).putJSON(entryKey(into, entry.Key), entry)
}

// mayAbsorb reports whether an item can be merged: it waits, is not there, and
// is loud.
func mayAbsorb(item notifier.Item, into string) bool {
	return item.Key != into && item.State == notifier.Pending && item.Absorbs() && !item.Quiet
}

// moveEntries takes what a digest tells into another.
func moveEntries(tx *txn, from, into string) error {
	entries, _ := readEntries(tx, from)
	for _, entry := range entries {
		if err := tx.bucket(bucketDigests).delete(entryKey(from, entry.Key)); err != nil {
			return err
		}
		if err := tx.bucket(bucketDigests).putJSON(entryKey(into, entry.Key), entry); err != nil {
			return err
		}
		if err := rehome(tx, entry.Key, into); err != nil {
			return err
		}
	}
	return nil
}

// rehome points what was merged to another digest.
func rehome(tx *txn, key, into string) error {
	home, err := homeOf(tx, key)
	if err != nil || home == "" {
		return err
	}
	return tx.bucket(bucketMerged).put(nameKey(key), []byte(into))
}

// forgetDigest takes a digest apart that nobody will ever see: what comes of its
// entries has messages of its own again.
func forgetDigest(tx *txn, digest string) error {
	entries, _ := readEntries(tx, digest)
	for _, entry := range entries {
		if err := tx.bucket(bucketDigests).delete(entryKey(digest, entry.Key)); err != nil {
			return err
		}
		if err := tx.bucket(bucketMerged).delete(nameKey(entry.Key)); err != nil {
			return err
		}
	}
	return nil
}

// forgetUnsent is forgetDigest where the digest was never delivered.
func forgetUnsent(tx *txn, digest string) error {
	if _, err := tx.bucket(bucketReceipts).get(nameKey(digest)); !errors.Is(err, errAbsent) {
		return nil
	}
	return forgetDigest(tx, digest)
}

// homeOf returns the digest that stands for the message of a key, "" when it
// stands for itself. What cannot be read stands for itself: told twice is better
// than never.
func homeOf(tx *txn, key string) (string, error) {
	home, err := tx.bucket(bucketMerged).get(nameKey(key))
	if errors.Is(err, errAbsent) || errors.Is(err, ErrDamaged) {
		return "", nil
	}
	return string(home), err
}

// enqueueInto enqueues what is said under a key that a digest stands for.
func enqueueInto(tx *txn, digest string, item notifier.Item) error {
	if item.Reply {
		return replyInto(tx, digest, item)
	}
	entry, b, key := notifier.EntryOf(item), tx.bucket(bucketDigests), entryKey(digest, item.Key)
	var kept notifier.Entry
	if found, err := b.getJSON(key, &kept); err == nil && found && sameContent(kept.Content, entry.Content) {
		return nil
	}
	if err := b.putJSON(key, entry); err != nil {
		return err
	}
	var receipt notifier.Receipt
	if found, err := tx.bucket(bucketReceipts).getJSON(nameKey(digest), &receipt); err == nil && found && receipt.Name != "" {
		item.Channel = receipt.Name // an edit is where its message is, whatever the rules say by now
	}
	item.Key, item.Content = digest, notifier.Content{Digest: &notifier.Digest{}}
	return renewDigest(tx, item)
}

// replyInto puts a reply into the thread of a digest. While that waits, there is
// nothing to reply to: it will tell how things are.
func replyInto(tx *txn, digest string, item notifier.Item) error {
	_, err := tx.bucket(bucketReceipts).get(nameKey(digest))
	if errors.Is(err, errAbsent) {
		waits, err := waitingItem(tx, digest)
		if err == nil && waits != nil && waits.Absorbs() || err != nil && !errors.Is(err, ErrDamaged) {
			return err
		}
	}
	return enqueueFresh(tx, item.InDigest(digest))
}

// renewDigest has a digest sent, or edited, with its newest entries.
func renewDigest(tx *txn, digest notifier.Item) error {
	old, err := mendedItem(tx, digest.Key)
	if err != nil {
		return err
	}
	if old == nil {
		return enqueueFresh(tx, digest)
	}
	return putItem(tx, renewed(*old, digest))
}

// putItem writes an item of the outbox; the entries of a digest are kept
// elsewhere.
func putItem(tx *txn, item notifier.Item) error {
	if item.Content.Digest != nil {
		item.Content.Digest = &notifier.Digest{}
	}
	return tx.bucket(bucketOutbox).putJSON(itemKey(item.ID), item)
}

// fill gives a digest its entries. Those that cannot be read are left out.
func fill(tx *txn, item *notifier.Item) []error {
	if item.Content.Digest == nil {
		return nil
	}
	entries, damaged := readEntries(tx, item.Key)
	item.Content.Digest = notifier.NewDigest(entries)
	return damaged
}

func readEntries(tx *txn, digest string) (entries []notifier.Entry, damaged []error) {
	b := tx.bucket(bucketDigests)
	err := b.eachSealed(nameKey(digest), nameKey(digest), func(key, sealed []byte) error {
		var entry notifier.Entry
		value, err := b.open(key, sealed)
		if err == nil {
			err = b.decode(key, value, &entry)
		}
		if err != nil {
			damaged = append(damaged, err)
			return nil
		}
		entries = append(entries, entry)
		return nil
	})
	if err != nil {
		damaged = append(damaged, err)
	}
	return entries, damaged
}

// entryKey is the key of an entry of a digest.
func entryKey(digest, key string) []byte { return append(nameKey(digest), key...) }

// postsKept is how far back [Store.Posted] goes.
const postsKept = time.Hour

// Posted returns when a channel was shown messages, at least those of an hour
// before the newest.
func (s *Store) Posted(ctx context.Context, channel string) ([]time.Time, error) {
	var posted []time.Time
	err := s.view(ctx, "posts in "+channel, func(tx *txn) error {
		_, err := tx.bucket(bucketPosts).getJSON(nameKey(channel), &posted)
		if errors.Is(err, ErrDamaged) {
			posted, err = nil, nil // it is written anew with the next post
		}
		return err
	})
	return posted, err
}

// putPost notes that a channel was shown a message.
func putPost(tx *txn, channel string, at time.Time) error {
	var posted, kept []time.Time
	b := tx.bucket(bucketPosts)
	if _, err := b.getJSON(nameKey(channel), &posted); err != nil && !errors.Is(err, ErrDamaged) {
		return err
	}
	for _, before := range posted {
		if age := at.Sub(before); age >= 0 && age < postsKept {
			kept = append(kept, before)
		}
	}
	return b.putJSON(nameKey(channel), append(kept, at))
}
