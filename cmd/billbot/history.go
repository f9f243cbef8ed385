package main

import (
	"context"
	"fmt"
	"maps"
	"math"
	"slices"
	"text/tabwriter"

	"github.com/billbot/billbot/fetcher"
	"github.com/billbot/billbot/rules/report"
	"github.com/billbot/billbot/rules/spend"
	"github.com/billbot/billbot/store"
	"github.com/shopspring/decimal"
)

type historyCmd struct {
	Account string      `help:"Only this account, by name or ID." placeholder:"NAME"`
	Service string      `help:"Only this service, by its name without allowance." placeholder:"NAME"`
	From    fetcher.Day `help:"From this charge day on; 35 days by default." placeholder:"DAY"`
	To      fetcher.Day `help:"Up to this charge day." placeholder:"DAY"`
	By      string      `help:"What the days cost together, by service, family, zone or account." enum:"service,family,zone,account,day" default:"day"`
	AsOf    fetcher.Day `help:"What was believed at the end of this day: costs by service and billing period." placeholder:"DAY"`
	Format  string      `help:"text or json." enum:"text,json" default:"text"`
}

// historyDays is how many days history shows when it is not told.
const historyDays = 35

// dayLine is one day of one account in one currency.
type dayLine struct {
	Account   string             `json:"account"`
	Day       fetcher.Day        `json:"day"`
	Currency  string             `json:"currency"`
	Cost      decimal.Decimal    `json:"cost"`
	Revisions []fetcher.Revision `json:"revisions,omitempty"` // of that day, oldest first
}

// Run prints what each day cost, and what was restated afterwards.
func (c *historyCmd) Run(ctx context.Context, e env) error {
	if c.To.IsZero() {
		c.To = fetcher.DayOf(e.now())
	}
	if c.From.IsZero() {
		c.From = c.To - historyDays
	}
	if err := checkDays(c.From, c.To); err != nil {
		return usageError{err}
	}
	return e.withStore(func(s *store.Store) error {
		accounts, err := chosen(ctx, s, c.Account)
		if err != nil {
			return err
		}
		if err := c.checkService(ctx, s, accounts); err != nil {
			return err
		}
		switch {
		case !c.AsOf.IsZero():
			return c.believed(ctx, e, s, accounts)
		case c.By != "day":
			return c.byPart(ctx, e, s, accounts)
		}
		var lines []dayLine
		for _, account := range accounts {
			days, err := c.days(ctx, s, account)
			if err != nil {
				return err
			}
			lines = append(lines, days...)
		}
		if c.Format == "json" {
			return printJSON(e, lines)
		}
		return printDays(e, lines)
	})
}

// checkService refuses a service that no account ever had, so far as is known.
func (c *historyCmd) checkService(ctx context.Context, s *store.Store, accounts []fetcher.Account) error {
	if c.Service == "" {
		return nil
	}
	known := map[string]bool{}
	for _, account := range accounts {
		lines, err := s.Lines(ctx, account.ID, 0, math.MaxInt32)
		if err != nil {
			return err
		}
		for _, line := range lines {
			known[line.Service] = true
		}
		snapshots, err := s.Snapshots(ctx, account.ID) // of what was pruned, or is gone
		if err != nil {
			return err
		}
		for _, snapshot := range snapshots {
			for _, total := range snapshot.Totals {
				known[total.Service] = true
			}
		}
	}
	if known[c.Service] {
		return nil
	}
	return usageError{fmt.Errorf("no service %q in the database: %s", c.Service, meant(c.Service, slices.Sorted(maps.Keys(known))))}
}

func (c *historyCmd) days(ctx context.Context, s *store.Store, account fetcher.Account) ([]dayLine, error) {
	charges, err := s.Charges(ctx, account.ID, c.From, c.To)
	if err != nil {
		return nil, err
	}
	revisions, err := s.Revisions(ctx, account.ID, c.From, c.To)
	if err != nil {
		return nil, err
	}
	byDay := map[fetcher.Day]spend.Sums{}
	add := func(day fetcher.Day, service, currency string, cost decimal.Decimal) {
		if byDay[day] == nil {
			byDay[day] = spend.Sums{}
		}
		if c.about(service) {
			byDay[day].Add(currency, cost)
		}
	}
	for _, charge := range charges {
		add(charge.ChargePeriodStart, charge.Service(), charge.BillingCurrency, charge.ContractedCost.Decimal())
	}
	for _, r := range revisions { // a day whose charges are all gone has a line too
		add(r.Day, r.Service, r.Currency, decimal.Zero)
	}
	var lines []dayLine
	for day := c.From; day <= c.To; day++ {
		for _, currency := range byDay[day].Currencies() {
			lines = append(lines, dayLine{account.Name, day, currency, byDay[day][currency], c.revised(revisions, day, currency)})
		}
	}
	return lines, nil
}

func (c *historyCmd) about(service string) bool { return c.Service == "" || c.Service == service }

func (c *historyCmd) revised(all []fetcher.Revision, day fetcher.Day, currency string) []fetcher.Revision {
	var revised []fetcher.Revision
	for _, r := range all {
		if r.Day == day && r.Currency == currency && c.about(r.Service) {
			revised = append(revised, r)
		}
	}
	return revised
}

// noCharges is said where history has nothing to show.
const noCharges = "no charges in those days"

func printDays(e env, lines []dayLine) error {
	if len(lines) == 0 {
		fmt.Fprintln(e.stderr, noCharges)
		return nil
	}
	table := tabwriter.NewWriter(e.stdout, 0, 0, 2, ' ', tabwriter.AlignRight)
	for _, line := range lines {
		fmt.Fprintf(table, "%s\t%s\t%s\t\n", line.Day, line.Account, report.Money(line.Cost, line.Currency))
		for _, r := range line.Revisions {
			fmt.Fprintf(table, "\t%s\t%s to %s\t seen %s\n", r.Service,
				report.Money(r.OldCost, r.Currency), report.Money(r.NewCost, r.Currency), r.SeenAt.UTC().Format("2 Jan 15:04"))
		}
	}
	return table.Flush()
}
