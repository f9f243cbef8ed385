package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/billbot/billbot/fetcher"
	"github.com/billbot/billbot/fetcher/cloudflare"
	"github.com/billbot/billbot/fetcher/focus"
	"github.com/billbot/billbot/rules"
	"github.com/billbot/billbot/store"
)

// walk is one account's recorded usage, walked day by day.
type walk struct {
	account rules.Account
	bill    fetcher.Bill  // of all days
	told    []rules.Alert // what the database has of its alerts
}

// newWalk makes a walk over charges, whatever their order.
func newWalk(account rules.Account, terms fetcher.Terms, charges []fetcher.Charge) *walk {
	ledger := fetcher.Ledger{
		Account: ref(account), Terms: terms, Charges: fetcher.Sorted(charges), Trust: fetcher.Trust{Verdict: fetcher.Trusted},
	}
	return &walk{account: account, bill: ledger.Bill()}
}

// newWalks reads usage files. Files of one account are one walk: what a later
// one tells of a day takes the place of what an earlier one told.
func newWalks(e env, r *rules.Rules, files []string) ([]*walk, error) {
	var ids []string
	known := map[string][]fetcher.Charge{}
	for _, file := range files {
		read, err := readUsage(e, file)
		if err != nil {
			return nil, usageError{fmt.Errorf("usage file %s: %w", file, err)}
		}
		for _, id := range slices.Sorted(maps.Keys(read)) {
			if known[id] == nil {
				ids = append(ids, id)
			}
			known[id] = together(known[id], read[id])
		}
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
		if len(view.Bill.Lines) > 0 {
			w := &walk{accountOf(r, account), view.Bill, view.Alerts}
			w.bill.Account, w.bill.Trust = ref(w.account), fetcher.Trust{Verdict: fetcher.Trusted}
			walks = append(walks, w)
		}
	}
	return walks, nil
}

// readUsage reads a usage file, what the API answers or FOCUS, and says whose its
// charges are: the account's that the rows name, or the file's base name.
func readUsage(e env, file string) (map[string][]fetcher.Charge, error) {
	path := e.path(file)
	if focused, err := focus.IsFile(path); err != nil || focused {
		return readFocus(path, err)
	}
	usage, err := cloudflare.ReadFile(path)
	if err != nil {
		return nil, err
	}
	if len(usage.Charges) == 0 {
		return nil, errors.New("no rows")
	}
	id := usage.Charges[0].BillingAccountID
	for _, c := range usage.Charges {
		if c.BillingAccountID != id {
			return nil, fmt.Errorf("rows of two accounts, %q and %q", id, c.BillingAccountID)
		}
	}
	return map[string][]fetcher.Charge{cmp.Or(id, baseName(file)): usage.Charges}, nil
}

// readFocus reads a FOCUS file, which may have rows of several accounts.
func readFocus(path string, err error) (map[string][]fetcher.Charge, error) {
	if err != nil {
		return nil, err
	}
	charges, err := focus.ReadFile(path)
	if err != nil {
		return nil, err
	}
	if len(charges) == 0 {
		return nil, errors.New("no rows")
	}
	byAccount := map[string][]fetcher.Charge{}
	for _, c := range charges {
		byAccount[c.BillingAccountID] = append(byAccount[c.BillingAccountID], c)
	}
	return byAccount, nil
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
	first, last := daysOf(later)
	l := fetcher.Ledger{Charges: fetcher.Sorted(known)}
	merged, _ := l.Merge(fetcher.Answer{FetchedAt: morningAfter(last), From: first, To: last, Charges: later})
	return merged.Charges
}

// baseName is a file's name without folder and endings.
func baseName(file string) string {
	name, _, _ := strings.Cut(filepath.Base(file), ".")
	return name
}

// daysOf is the first and the last day of charges.
func daysOf(charges []fetcher.Charge) (first, last fetcher.Day) {
	for i := range charges {
		day := charges[i].ChargePeriodStart
		if i == 0 || day < first {
			first = day
		}
		last = max(last, day)
	}
	return first, last
}

// upTo is the bill on the morning after a day, as far back as the rules look;
// false before the first row.
func (w *walk) upTo(r *rules.Rules, day fetcher.Day) (fetcher.Bill, bool) {
	bill := w.bill.Between(r.Reach(day+1), day)
	return bill, len(bill.Lines) > 0
}

// morningAfter is when a backtest looks at a day's rows: six in the morning
// of the day after, UTC.
func morningAfter(day fetcher.Day) time.Time { return (day + 1).Time().Add(6 * time.Hour) }

// span is the first and the last charge day of all walks.
func span(walks []*walk) (first, last fetcher.Day) {
	for _, w := range walks {
		start, end := w.bill.First(), w.bill.Through()
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
