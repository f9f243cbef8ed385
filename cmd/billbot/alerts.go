package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/billbot/billbot/fetcher"
	"github.com/billbot/billbot/rules"
	"github.com/billbot/billbot/rules/report"
	"github.com/billbot/billbot/store"
	"github.com/shopspring/decimal"
)

type alertsCmd struct {
	Audit       bool   `help:"Print who did what about alerts, and when."`
	Undelivered bool   `help:"Print what could not be delivered yet, to people and to webhooks; with --resend, try one again."`
	Resend      uint64 `help:"With --undelivered: the number of what to try again." placeholder:"ID"`
	Webhook     string `help:"Tell a webhook of the rules file which alerts are on, by an event of type state." placeholder:"NAME"`
	Format      string `help:"text or json." enum:"text,json" default:"text"`
}

// alertLine is an alert as billbot alerts prints it.
type alertLine struct {
	ID             string          `json:"id"`
	Rule           string          `json:"rule"`
	Kind           rules.Kind      `json:"kind"`
	Account        string          `json:"account"`
	Service        string          `json:"service"`
	Period         fetcher.Period  `json:"period"`
	State          rules.State     `json:"state"`
	Level          rules.Severity  `json:"level"`
	Since          time.Time       `json:"since"`
	Amount         decimal.Decimal `json:"amount"`
	Limit          decimal.Decimal `json:"limit"`
	Usual          decimal.Decimal `json:"usual"`
	Unit           string          `json:"unit,omitempty"` // of a budget's quantity; else the amounts are money
	AcknowledgedBy string          `json:"acknowledged_by"`
	SnoozedUntil   *time.Time      `json:"snoozed_until"`
	Channel        string          `json:"channel"`
	TS             string          `json:"ts"`
}

// Run prints the alerts, those that are on first, the newest first among equals.
func (c *alertsCmd) Run(ctx context.Context, e env) error {
	switch {
	case c.Resend != 0 && !c.Undelivered:
		return usageError{errors.New("--resend goes with --undelivered")}
	case c.Resend != 0:
		return (&outboxResendCmd{ID: c.Resend}).Run(ctx, e)
	case c.Undelivered:
		return (&outboxListCmd{Format: c.Format}).Run(ctx, e)
	case c.Webhook != "":
		return c.state(ctx, e)
	}
	return e.withStore(func(s *store.Store) error {
		if c.Audit {
			return c.audit(ctx, e, s)
		}
		kept, err := s.Alerts(ctx)
		if err != nil {
			return err
		}
		alerts := make([]rules.Alert, len(kept))
		for i, k := range kept {
			alerts[i] = k.Alert
		}
		slices.SortStableFunc(alerts, onFirst)
		lines := make([]alertLine, len(alerts))
		for i, a := range alerts {
			if lines[i], err = lineOf(ctx, s, a); err != nil {
				return err
			}
		}
		if c.Format == "json" {
			return printJSON(e, lines)
		}
		if len(alerts) == 0 {
			fmt.Fprintln(e.stdout, "no alerts")
		}
		for i, a := range alerts {
			text := report.Sentence(a)
			if standing := report.Standing(a); standing != "" {
				text += " [" + standing + "]"
			}
			fmt.Fprintf(e.stdout, "%s  %-8s  %-8s  %s\n", a.ID, a.State, lines[i].Level, text)
		}
		return nil
	})
}

func onFirst(a, b rules.Alert) int {
	if a.On() != b.On() {
		if a.On() {
			return -1
		}
		return 1
	}
	return b.Since.Compare(a.Since)
}

// lineOf adds to an alert where its message is.
func lineOf(ctx context.Context, s *store.Store, a rules.Alert) (alertLine, error) {
	f := a.Finding
	line := alertLine{
		ID: a.ID, Rule: f.Rule, Kind: f.Kind, Account: f.Subject.Account, Service: f.Subject.Service,
		Period: f.Period, State: a.State, Level: f.Severity, Since: a.Since,
		Amount: f.Amount, Limit: f.Limit, Usual: f.Usual, Unit: f.Unit, AcknowledgedBy: a.AcknowledgedBy,
	}
	if !a.SnoozedUntil.IsZero() {
		line.SnoozedUntil = &a.SnoozedUntil
	}
	receipt, err := s.Receipt(ctx, a.MessageKey())
	if err != nil {
		return line, err
	}
	if receipt != nil {
		line.Channel, line.TS = receipt.Channel, receipt.TS
	}
	return line, nil
}
