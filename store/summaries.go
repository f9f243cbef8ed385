package store

import (
	"context"
	"errors"
	"time"

	"github.com/billbot/billbot/notifier"
)

// EnqueueSummary marks the summary of a channel and local date as done and
// puts its item into the outbox, and what more is told of it, all or nothing. A
// nil item marks a day on which there was nothing to say. It reports false, and writes nothing, when
// the summary was done before.
func (s *Store) EnqueueSummary(ctx context.Context, channel, date string, now time.Time, item *notifier.Item, more ...notifier.Item) (bool, error) {
	done := false
	err := s.update(ctx, "summary of "+date, func(tx *txn) error {
		if err := checkName("channel", channel); err != nil {
			return err
		}
		b := tx.bucket(bucketSummaries)
		if _, err := b.get(summaryKey(channel, date)); !errors.Is(err, errAbsent) {
			return err
		}
		if err := b.putJSON(summaryKey(channel, date), now); err != nil {
			return err
		}
		done = true
		if item != nil {
			more = append([]notifier.Item{*item}, more...)
		}
		for _, item := range more {
			if err := enqueue(tx, item); err != nil {
				return err
			}
		}
		return nil
	})
	return done && err == nil, err
}

// SummaryDone reports whether the summary of a channel and local date was
// enqueued, or had nothing to say.
func (s *Store) SummaryDone(ctx context.Context, channel, date string) (bool, error) {
	done := false
	err := s.view(ctx, "summary of "+date, func(tx *txn) error {
		_, err := tx.bucket(bucketSummaries).get(summaryKey(channel, date))
		done = err == nil
		if errors.Is(err, errAbsent) {
			return nil
		}
		return err
	})
	return done, err
}

// SummaryBefore reports whether a channel had a summary of a day before a local
// date.
func (s *Store) SummaryBefore(ctx context.Context, channel, date string) (bool, error) {
	found := false
	err := s.view(ctx, "summaries before "+date, func(tx *txn) error {
		prefix := nameKey(channel)
		return tx.bucket(bucketSummaries).eachSealed(prefix, prefix, func(key, _ []byte) error {
			_, err := time.Parse(time.DateOnly, string(key[len(prefix):]))
			found = found || err == nil && string(key[len(prefix):]) < date
			return nil
		})
	})
	return found, err
}
