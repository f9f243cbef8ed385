package main

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/billbot/billbot/fetcher"
	"github.com/billbot/billbot/notifier/slack"
	"github.com/billbot/billbot/rules"
	"github.com/billbot/billbot/rules/report"
	"github.com/billbot/billbot/store"
)

type spendCmd struct {
	Account string `help:"Only this account, by name or ID." placeholder:"NAME"`
	Format  string `help:"text or json." enum:"text,json" default:"text"`
}

// Run prints what each account costs.
func (c *spendCmd) Run(ctx context.Context, e env) error {
	return e.withStore(func(s *store.Store) error {
		spends, err := spendOf(ctx, s, e.desk(), c.Account, e.now())
		if err != nil {
			return err
		}
		if c.Format == "text" {
			return c.print(e, spends)
		}
		for _, s := range spends {
			if s.Through.IsZero() {
				fmt.Fprintf(e.stderr, "%s: no data yet\n", s.Account)
			}
		}
		return printJSON(e, slices.DeleteFunc(spends, func(s report.Spend) bool { return s.Through.IsZero() }))
	})
}

// print prints what accounts cost as /spend would, and on a terminal the bars of
// their services.
func (c *spendCmd) print(e env, spends []report.Spend) error {
	_, err := fmt.Fprintln(e.stdout, slack.PlainText(slack.RenderSpend(spends)))
	for _, s := range spends {
		if drawn := bars(s, e.screen.Width); drawn != "" {
			fmt.Fprint(e.stdout, "\n", drawn)
		}
	}
	return err
}

// printJSON prints one line of JSON for each value.
func printJSON[T any](e env, values []T) error {
	out := json.NewEncoder(e.stdout)
	for _, v := range values {
		if err := out.Encode(v); err != nil {
			return err
		}
	}
	return nil
}

// desk is where reports are ready: the daemon's, or an empty one.
func (e env) desk() *report.Desk {
	if e.shared != nil {
		return &e.shared.desk
	}
	return new(report.Desk)
}

// spendOf reports what the accounts of the store cost, one or all.
func spendOf(ctx context.Context, s *store.Store, desk *report.Desk, only string, now time.Time) ([]report.Spend, error) {
	accounts, err := chosen(ctx, s, only)
	if err != nil {
		return nil, err
	}
	var spends []report.Spend
	for _, account := range accounts {
		known, view, err := spendsOf(ctx, s, desk, account, now)
		if err != nil {
			return nil, err
		}
		if len(known) == 0 {
			known = []report.Spend{{Account: account.Name}} // not nothing: not known
		}
		for _, spend := range known {
			spend.Trust, spend.LastTrusted, spend.Failure = view.Poll.Trust, view.Poll.LastTrusted, view.Poll.Failure
			spends = append(spends, spend)
		}
	}
	return spends, nil
}

// spendsOf is what one account costs, from the desk if it is ready there. The
// view says how well the account could be read.
func spendsOf(ctx context.Context, s *store.Store, desk *report.Desk, account fetcher.Account, now time.Time) ([]report.Spend, store.View, error) {
	today := fetcher.DayOf(now)
	view, err := s.State(ctx, account)
	if err != nil {
		return nil, view, err
	}
	if ready, ok := desk.Spends(account.ID, view.Generation, today); ok {
		return ready, view, nil
	}
	if view, err = s.Bill(ctx, account, new(rules.Rules).Reach(today)); err != nil {
		return nil, view, err
	}
	spends := report.SpendOf(view.Bill, now)
	desk.Keep(account.ID, view.Generation, today, spends)
	return spends, view, nil
}

// chosen is the accounts of the store, or the one that a name or ID names.
func chosen(ctx context.Context, s *store.Store, only string) ([]fetcher.Account, error) {
	states, err := s.Accounts(ctx)
	if err != nil {
		return nil, err
	}
	accounts := make([]fetcher.Account, len(states))
	for i, state := range states {
		accounts[i] = state.Account
	}
	if only == "" {
		return accounts, nil
	}
	i := slices.IndexFunc(accounts, func(a fetcher.Account) bool { return a.Name == only || a.ID == only })
	if i < 0 {
		return nil, usageError{fmt.Errorf("no account %q in the database", only)}
	}
	return accounts[i : i+1], nil
}
