package main

import (
	"cmp"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/billbot/billbot/fetcher"
	"github.com/billbot/billbot/fetcher/cloudflare"
	"github.com/billbot/billbot/rules"
)

// walk is one account's recorded usage, walked day by day.
type walk struct {
	account rules.Account
	charges []fetcher.Charge // by day
	alerts  []rules.Alert
}

// newWalk reads a usage file. Its account is the one its rows name, or the
// file's base name; the rules file may give that account a name and tags.
func newWalk(e env, r *rules.Rules, file string) (*walk, error) {
	usage, err := cloudflare.ReadFile(e.path(file))
	if err != nil {
		return nil, usageError{fmt.Errorf("usage file %s: %w", file, err)}
	}
	charges := usage.Charges
	if len(charges) == 0 {
		return nil, usageError{fmt.Errorf("usage file %s: no rows", file)}
	}
	id := charges[0].BillingAccountID
	for _, c := range charges {
		if c.BillingAccountID != id {
			return nil, usageError{fmt.Errorf("usage file %s: rows of two accounts, %q and %q", file, id, c.BillingAccountID)}
		}
	}
	id = cmp.Or(id, baseName(file))
	w := &walk{account: rules.Account{Name: id, ID: id}, charges: charges}
	if i := slices.IndexFunc(r.Accounts, func(a rules.Account) bool { return a.ID == id || a.Name == id }); i >= 0 {
		w.account = r.Accounts[i]
	}
	slices.SortStableFunc(w.charges, func(a, b fetcher.Charge) int { return cmp.Compare(a.ChargePeriodStart, b.ChargePeriodStart) })
	return w, nil
}

// baseName is a file's name without folder and endings.
func baseName(file string) string {
	name, _, _ := strings.Cut(filepath.Base(file), ".")
	return name
}

// upTo is the ledger on the morning after a day; false before the first row.
func (w *walk) upTo(day fetcher.Day) (fetcher.Ledger, bool) {
	since := day - loadDays
	from, _ := slices.BinarySearchFunc(w.charges, since, func(c fetcher.Charge, d fetcher.Day) int { return cmp.Compare(c.ChargePeriodStart, d) })
	to, _ := slices.BinarySearchFunc(w.charges, day+1, func(c fetcher.Charge, d fetcher.Day) int { return cmp.Compare(c.ChargePeriodStart, d) })
	if to == 0 {
		return fetcher.Ledger{}, false
	}
	l := fetcher.Ledger{Account: ref(w.account), Charges: slices.Clone(w.charges[from:to]), Trust: fetcher.Trust{Verdict: fetcher.Trusted}}
	fetcher.SortCharges(l.Charges)
	return l, len(l.Charges) > 0
}

// morningAfter is when a backtest looks at a day's rows: six in the morning
// of the day after, UTC.
func morningAfter(day fetcher.Day) time.Time { return (day + 1).Time().Add(6 * time.Hour) }

// span is the first and the last charge day of all walks, and a morning more:
// periods end there.
func span(walks []*walk) (first, last fetcher.Day) {
	for _, w := range walks {
		start, end := w.charges[0].ChargePeriodStart, w.charges[len(w.charges)-1].ChargePeriodStart
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
