package store

import (
	"context"
	"fmt"

	"github.com/billbot/billbot/fetcher"
	"github.com/billbot/billbot/notifier"
	"github.com/billbot/billbot/rules"
)

// Commit is what changed about one account. Only Account is required; the rest
// stays as it was where it is nil.
type Commit struct {
	Account    fetcher.Account
	Generation uint64 // of the [View] that this was computed from

	// Periods are the billing periods that changed, whole: their charges
	// replace all that was kept of them. No charges remove a period.
	Periods   map[fetcher.Day][]fetcher.Charge
	Doubts    *[]fetcher.Doubt
	Terms     *fetcher.Terms
	Snapshots []fetcher.Snapshot // added
	Revisions []fetcher.Revision // added
	Alerts    []rules.Alert      // those that changed, by ID
	// Items go to the outbox. [notifier.Item.Key], Channel, Content and
	// CreatedAt are the caller's; the rest is the store's.
	Items []notifier.Item
	Audit []rules.Deed // added: what people did

	// Poll alone is a small write that leaves the generation as it is.
	Poll *fetcher.PollState

	prepared *preparedCommit // by [Prepare]
}

// pollOnly reports whether nothing but the poll state is to be written.
func (c Commit) pollOnly() bool {
	return len(c.Periods) == 0 && c.Doubts == nil && c.Terms == nil && len(c.Snapshots) == 0 &&
		len(c.Revisions) == 0 && len(c.Alerts) == 0 && len(c.Items) == 0 && len(c.Audit) == 0
}

func (c Commit) empty() bool { return c.pollOnly() && c.Poll == nil }

// Prepare encodes and checks what a commit is to write, which takes longer than
// to write it. [Store.Commit] does it for commits that are not prepared; where
// many accounts are committed at once, it is better done where each of them is
// worked on. A prepared commit has let go of its charges: packed, they take a
// thirtieth of the memory.
func Prepare(c Commit) (Commit, error) {
	prepared, err := prepareCommit(c)
	if err != nil {
		return Commit{}, fmt.Errorf("store: commit %s: %w", c.Account.ID, err)
	}
	packed := make(map[fetcher.Day][]fetcher.Charge, len(c.Periods))
	for start := range c.Periods {
		packed[start] = nil
	}
	c.Periods, prepared.Periods = packed, packed
	c.prepared = &prepared
	return c, nil
}

// Commit writes what changed about some accounts in one transaction. When one
// of them is of another generation than its Commit says, the error wraps
// [ErrMoved] and nothing is written about any. Where nothing differs from what
// is kept, there is no transaction.
func (s *Store) Commit(ctx context.Context, commits ...Commit) error {
	var writes []preparedCommit
	seen := map[string]bool{}
	for _, c := range commits {
		if c.empty() {
			continue
		}
		if seen[c.Account.ID] {
			return fmt.Errorf("store: commit %s: twice in one commit", c.Account.ID)
		}
		seen[c.Account.ID] = true
		if c.prepared == nil {
			var err error
			if c, err = Prepare(c); err != nil {
				return err
			}
		}
		writes = append(writes, *c.prepared)
	}
	if len(writes) == 0 {
		return nil
	}
	return s.update(ctx, "commit", func(tx *txn) error { return apply(tx, writes) })
}
