package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"github.com/billbot/billbot/fetcher"
	"github.com/billbot/billbot/rules"
	"github.com/billbot/billbot/rules/report"
	"github.com/billbot/billbot/store"
	"github.com/shopspring/decimal"
)

type backtestCmd struct {
	Usage     []string    `help:"A usage file: what the API answered, gzip or not. Repeatable. Without it, the charges in the database." sep:"none" placeholder:"FILE"`
	Account   string      `help:"Only this account of the database, by name or ID." placeholder:"NAME"`
	From      fetcher.Day `help:"Print nothing of charge days before this one." placeholder:"DAY"`
	To        fetcher.Day `help:"Print nothing of charge days after this one." placeholder:"DAY"`
	Compare   string      `help:"Print what these rules said and those of --rules do not, and the other way round: text for a pull request." placeholder:"OLD_RULES"`
	Forecasts bool        `help:"Print, per day, what each service's and the account's billing period is forecast to cost."`
	Format    string      `help:"text or json." enum:"text,json" default:"text"`
}

// Help is what billbot backtest --help adds.
func (*backtestCmd) Help() string {
	return `The rules are evaluated as billbot run would have done: on the morning after each
day, with what was known of the days before. The figures are those of today, with
all that Cloudflare corrected afterwards.

    billbot backtest --from 2026-09-01              the database, rules.yaml
    billbot backtest --usage answer.json            what the API answered
    git show main:rules.yaml > old.yaml
    billbot backtest --compare old.yaml             what a change of rules changes`
}

// needsNothing reports whether the command does without the database.
func (c *backtestCmd) needsNothing() bool { return len(c.Usage) > 0 }

// Run walks recorded days as the daemon would have lived them: on the morning
// after a day it knows the rows up to that day.
func (c *backtestCmd) Run(ctx context.Context, e env) error {
	r, err := e.loadRules()
	if err != nil {
		return err
	}
	if err := c.check(); err != nil {
		return usageError{err}
	}
	walks, err := e.walks(ctx, r, c.Usage, c.Account)
	if err != nil {
		return err
	}
	out := bufio.NewWriter(e.stdout)
	b := backtest{rules: r, cmd: c, out: out, shown: e.stderr}
	if c.Compare != "" {
		err = b.compare(ctx, e, walks)
	} else {
		err = b.run(ctx, walks)
	}
	if err != nil {
		return err
	}
	return out.Flush()
}

func (c *backtestCmd) check() error {
	switch {
	case c.Compare != "" && c.Forecasts:
		return errors.New("--compare and --forecasts do not go together: forecasts do not depend on the rules")
	case len(c.Usage) > 0 && c.Account != "":
		return errors.New("--account is for the database: leave out the other --usage files instead")
	}
	return checkDays(c.From, c.To)
}

// walks is what to walk: usage files, or what the database has.
func (e env) walks(ctx context.Context, r *rules.Rules, usage []string, account string) ([]*walk, error) {
	if len(usage) > 0 {
		return newWalks(e, r, usage)
	}
	var walks []*walk
	err := e.withStore(func(s *store.Store) (err error) {
		walks, err = storedWalks(ctx, s, r, account)
		return err
	})
	if err == nil && len(walks) == 0 {
		fmt.Fprintln(e.stderr, "the database has no charges yet")
	}
	return walks, err
}

// backtest prints what happened while days were replayed.
type backtest struct {
	rules *rules.Rules
	cmd   *backtestCmd
	out   io.Writer
	shown io.Writer // where it is shown how far it is
}

func (b *backtest) run(ctx context.Context, walks []*walk) error {
	seen := make(forecasts, len(walks))
	r := replay{rules: b.rules, to: b.cmd.end(walks), shown: b.shown}
	if b.cmd.Forecasts {
		r.look = seen.look(b.within)
	}
	mornings, err := r.run(ctx, walks)
	if err != nil {
		return err
	}
	for _, m := range mornings {
		if err := b.tell(m); err != nil {
			return err
		}
	}
	return seen.print(b)
}

// tell prints what was said on a morning.
func (b *backtest) tell(m morning) error {
	if !b.within(m.day) {
		return nil
	}
	for _, event := range m.events {
		line := eventLineOf(event)
		if err := b.print(line, "%s  %-12s %-14s %s\n", line.At, line.Event, line.Rule, line.Text); err != nil {
			return err
		}
	}
	return nil
}

// print prints a value as a line of JSON, or as text.
func (b *backtest) print(value any, text string, args ...any) error {
	if b.cmd.Format == "json" {
		return json.NewEncoder(b.out).Encode(value)
	}
	_, err := fmt.Fprintf(b.out, text, args...)
	return err
}

// end is the last day to live: that of --to, if there are rows after it.
func (c *backtestCmd) end(walks []*walk) fetcher.Day {
	_, last := span(walks)
	if c.To.IsZero() {
		return last
	}
	return min(c.To, last)
}

func (b *backtest) within(day fetcher.Day) bool {
	return day >= b.cmd.From && (b.cmd.To.IsZero() || day <= b.cmd.To)
}

// eventLine is an event as the backtest prints it.
type eventLine struct {
	At       string          `json:"at"`  // the morning it is told
	Day      fetcher.Day     `json:"day"` // the charge day it is about
	Event    rules.EventType `json:"event"`
	Kind     rules.Kind      `json:"kind"`
	Rule     string          `json:"rule"`
	Account  string          `json:"account"`
	Service  string          `json:"service"`
	Level    rules.Severity  `json:"level"`
	Amount   decimal.Decimal `json:"amount"`
	Usual    decimal.Decimal `json:"usual"`
	Limit    decimal.Decimal `json:"limit"`
	Currency string          `json:"currency"`
	Unit     string          `json:"unit,omitempty"` // of a budget's quantity, which has no currency
	// Projected is what the period will cost, of a forecast; Amount is what it
	// has cost so far.
	Projected *decimal.Decimal `json:"projected,omitempty"`
	Text      string           `json:"text"`
}

func eventLineOf(event rules.Event) eventLine {
	f := event.Alert.Finding
	line := eventLine{
		At: fetcher.DayOf(event.At).String(), Day: f.Day, Event: event.Type, Kind: f.Kind, Rule: f.Rule,
		Account: f.Subject.Account, Service: f.Subject.Service, Level: f.Severity,
		Amount: f.Amount, Usual: f.Usual, Limit: f.Limit, Currency: f.Currency, Unit: f.Unit, Text: report.Sentence(event.Alert),
	}
	if f.Kind == rules.KindForecast {
		line.Projected = &f.Projected
	}
	return line
}
