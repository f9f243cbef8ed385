package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/billbot/billbot/fetcher"
	"github.com/billbot/billbot/rules"
	"github.com/billbot/billbot/store"
)

// trust explains a stale rule: how far each account's data can be relied on now.
func (c *explainCmd) trust(ctx context.Context, e env, r *rules.Rules, rule rules.Rule) (all []rules.Explained, err error) {
	if len(c.Usage) > 0 || !c.Day.IsZero() {
		return nil, usageError{fmt.Errorf("rule %q is about polls, of which the database knows the last: leave --usage and --day out", rule.Name)}
	}
	accounts, err := c.named(r.Accounts)
	if err != nil {
		return nil, usageError{err}
	}
	err = e.withStore(func(s *store.Store) error {
		for _, account := range accounts {
			if !rule.Match.Account(account) {
				continue
			}
			w, told, err := watchedIn(ctx, s, r, account, e.now())
			if err != nil {
				return err
			}
			all = append(all, r.ExplainTrust(rule, w, told, e.now())...)
		}
		return nil
	})
	return all, err
}

// named is the account asked for, or all of them.
func (c *explainCmd) named(accounts []rules.Account) ([]rules.Account, error) {
	if c.Account == "" {
		return accounts, nil
	}
	var names []string
	for i, a := range accounts {
		if a.Name == c.Account || a.ID == c.Account {
			return accounts[i : i+1], nil
		}
		names = append(names, a.Name)
	}
	return nil, fmt.Errorf("no account %q: %s", c.Account, meant(c.Account, names))
}

// watchedIn is what the database knows of an account, with the charges of the
// billing periods that are open or ended lately, and its alerts.
func watchedIn(ctx context.Context, s *store.Store, r *rules.Rules, account rules.Account, now time.Time) (rules.Watched, []rules.Alert, error) {
	today := fetcher.DayOf(now)
	view, err := s.Load(ctx, ref(account), r.Reach(today))
	if err != nil {
		return rules.Watched{}, nil, err
	}
	late := slices.DeleteFunc(view.Ledger.PeriodStarts(), func(start fetcher.Day) bool {
		return view.Ledger.Period(start).End+fetcher.LateDays < today
	})
	read, err := s.Rows(ctx, view, late)
	if errors.Is(err, store.ErrMoved) {
		return watchedIn(ctx, s, r, account, now) // a poll came in between
	}
	return rules.Watched{Account: account, Bill: view.Bill, Ledger: read.Ledger, Poll: view.Poll}, view.Alerts, err
}

// unmatched explains that a rule chooses nothing on the bill, where it does not
// and every account of it is known.
func (c *explainCmd) unmatched(ctx context.Context, e env, r *rules.Rules, rule rules.Rule, walks []*walk) ([]rules.Explained, error) {
	reach := r.NewReach()
	for _, w := range walks {
		reach.See(w.account, w.bill)
	}
	if len(c.Usage) > 0 {
		return reach.Explain(rule, nil, e.now()), nil
	}
	for _, account := range r.Accounts {
		known := slices.ContainsFunc(walks, func(w *walk) bool { return w.account.ID == account.ID })
		if rule.Match.Account(account) && !known {
			return nil, nil
		}
	}
	var told []rules.Alert
	err := e.withStore(func(s *store.Store) error {
		view, err := s.Load(ctx, ref(fleet), 0)
		told = view.Alerts
		return err
	})
	return reach.Explain(rule, told, e.now()), err
}

// withdrawn finds the newest alert like a finding's that a restatement took back.
func withdrawn(f rules.Finding, told []rules.Alert) *rules.Alert {
	var newest *rules.Alert
	for i, a := range told {
		taken := a.Finding.Withdrawn && a.Finding.Rule == f.Rule && a.Finding.Subject == f.Subject && a.Day <= f.Through
		if taken && (newest == nil || a.Since.After(newest.Since)) {
			newest = &told[i]
		}
	}
	return newest
}
