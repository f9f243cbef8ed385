package store

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/billbot/billbot/notifier"
)

// noticesOf stands among the channels of summaries for what billbot tells of
// itself: no channel is called so.
const noticesOf = "\x00notices"

// EnqueueNotice marks a trouble as told and puts the item that tells it into the
// outbox, both or nothing. A nil item marks what was told in another way. It
// reports false, and writes nothing, when the trouble was told before and not
// forgotten since.
func (s *Store) EnqueueNotice(ctx context.Context, trouble string, now time.Time, item *notifier.Item) (bool, error) {
	return s.EnqueueSummary(ctx, noticesOf, trouble, now, item)
}

// Noticed returns the troubles that were told and not forgotten, in order.
func (s *Store) Noticed(ctx context.Context) ([]string, error) {
	var told []string
	err := s.view(ctx, "notices", func(tx *txn) error {
		prefix := summaryKey(noticesOf, "")
		return tx.bucket(bucketSummaries).each(prefix, func(key, _ []byte) error {
			told = append(told, strings.TrimPrefix(string(key), string(prefix)))
			return nil
		})
	})
	return told, err
}

// ForgetNotice forgets that a trouble was told, as it is over: when it comes
// again, it is told again.
func (s *Store) ForgetNotice(ctx context.Context, trouble string) error {
	return s.update(ctx, "end of "+trouble, func(tx *txn) error {
		b := tx.bucket(bucketSummaries)
		if _, err := b.get(summaryKey(noticesOf, trouble)); errors.Is(err, errAbsent) {
			return nil
		}
		return b.delete(summaryKey(noticesOf, trouble))
	})
}
