package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"

	"github.com/billbot/billbot/fetcher"
	"github.com/billbot/billbot/rules"
	"github.com/billbot/billbot/rules/report"
	"github.com/shopspring/decimal"
)

type backtestCmd struct {
	Usage     []string    `help:"A usage file: what the API answered, gzip or not. Repeatable." required:"" sep:"none" placeholder:"FILE"`
	From      fetcher.Day `help:"Print nothing of charge days before this one." placeholder:"DAY"`
	To        fetcher.Day `help:"Print nothing of charge days after this one." placeholder:"DAY"`
	Forecasts bool        `help:"Print, per day, what each service's and the account's billing period is forecast to cost."`
	Format    string      `help:"text or json." enum:"text,json" default:"text"`
}

func (*backtestCmd) local() {}

// Run walks the usage files day by day, as the daemon would have lived it: on
// the morning after a day it knows the rows up to that day.
func (c *backtestCmd) Run(ctx context.Context, e env) error {
	r, err := e.loadRules()
	if err != nil {
		return err
	}
	walks, err := newWalks(e, r, c.Usage)
	if err != nil {
		return err
	}
	out := bufio.NewWriter(e.stdout)
	b := backtest{rules: r, cmd: c, out: out}
	if err := b.run(ctx, walks); err != nil {
		return err
	}
	return out.Flush()
}

// backtest prints what happens while walks go on together, day by day.
type backtest struct {
	rules  *rules.Rules
	cmd    *backtestCmd
	out    io.Writer
	totals []rules.Alert
}

func (b *backtest) run(ctx context.Context, walks []*walk) error {
	first, last := span(walks)
	if to := b.cmd.To; !to.IsZero() {
		last = min(last, to)
	}
	for day := first; day <= last && !first.IsZero(); day++ {
		if err := ctx.Err(); err != nil {
			return err
		}
		for _, w := range walks {
			if err := b.step(w, day); err != nil {
				return err
			}
		}
		if err := b.stepTotals(walks, day); err != nil {
			return err
		}
	}
	return nil
}

// step lives one account's morning after a day.
func (b *backtest) step(w *walk, day fetcher.Day) error {
	ledger, ok := w.upTo(b.rules, day)
	if !ok {
		return nil
	}
	now := morningAfter(day)
	findings := b.rules.Evaluate(w.account, ledger, now)
	if err := b.tell(&w.alerts, w.account.ID, findings, day); err != nil || !b.cmd.Forecasts || !b.within(day) {
		return err
	}
	return b.forecasts(ledger)
}

func (b *backtest) stepTotals(walks []*walk, day fetcher.Day) error {
	if !b.rules.HasTotals() {
		return nil
	}
	var watched []rules.Watched
	for _, w := range walks {
		if ledger, ok := w.upTo(b.rules, day); ok {
			watched = append(watched, rules.Watched{Account: w.account, Ledger: ledger})
		}
	}
	return b.tell(&b.totals, rules.FleetID, b.rules.EvaluateTotals(watched, morningAfter(day)), day)
}

// tell advances alerts and prints the events.
func (b *backtest) tell(alerts *[]rules.Alert, accountID string, findings []rules.Finding, day fetcher.Day) error {
	changed, events := rules.Advance(accountID, *alerts, findings, morningAfter(day))
	*alerts = replaceAlerts(*alerts, changed)
	if !b.within(day) {
		return nil
	}
	for _, event := range events {
		if err := b.print(event); err != nil {
			return err
		}
	}
	return nil
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

func (b *backtest) print(event rules.Event) error {
	f := event.Alert.Finding
	line := eventLine{
		At: fetcher.DayOf(event.At).String(), Day: f.Day, Event: event.Type, Kind: f.Kind, Rule: f.Rule,
		Account: f.Subject.Account, Service: f.Subject.Service, Level: f.Severity,
		Amount: f.Amount, Usual: f.Usual, Limit: f.Limit, Currency: f.Currency, Unit: f.Unit, Text: report.Sentence(event.Alert),
	}
	if f.Kind == rules.KindForecast {
		line.Projected = &f.Projected
	}
	if b.cmd.Format == "json" {
		return json.NewEncoder(b.out).Encode(line)
	}
	_, err := fmt.Fprintf(b.out, "%s  %-12s %-14s %s\n", line.At, line.Event, line.Rule, line.Text)
	return err
}

// forecastLine is one forecast as the backtest prints it.
type forecastLine struct {
	Day     fetcher.Day     `json:"day"`
	Account string          `json:"account"`
	Service string          `json:"service"` // as the rows have it; "*" for the account
	Total   decimal.Decimal `json:"forecast_total"`
	Lo      decimal.Decimal `json:"lo"`
	Hi      decimal.Decimal `json:"hi"`
}

func (b *backtest) forecasts(ledger fetcher.Ledger) error {
	for _, f := range report.Forecasts(ledger) {
		line := forecastLine{ledger.Through(), ledger.Account.Name, f.Service, f.Forecast.Total, f.Forecast.Lo, f.Forecast.Hi}
		if b.cmd.Format == "json" {
			if err := json.NewEncoder(b.out).Encode(line); err != nil {
				return err
			}
			continue
		}
		if _, err := fmt.Fprintf(b.out, "%s  forecast     %-30s %s (%s to %s)\n", line.Day, line.Service,
			line.Total.Round(2), line.Lo.Round(2), line.Hi.Round(2)); err != nil {
			return err
		}
	}
	return nil
}
