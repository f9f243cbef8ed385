package store

import (
	"bytes"
	"errors"
	"fmt"
	"slices"

	"github.com/billbot/billbot/fetcher"
)

// pruning is one transaction's share of [Store.Prune].
type pruning struct {
	old      Old
	room     int      // how many more may be deleted
	waiting  []string // accounts that are not done
	done     Pruned
	failures []error
}

func (p *pruning) apply(tx *txn) error {
	for ; len(p.waiting) > 0; p.waiting = p.waiting[1:] {
		if err := p.account(tx, p.waiting[0]); err != nil {
			return fmt.Errorf("account %s: %w", p.waiting[0], err)
		}
		if p.room == 0 {
			return nil // there may be more of this account
		}
	}
	return nil
}

func (p *pruning) account(tx *txn, id string) error {
	if err := p.snapshots(tx, id); err != nil {
		return err
	}
	if err := p.revisions(tx, id); err != nil {
		return err
	}
	return p.charges(tx, id)
}

func (p *pruning) snapshots(tx *txn, id string) error {
	if p.old.Snapshots.IsZero() {
		return nil
	}
	n, err := p.between(tx.bucket(bucketSnapshots), nameKey(id), appendTime(nameKey(id), p.old.Snapshots))
	p.done.Snapshots += n
	return err
}

func (p *pruning) revisions(tx *txn, id string) error {
	if p.old.Revisions.IsZero() {
		return nil
	}
	n, err := p.between(tx.bucket(bucketRevisions), nameKey(id), appendDay(nameKey(id), p.old.Revisions))
	p.done.Revisions += n
	return err
}

// between deletes the keys from first on and before end, as far as there is
// room, and counts them.
func (p *pruning) between(b bucket, first, end []byte) (int, error) {
	if err := b.present(); err != nil {
		return 0, err
	}
	var keys [][]byte // a cursor does not outlive a deletion
	cursor := b.bolt.Cursor()
	for key, _ := cursor.Seek(first); key != nil && bytes.Compare(key, end) < 0 && len(keys) < p.room; key, _ = cursor.Next() {
		keys = append(keys, key)
	}
	for _, key := range keys {
		damage, err := p.remove(b, key)
		if err != nil {
			return 0, err
		}
		p.note(damage)
	}
	return len(keys), nil
}

// remove deletes a value and says what was the matter with it.
func (p *pruning) remove(b bucket, key []byte) (damage, err error) {
	_, damage = b.get(key)
	if errors.Is(damage, errAbsent) {
		damage = b.damage(key, errors.New("it was lost"))
	}
	p.room--
	return damage, b.delete(key)
}

func (p *pruning) note(damage error) {
	if damage != nil {
		p.done.Damaged = append(p.done.Damaged, damage)
	}
}

// charges deletes the billing periods that ended, in the account's record too.
// The record says how old they are, so one that cannot be read keeps them.
func (p *pruning) charges(tx *txn, id string) error {
	if p.old.Charges.IsZero() {
		return nil
	}
	var record ledgerRecord
	accounts := tx.bucket(bucketAccounts)
	if _, err := accounts.getJSON(nameKey(id), &record); err != nil {
		p.failures = append(p.failures, fmt.Errorf("store: prune the charges of %s: %w", id, err))
		return nil
	}
	old := endedBefore(p.old.Charges, record.Periods)
	old = old[:min(len(old), p.room)]
	if len(old) == 0 {
		return nil
	}
	for _, period := range old {
		at := chargePlace{id, record.Number, period.Start}
		damage, err := p.remove(tx.bucket(bucketCharges), chargesKey(at.period, at.number))
		if err != nil {
			return at.named(err)
		}
		p.note(at.named(damage))
	}
	p.done.Periods += len(old)
	record.Periods = slices.DeleteFunc(record.Periods, func(s span) bool { return slices.Contains(old, s) })
	record.Generation++
	return accounts.putJSON(nameKey(id), record)
}

// endedBefore are the periods that [Store.Load] from a day on leaves out.
func endedBefore(day fetcher.Day, periods []span) []span {
	return slices.DeleteFunc(slices.Clone(periods), func(s span) bool { return s.mayReach(day) })
}
