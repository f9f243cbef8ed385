package main

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/billbot/billbot/fetcher"
	"github.com/billbot/billbot/fetcher/cloudflare"
	"github.com/billbot/billbot/fetcher/focus"
	"github.com/billbot/billbot/store"
)

type exportCmd struct {
	Account string      `help:"Only this account, by name or ID." placeholder:"NAME"`
	Period  fetcher.Day `help:"Only the billing period that starts on this day." placeholder:"DAY"`
	From    fetcher.Day `help:"Only charge days from this one on." placeholder:"DAY"`
	To      fetcher.Day `help:"Only charge days up to this one." placeholder:"DAY"`
	Format  string      `help:"csv or json." enum:"csv,json" default:"csv"`
	Focus   string      `help:"The version of FOCUS whose columns a csv has: 1.2." enum:"1.2" default:"1.2" placeholder:"VERSION"`

	far *progress
}

// Help is what billbot export --help adds.
func (*exportCmd) Help() string {
	return `A csv has the columns of FOCUS, which other tools of finance read; what FOCUS has no
column for is behind them, in columns that begin with x_. A json is what the API
answers. Both have every digit, and --usage of backtest and explain reads them.

    billbot export > charges.csv
    billbot export --period 2026-09-12 --account production
    billbot export --format json --account production > production.json`
}

// Run prints the charges, by account and billing period.
func (c *exportCmd) Run(ctx context.Context, e env) error {
	if err := checkDays(c.From, c.To); err != nil {
		return usageError{err}
	}
	return e.withStore(func(s *store.Store) error {
		accounts, err := chosen(ctx, s, c.Account)
		if err != nil {
			return err
		}
		if c.Format == "json" && len(accounts) > 1 {
			return usageError{fmt.Errorf("a json is of one account: choose it with --account, of %d that there are", len(accounts))}
		}
		to, err := c.writer(ctx, e.stdout, s, accounts)
		if err != nil {
			return err
		}
		if err := c.show(ctx, e, s, accounts); err != nil {
			return err
		}
		defer c.far.end()
		for _, account := range accounts {
			if err := c.export(ctx, s, account, to); err != nil {
				return err
			}
		}
		return to.Flush()
	})
}

// show begins to show how far it is, by billing periods, where the charges
// themselves go elsewhere than to the terminal.
func (c *exportCmd) show(ctx context.Context, e env, s *store.Store, accounts []fetcher.Account) error {
	if e.screen.Width > 0 {
		return nil
	}
	periods := 0
	for _, account := range accounts {
		view, err := s.State(ctx, account)
		if err != nil {
			return err
		}
		periods += len(view.Ledger.Unread)
	}
	c.far = newProgress(e.stderr, "export", periods)
	return nil
}

// checkDays refuses days of which there can be none. Zero is no bound.
func checkDays(from, to fetcher.Day) error {
	if !to.IsZero() && from > to {
		return fmt.Errorf("--from %s is after --to %s", from, to)
	}
	return nil
}

// chargeWriter writes charges to a file.
type chargeWriter interface {
	Write(account string, c fetcher.Charge) error
	Flush() error
}

func (c *exportCmd) writer(ctx context.Context, to io.Writer, s *store.Store, accounts []fetcher.Account) (chargeWriter, error) {
	if c.Format == "json" {
		return cloudflare.NewWriter(to), nil
	}
	names, calendars := map[string]string{}, map[string]fetcher.Calendar{}
	for _, account := range accounts {
		view, err := s.State(ctx, account)
		if err != nil {
			return nil, err
		}
		names[account.ID] = account.Name
		calendars[account.ID] = fetcher.Calendar{Starts: view.Ledger.Unread, Terms: view.Ledger.Terms}
	}
	return focus.NewWriter(to,
		func(id string) string { return names[id] },
		func(id string, start fetcher.Day) fetcher.Day { return calendars[id].Period(start).End })
}

// export writes an account's charges a billing period at a time, so that years
// of it take no more memory than a month.
func (c *exportCmd) export(ctx context.Context, s *store.Store, account fetcher.Account, to chargeWriter) error {
	view, err := s.State(ctx, account)
	if err != nil {
		return err
	}
	for _, start := range view.Ledger.Unread {
		c.far.step()
		if !c.Period.IsZero() && start != c.Period {
			continue
		}
		charges, err := chargesOf(ctx, s, account, start)
		if err != nil {
			return err
		}
		for _, charge := range charges {
			if charge.ChargePeriodStart < c.From || !c.To.IsZero() && charge.ChargePeriodStart > c.To {
				continue
			}
			if err := to.Write(account.ID, charge); err != nil {
				return err
			}
		}
	}
	return nil
}

// chargesOf is the charges of a billing period, whatever is committed meanwhile.
func chargesOf(ctx context.Context, s *store.Store, account fetcher.Account, start fetcher.Day) ([]fetcher.Charge, error) {
	for {
		view, err := s.State(ctx, account)
		if err != nil {
			return nil, err
		}
		view, err = s.Rows(ctx, view, []fetcher.Day{start})
		if !errors.Is(err, store.ErrMoved) || ctx.Err() != nil {
			return view.Ledger.Charges, err
		}
	}
}
