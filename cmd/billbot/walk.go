package main

import (
	"cmp"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/billbot/billbot/fetcher"
	"github.com/billbot/billbot/fetcher/cloudflare"
	"github.com/billbot/billbot/rules"
	"github.com/billbot/billbot/rules/spend"
)

// walk is one account's recorded usage, walked day by day.
type walk struct {
	account rules.Account
	charges []fetcher.Charge // in the ledger's order
	alerts  []rules.Alert
}

// newWalks reads usage files. Files of one account are one walk: what a later
// one tells of a day takes the place of what an earlier one told.
func newWalks(e env, r *rules.Rules, files []string) ([]*walk, error) {
	var walks []*walk
	for _, file := range files {
		id, charges, err := readUsage(e, file)
		if err != nil {
			return nil, usageError{fmt.Errorf("usage file %s: %w", file, err)}
		}
		i := slices.IndexFunc(walks, func(w *walk) bool { return w.account.ID == id })
		if i < 0 {
			i = len(walks)
			walks = append(walks, &walk{account: accountOf(r, id)})
		}
		walks[i].charges = together(walks[i].charges, charges)
	}
	for _, w := range walks {
		fetcher.SortCharges(w.charges)
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

// accountOf is an account of the rules file, or one that only its rows name.
func accountOf(r *rules.Rules, id string) rules.Account {
	if i := slices.IndexFunc(r.Accounts, func(a rules.Account) bool { return a.ID == id || a.Name == id }); i >= 0 {
		return r.Accounts[i]
	}
	return rules.Account{Name: id, ID: id}
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
func (w *walk) upTo(r *rules.Rules, day fetcher.Day) (fetcher.Ledger, bool) {
	since := r.Reach(day + 1)
	l := fetcher.Ledger{Account: ref(w.account), Trust: fetcher.Trust{Verdict: fetcher.Trusted}}
	for _, c := range w.charges {
		if c.ChargePeriodStart >= since && c.ChargePeriodStart <= day {
			l.Charges = append(l.Charges, c)
		}
	}
	return l, len(l.Charges) > 0
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
