package store

import (
	"cmp"
	"fmt"
	"math"
	"slices"
)

// apply writes commits within one transaction, all or none.
func apply(tx *txn, commits []preparedCommit) error {
	records, err := readRecords(tx, commits)
	if err != nil {
		return err
	}
	moved, err := putPeriods(tx, commits, records)
	if err != nil {
		return err
	}
	for i, c := range commits {
		if err := putPoll(tx, c.Commit); err != nil {
			return err
		}
		if err := putAccount(tx, c, records[i], moved[c.Account.ID]); err != nil {
			return fmt.Errorf("account %s: %w", c.Account.ID, err)
		}
	}
	return nil
}

// readRecords returns the records that commits are based on. Accounts that are
// to have one for the first time get their numbers.
func readRecords(tx *txn, commits []preparedCommit) ([]ledgerRecord, error) {
	records := make([]ledgerRecord, len(commits))
	for i, c := range commits {
		record := &records[i]
		if _, err := tx.bucket(bucketAccounts).getJSON(nameKey(c.Account.ID), record); err != nil {
			return nil, err
		}
		if record.Generation != c.Generation {
			return nil, fmt.Errorf("account %s is at generation %d, not %d: %w", c.Account.ID, record.Generation, c.Generation, ErrMoved)
		}
		if record.Number > 0 || c.pollOnly() {
			continue
		}
		if err := record.enumerate(tx); err != nil {
			return nil, err
		}
	}
	return records, nil
}

// enumerate gives the account a number that no other one has had.
func (r *ledgerRecord) enumerate(tx *txn) error {
	number, err := tx.bucket(bucketAccounts).next()
	if err == nil && number > math.MaxUint32 {
		err = fmt.Errorf("account number %d is too large", number)
	}
	r.Number = uint32(number)
	return err
}

// putPeriods returns the accounts of which a charge changed.
func putPeriods(tx *txn, commits []preparedCommit, records []ledgerRecord) (map[string]bool, error) {
	var periods []periodWrite
	for i, c := range commits {
		for _, p := range c.periods {
			p.at.number = records[i].Number
			periods = append(periods, p)
		}
	}
	// bbolt takes long to insert many keys that are out of order.
	slices.SortFunc(periods, func(a, b periodWrite) int { return comparePlaces(a.at, b.at) })
	moved := map[string]bool{}
	for _, p := range periods {
		inner := &txn{bolt: tx.bolt}
		if err := putPeriod(inner.bucket(bucketCharges), p.at, p.value); err != nil {
			return nil, err
		}
		if inner.wrote {
			tx.wrote, moved[p.at.account] = true, true
		}
	}
	return moved, nil
}

func putPoll(tx *txn, c Commit) error {
	if c.Poll == nil {
		return nil
	}
	return tx.bucket(bucketPolls).putJSON(nameKey(c.Account.ID), pollRecord{c.Account, *c.Poll})
}

// putAccount writes all but charges and poll state, and raises the generation
// if anything of it, or a charge, is new.
func putAccount(tx *txn, c preparedCommit, record ledgerRecord, moved bool) error {
	if c.pollOnly() {
		return nil
	}
	inner := &txn{bolt: tx.bolt, wrote: moved}
	if err := putParts(inner, c); err != nil {
		return err
	}
	tx.mended = append(tx.mended, inner.mended...)
	accounts, key, record := inner.bucket(bucketAccounts), nameKey(c.Account.ID), record.with(c)
	if !inner.wrote {
		same, err := accounts.sameJSON(key, record)
		if err != nil || same {
			return err
		}
	}
	tx.wrote = true
	record.Generation++
	return accounts.putJSON(key, record)
}

func putParts(tx *txn, c preparedCommit) error {
	if err := putEntries(tx.bucket(bucketSnapshots), c.snapshots); err != nil {
		return err
	}
	if err := putRevisions(tx.bucket(bucketRevisions), c); err != nil {
		return err
	}
	if err := putEntries(tx.bucket(bucketAlerts), c.alerts); err != nil {
		return err
	}
	if len(c.audit) > 0 {
		if err := putAudit(tx.bucket(bucketAudit), c); err != nil {
			return err
		}
	}
	for _, item := range c.Items {
		if err := enqueue(tx, item); err != nil {
			return err
		}
	}
	return nil
}

func putEntries(b bucket, entries []entry) error {
	for _, e := range entries {
		if err := b.put(e.key, e.value); err != nil {
			return err
		}
	}
	return nil
}

func putRevisions(b bucket, c preparedCommit) error {
	for i, value := range c.revisions {
		number, err := b.next()
		if err != nil {
			return err
		}
		if err := b.put(revisionKey(c.Account.ID, c.Revisions[i], number), value); err != nil {
			return err
		}
	}
	return nil
}

// with is the record after a commit, of the same generation.
func (r ledgerRecord) with(c preparedCommit) ledgerRecord {
	r.Account = c.Account
	if c.Doubts != nil {
		r.Doubts = *c.Doubts
	}
	if c.Terms != nil {
		r.Terms = *c.Terms
	}
	r.Periods = slices.DeleteFunc(slices.Clone(r.Periods), func(p span) bool {
		_, replaced := c.spans[p.Start]
		return replaced
	})
	for _, known := range c.spans {
		if known != nil {
			r.Periods = append(r.Periods, *known)
		}
	}
	slices.SortFunc(r.Periods, func(a, b span) int { return cmp.Compare(a.Start, b.Start) })
	return r
}
