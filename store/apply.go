package store

import (
	"cmp"
	"fmt"
	"math"
	"slices"
)

// apply writes commits within one transaction, all or none.
func (s *Store) apply(tx *txn, commits []Commit, periods []periodWrite) error {
	records, err := readRecords(tx, commits)
	if err != nil {
		return err
	}
	numbers := map[string]uint32{}
	for i, c := range commits {
		numbers[c.Account.ID] = records[i].Number
	}
	moved, err := s.putPeriods(tx, periods, numbers)
	if err != nil {
		return err
	}
	for i, c := range commits {
		if err := putPoll(tx, c); err != nil {
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
func readRecords(tx *txn, commits []Commit) ([]ledgerRecord, error) {
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
func (s *Store) putPeriods(tx *txn, periods []periodWrite, numbers map[string]uint32) (map[string]bool, error) {
	for i := range periods {
		periods[i].at.number = numbers[periods[i].at.account]
	}
	// bbolt takes long to insert many keys that are out of order.
	slices.SortFunc(periods, func(a, b periodWrite) int { return comparePlaces(a.at, b.at) })
	moved := map[string]bool{}
	for _, p := range periods {
		inner := &txn{bolt: tx.bolt}
		if err := s.charges.put(inner.bucket(bucketCharges), p.at, p.value); err != nil {
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
func putAccount(tx *txn, c Commit, record ledgerRecord, moved bool) error {
	if c.pollOnly() {
		return nil
	}
	inner := &txn{bolt: tx.bolt, wrote: moved}
	if err := putParts(inner, c); err != nil {
		return err
	}
	// Written as of the old generation first, it shows whether it differs.
	accounts, record := inner.bucket(bucketAccounts), record.with(c)
	if err := accounts.putJSON(nameKey(c.Account.ID), record); err != nil {
		return err
	}
	if !inner.wrote {
		return nil
	}
	tx.wrote = true
	record.Generation++
	return accounts.putJSON(nameKey(c.Account.ID), record)
}

func putParts(tx *txn, c Commit) error {
	if err := putHistory(tx, c); err != nil {
		return err
	}
	alerts := tx.bucket(bucketAlerts)
	for _, a := range c.Alerts {
		if err := checkName("alert ID", a.ID); err != nil {
			return err
		}
		if err := alerts.putJSON(alertKey(c.Account.ID, a.ID), a); err != nil {
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

func putHistory(tx *txn, c Commit) error {
	snapshots := tx.bucket(bucketSnapshots)
	for _, snapshot := range c.Snapshots {
		if err := snapshots.putJSON(snapshotKey(c.Account.ID, snapshot), snapshot); err != nil {
			return err
		}
	}
	revisions := tx.bucket(bucketRevisions)
	for _, r := range c.Revisions {
		number, err := revisions.next()
		if err != nil {
			return err
		}
		if err := revisions.putJSON(revisionKey(c.Account.ID, r, number), r); err != nil {
			return err
		}
	}
	return nil
}

// with is the record after a commit, of the same generation.
func (r ledgerRecord) with(c Commit) ledgerRecord {
	r.Account = c.Account
	if c.Doubts != nil {
		r.Doubts = *c.Doubts
	}
	if c.Terms != nil {
		r.Terms = *c.Terms
	}
	r.Periods = slices.DeleteFunc(slices.Clone(r.Periods), func(p span) bool {
		_, replaced := c.Periods[p.Start]
		return replaced
	})
	for start, charges := range c.Periods {
		if len(charges) > 0 {
			r.Periods = append(r.Periods, spanOf(start, charges))
		}
	}
	slices.SortFunc(r.Periods, func(a, b span) int { return cmp.Compare(a.Start, b.Start) })
	return r
}
