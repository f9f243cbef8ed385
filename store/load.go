package store

import (
	"context"
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/billbot/billbot/fetcher"
	"github.com/billbot/billbot/rules"
)

// View is what is known of one account, at one moment.
type View struct {
	Generation uint64 // raised by each commit but those of a poll state alone
	Bill       fetcher.Bill
	// Ledger is what answers are merged into. All of its billing periods are
	// unread; [Store.Rows] reads the charges of those that an answer speaks of.
	Ledger fetcher.Ledger
	Poll   fetcher.PollState
	Alerts []rules.Alert // by ID: those that are on, and those that ended lately
	// Known says that more than poll states was committed before. The first
	// sight of an account is told differently.
	Known bool
}

// endedLately is how long before the account's newest alert an alert may have
// ended and still be loaded: longer than any gap that one episode spans.
const endedLately = 60 * 24 * time.Hour

// ledgerRecord is what is kept of an account beside its charges and its poll
// state.
type ledgerRecord struct {
	Account    fetcher.Account `json:"account"`
	Generation uint64          `json:"generation"`
	Number     uint32          `json:"number"` // stands for the account in keys; from 1
	Doubts     []fetcher.Doubt `json:"doubts,omitempty"`
	Terms      fetcher.Terms   `json:"terms"`
	Periods    []span          `json:"periods,omitempty"` // by start
}

// pollRecord is a poll state under the name its account had then.
type pollRecord struct {
	Account fetcher.Account   `json:"account"`
	Poll    fetcher.PollState `json:"poll"`
}

// Load reads an account by its ID. The bill has the lines of the billing periods
// that may have days from since on; all of a period, never a part.
func (s *Store) Load(ctx context.Context, account fetcher.Account, since fetcher.Day) (View, error) {
	var v View
	err := s.view(ctx, "load "+account.ID, func(tx *txn) (err error) {
		if v, err = load(tx, account, since); err != nil {
			return err
		}
		alerts, err := readAlerts(tx, account.ID)
		v.Alerts = lately(alerts)
		return err
	})
	if err != nil {
		return View{}, err
	}
	return v, nil
}

// Bill is [Store.Load] without the alerts, for reports that have nothing to say
// of them.
func (s *Store) Bill(ctx context.Context, account fetcher.Account, since fetcher.Day) (View, error) {
	var v View
	err := s.view(ctx, "bill of "+account.ID, func(tx *txn) (err error) {
		v, err = load(tx, account, since)
		return err
	})
	if err != nil {
		return View{}, err
	}
	return v, nil
}

// State is [Store.Bill] without any line: what is cheap to know.
func (s *Store) State(ctx context.Context, account fetcher.Account) (View, error) {
	return s.Bill(ctx, account, math.MaxInt32)
}

// Polled returns the state of an account's polling, which is kept apart from all
// else: zero where there is none.
func (s *Store) Polled(ctx context.Context, account fetcher.Account) (fetcher.PollState, error) {
	var polled pollRecord
	err := s.view(ctx, "polling of "+account.ID, func(tx *txn) error {
		_, err := tx.bucket(bucketPolls).getJSON(nameKey(account.ID), &polled)
		return err
	})
	return polled.Poll, err
}

func load(tx *txn, account fetcher.Account, since fetcher.Day) (View, error) {
	var record ledgerRecord
	known, err := tx.bucket(bucketAccounts).getJSON(nameKey(account.ID), &record)
	if err != nil {
		return View{}, err
	}
	var polled pollRecord
	if _, err := tx.bucket(bucketPolls).getJSON(nameKey(account.ID), &polled); err != nil {
		return View{}, err
	}
	reaching := slices.DeleteFunc(slices.Clone(record.Periods), func(p span) bool { return !p.mayReach(since) })
	lines, err := readLines(tx, account.ID, record.Number, reaching)
	if err != nil {
		return View{}, err
	}
	v := View{
		Generation: record.Generation, Known: known, Poll: polled.Poll,
		Bill:   fetcher.Bill{Account: account, Lines: lines, Terms: record.Terms, Trust: polled.Poll.Trust},
		Ledger: fetcher.Ledger{Account: account, Doubts: record.Doubts, Terms: record.Terms, Trust: polled.Poll.Trust},
	}
	for _, p := range record.Periods {
		v.Ledger.Unread = append(v.Ledger.Unread, p.Start)
	}
	return v, nil
}

// Rows reads the charges of some billing periods into a view's ledger. When the
// account was committed since the view was read, the error wraps [ErrMoved].
func (s *Store) Rows(ctx context.Context, v View, periods []fetcher.Day) (View, error) {
	account := v.Ledger.Account
	err := s.view(ctx, "charges of "+account.ID, func(tx *txn) error {
		var record ledgerRecord
		if _, err := tx.bucket(bucketAccounts).getJSON(nameKey(account.ID), &record); err != nil {
			return err
		}
		if record.Generation != v.Generation {
			return fmt.Errorf("account %s is at generation %d, not %d: %w", account.ID, record.Generation, v.Generation, ErrMoved)
		}
		var chosen []span
		v.Ledger.Unread = nil
		for _, p := range record.Periods {
			if slices.Contains(periods, p.Start) {
				chosen = append(chosen, p)
			} else {
				v.Ledger.Unread = append(v.Ledger.Unread, p.Start)
			}
		}
		var err error
		v.Ledger.Charges, err = readCharges(tx, account.ID, record.Number, chosen)
		return err
	})
	if err != nil {
		return View{}, err
	}
	return v, nil
}

func readAlerts(tx *txn, account string) ([]rules.Alert, error) {
	var alerts []rules.Alert
	b := tx.bucket(bucketAlerts)
	err := b.each(nameKey(account), func(key, value []byte) error {
		var a rules.Alert
		if err := b.decode(key, value, &a); err != nil {
			return err
		}
		alerts = append(alerts, a)
		return nil
	})
	return alerts, err
}

// lately leaves out what ended long before the newest of the alerts. Their own
// times are the measure, as the store has no clock.
func lately(alerts []rules.Alert) []rules.Alert {
	var newest time.Time
	for _, a := range alerts {
		for _, t := range []time.Time{a.Since, a.EndedAt} {
			if t.After(newest) {
				newest = t
			}
		}
	}
	return slices.DeleteFunc(alerts, func(a rules.Alert) bool {
		return a.Ended != "" && a.EndedAt.Before(newest.Add(-endedLately))
	})
}
