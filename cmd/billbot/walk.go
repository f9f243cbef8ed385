package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"sort"
	"strings"
	"time"

	"github.com/billbot/billbot/fetcher"
	"github.com/billbot/billbot/fetcher/cloudflare"
	"github.com/billbot/billbot/rules"
	"github.com/billbot/billbot/rules/spend"
	"github.com/billbot/billbot/store"
)

// walk is one account's recorded usage, walked day by day.
type walk struct {
	account rules.Account
	terms   fetcher.Terms
	charges []fetcher.Charge // in the ledger's order
	runs    [][]fetcher.Charge

	merged []fetcher.Charge // room for a ledger of several runs
}

// newWalk makes a walk over charges, whatever their order.
func newWalk(account rules.Account, terms fetcher.Terms, charges []fetcher.Charge) *walk {
	w := &walk{account: account, terms: terms, charges: charges}
	fetcher.SortCharges(w.charges)
	w.runs = runsByDay(w.charges)
	return w
}

// runsByDay cuts charges in the ledger's order into runs that are in the order
// of their days: all of them are one, unless subscriptions have billing periods
// that overlap.
func runsByDay(charges []fetcher.Charge) [][]fetcher.Charge {
	var runs [][]fetcher.Charge
	start := 0
	for i := range charges {
		if i > 0 && charges[i].ChargePeriodStart < charges[i-1].ChargePeriodStart {
			runs = append(runs, charges[start:i])
			start = i
		}
	}
	return append(runs, charges[start:])
}

// newWalks reads usage files. Files of one account are one walk: what a later
// one tells of a day takes the place of what an earlier one told.
func newWalks(e env, r *rules.Rules, files []string) ([]*walk, error) {
	var ids []string
	known := map[string][]fetcher.Charge{}
	for _, file := range files {
		id, charges, err := readUsage(e, file)
		if err != nil {
			return nil, usageError{fmt.Errorf("usage file %s: %w", file, err)}
		}
		if known[id] == nil {
			ids = append(ids, id)
		}
		known[id] = together(known[id], charges)
	}
	var walks []*walk
	for _, id := range ids {
		walks = append(walks, newWalk(accountOf(r, fetcher.Account{Name: id, ID: id}), fetcher.Terms{}, known[id]))
	}
	return walks, nil
}

// storedWalks reads what the database has of accounts, all or the one that a
// name or ID names: what is believed now, all restatements included.
func storedWalks(ctx context.Context, s *store.Store, r *rules.Rules, only string) ([]*walk, error) {
	accounts, err := chosen(ctx, s, only)
	if err != nil {
		return nil, err
	}
	var walks []*walk
	for _, account := range accounts {
		view, err := s.Load(ctx, account, 0)
		if err != nil {
			return nil, err
		}
		if len(view.Ledger.Charges) > 0 {
			walks = append(walks, newWalk(accountOf(r, account), view.Ledger.Terms, view.Ledger.Charges))
		}
	}
	return walks, nil
}

// readUsage reads a usage file and says whose it is: the account its rows name,
// or the file's base name.
func readUsage(e env, file string) (id string, charges []fetcher.Charge, err error) {
	usage, err := cloudflare.ReadFile(e.path(file))
	if err != nil {
		return "", nil, err
	}
	if len(usage.Charges) == 0 {
		return "", nil, errors.New("no rows")
	}
	id = usage.Charges[0].BillingAccountID
	for _, c := range usage.Charges {
		if c.BillingAccountID != id {
			return "", nil, fmt.Errorf("rows of two accounts, %q and %q", id, c.BillingAccountID)
		}
	}
	return cmp.Or(id, baseName(file)), usage.Charges, nil
}

// accountOf is an account of the rules file, or one that it does not name.
func accountOf(r *rules.Rules, account fetcher.Account) rules.Account {
	if i := slices.IndexFunc(r.Accounts, func(a rules.Account) bool { return a.ID == account.ID || a.Name == account.ID }); i >= 0 {
		return r.Accounts[i]
	}
	return rules.Account{Name: account.Name, ID: account.ID}
}

// together adds what a later answer told to what is known.
func together(known, later []fetcher.Charge) []fetcher.Charge {
	if len(known) == 0 {
		return later
	}
	first, last := spend.Span(later)
	l := fetcher.Ledger{Charges: slices.Clone(known)}
	fetcher.SortCharges(l.Charges)
	merged, _ := l.Merge(fetcher.Answer{FetchedAt: morningAfter(last), From: first, To: last, Charges: later})
	return merged.Charges
}

// baseName is a file's name without folder and endings.
func baseName(file string) string {
	name, _, _ := strings.Cut(filepath.Base(file), ".")
	return name
}

// upTo is the ledger on the morning after a day, as far back as the rules look;
// false before the first row.
// It shares the walk's rows, and copies only where several runs have some: into
// room that the next call takes again, so one ledger of a walk at a time.
func (w *walk) upTo(r *rules.Rules, day fetcher.Day) (fetcher.Ledger, bool) {
	l := fetcher.Ledger{Account: ref(w.account), Terms: w.terms, Trust: fetcher.Trust{Verdict: fetcher.Trusted}}
	var parts [][]fetcher.Charge
	for _, run := range w.runs {
		if part := between(run, r.Reach(day+1), day); len(part) > 0 {
			parts = append(parts, part)
		}
	}
	if len(parts) == 1 {
		l.Charges = parts[0]
	} else {
		w.merged = w.merged[:0]
		for _, part := range parts {
			w.merged = append(w.merged, part...)
		}
		l.Charges = slices.Clip(w.merged)
	}
	return l, len(l.Charges) > 0
}

// between is the charges of the days from first to last, out of charges in the
// order of their days.
func between(charges []fetcher.Charge, first, last fetcher.Day) []fetcher.Charge {
	from := func(d fetcher.Day) int {
		return sort.Search(len(charges), func(i int) bool { return charges[i].ChargePeriodStart >= d })
	}
	lo, hi := from(first), from(last+1)
	return charges[lo:hi:hi]
}

// morningAfter is when a backtest looks at a day's rows: six in the morning
// of the day after, UTC.
func morningAfter(day fetcher.Day) time.Time { return (day + 1).Time().Add(6 * time.Hour) }

// span is the first and the last charge day of all walks.
func span(walks []*walk) (first, last fetcher.Day) {
	for _, w := range walks {
		start, end := spend.Span(w.charges)
		if first.IsZero() || start < first {
			first = start
		}
		last = max(last, end)
	}
	return first, last
}

// replaceAlerts puts changed alerts in the place of what they were.
func replaceAlerts(alerts, changed []rules.Alert) []rules.Alert {
	for _, a := range changed {
		if i := slices.IndexFunc(alerts, func(b rules.Alert) bool { return a.ID == b.ID }); i >= 0 {
			alerts[i] = a
			continue
		}
		alerts = append(alerts, a)
	}
	return alerts
}
