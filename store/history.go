package store

import (
	"context"
	"slices"
	"strings"

	"github.com/billbot/billbot/fetcher"
	"github.com/billbot/billbot/rules"
)

// AccountState is an account that was polled or committed, without its ledger.
type AccountState struct {
	Account fetcher.Account
	Poll    fetcher.PollState
	Known   bool // see [View.Known]
}

// Accounts lists the accounts by ID, [rules.FleetID] left out.
func (s *Store) Accounts(ctx context.Context) ([]AccountState, error) {
	found := map[string]AccountState{}
	err := s.view(ctx, "list accounts", func(tx *txn) error {
		accounts, polls := tx.bucket(bucketAccounts), tx.bucket(bucketPolls)
		err := accounts.each(nil, func(key, value []byte) error {
			var record ledgerRecord
			err := accounts.decode(key, value, &record)
			found[nameOf(key)] = AccountState{Account: record.Account, Known: true}
			return err
		})
		if err != nil {
			return err
		}
		return polls.each(nil, func(key, value []byte) error {
			var record pollRecord
			err := polls.decode(key, value, &record)
			id := nameOf(key)
			found[id] = AccountState{Account: record.Account, Poll: record.Poll, Known: found[id].Known}
			return err
		})
	})
	if err != nil {
		return nil, err
	}
	delete(found, rules.FleetID)
	var states []AccountState
	for _, state := range found {
		states = append(states, state)
	}
	slices.SortFunc(states, func(a, b AccountState) int { return strings.Compare(a.Account.ID, b.Account.ID) })
	return states, nil
}

// Charges returns an account's charges of the days from to to, both included,
// in the ledger's order.
func (s *Store) Charges(ctx context.Context, account string, from, to fetcher.Day) ([]fetcher.Charge, error) {
	var charges []fetcher.Charge
	err := s.view(ctx, "charges of "+account, func(tx *txn) error {
		number, periods, err := periodsBetween(tx, account, from, to)
		if err == nil {
			charges, err = readCharges(tx, account, number, periods)
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(charges, func(c fetcher.Charge) bool {
		return c.ChargePeriodStart < from || c.ChargePeriodStart > to
	}), nil
}

// Lines returns the lines of an account that have days from from to to, both
// included, in a bill's order. They may reach beyond: [fetcher.Line.Cost] adds
// up the days that are asked for.
func (s *Store) Lines(ctx context.Context, account string, from, to fetcher.Day) ([]fetcher.Line, error) {
	var lines []fetcher.Line
	err := s.view(ctx, "lines of "+account, func(tx *txn) error {
		number, periods, err := periodsBetween(tx, account, from, to)
		if err == nil {
			lines, err = readLines(tx, account, number, periods)
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(lines, func(l fetcher.Line) bool { return l.Last() < from || l.First > to }), nil
}

// periodsBetween is the billing periods of an account that have days from from
// to to, and the account's number.
func periodsBetween(tx *txn, account string, from, to fetcher.Day) (number uint32, periods []span, err error) {
	var record ledgerRecord
	_, err = tx.bucket(bucketAccounts).getJSON(nameKey(account), &record)
	return record.Number, slices.DeleteFunc(record.Periods, func(p span) bool { return p.Last < from || p.First > to }), err
}

// Snapshots returns an account's snapshots, oldest first.
func (s *Store) Snapshots(ctx context.Context, account string) ([]fetcher.Snapshot, error) {
	var snapshots []fetcher.Snapshot
	err := s.view(ctx, "snapshots of "+account, func(tx *txn) error {
		b := tx.bucket(bucketSnapshots)
		return b.each(nameKey(account), func(key, value []byte) error {
			var snapshot fetcher.Snapshot
			err := b.decode(key, value, &snapshot)
			snapshots = append(snapshots, snapshot)
			return err
		})
	})
	if err != nil {
		return nil, err
	}
	return snapshots, nil
}

// Revisions returns what was revised about an account's charges of the days
// from to to, both included: by day, and those of one day in the order they
// were seen.
func (s *Store) Revisions(ctx context.Context, account string, from, to fetcher.Day) ([]fetcher.Revision, error) {
	var revisions []fetcher.Revision
	err := s.view(ctx, "revisions of "+account, func(tx *txn) error {
		b := tx.bucket(bucketRevisions)
		prefix := nameKey(account)
		return b.eachFrom(prefix, appendDay(slices.Clip(prefix), from), func(key, value []byte) error {
			var r fetcher.Revision
			err := b.decode(key, value, &r)
			if r.Day <= to {
				revisions = append(revisions, r)
			}
			return err
		})
	})
	if err != nil {
		return nil, err
	}
	return revisions, nil
}

// AccountAlert is an alert and the ID of the account it is kept under,
// [rules.FleetID] for one that spans accounts.
type AccountAlert struct {
	AccountID string
	Alert     rules.Alert
}

// Alerts returns all alerts of all accounts, however long ago they ended, by
// account and ID.
func (s *Store) Alerts(ctx context.Context) ([]AccountAlert, error) {
	var alerts []AccountAlert
	err := s.view(ctx, "list alerts", func(tx *txn) error {
		b := tx.bucket(bucketAlerts)
		return b.each(nil, func(key, value []byte) error {
			alert := AccountAlert{AccountID: nameOf(key)}
			err := b.decode(key, value, &alert.Alert)
			alerts = append(alerts, alert)
			return err
		})
	})
	if err != nil {
		return nil, err
	}
	slices.SortFunc(alerts, func(a, b AccountAlert) int {
		if order := strings.Compare(a.AccountID, b.AccountID); order != 0 {
			return order
		}
		return strings.Compare(a.Alert.ID, b.Alert.ID)
	})
	return alerts, nil
}
