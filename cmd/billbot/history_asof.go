package main

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"text/tabwriter"
	"time"

	"github.com/billbot/billbot/fetcher"
	"github.com/billbot/billbot/rules/report"
	"github.com/billbot/billbot/store"
	"github.com/shopspring/decimal"
)

// believedLine is what one service was believed to cost in one billing period,
// on a past day.
type believedLine struct {
	Account  string          `json:"account"`
	AsOf     fetcher.Day     `json:"as_of"`
	SeenAt   time.Time       `json:"seen_at"` // of the answer it is known from
	Through  fetcher.Day     `json:"through"` // that answer's newest charge day
	Period   fetcher.Day     `json:"period"`  // its first day
	Service  string          `json:"service"`
	Currency string          `json:"currency"`
	Cost     decimal.Decimal `json:"cost"`
}

// believed prints what was believed at the end of a past day.
func (c *historyCmd) believed(ctx context.Context, e env, s *store.Store, accounts []fetcher.Account) error {
	var lines []believedLine
	for _, account := range accounts {
		snapshots, err := s.Snapshots(ctx, account.ID)
		if err != nil {
			return err
		}
		if reason := c.unknown(snapshots); reason != "" {
			fmt.Fprintf(e.stderr, "%s: %s\n", cmp.Or(account.Name, account.ID), reason)
		}
		lines = append(lines, c.believedOf(account, snapshots)...)
	}
	if c.Format == "json" {
		return printJSON(e, lines)
	}
	table := tabwriter.NewWriter(e.stdout, 0, 0, 2, ' ', 0)
	for _, l := range lines {
		fmt.Fprintf(table, "%s\tfrom %s\t%s\t%s\tseen %s\tthrough %s\n", l.Account, l.Period, l.Service,
			report.Money(l.Cost, l.Currency), l.SeenAt.UTC().Format("2006-01-02 15:04"), l.Through)
	}
	return table.Flush()
}

// unknown says why nothing is known of that day, "" if something is. An answer
// may never have been heard, or be older than the rules file keeps it: the file
// does not tell which.
func (c *historyCmd) unknown(snapshots []fetcher.Snapshot) string {
	if len(snapshots) == 0 {
		return "no answer is kept"
	}
	oldest := snapshots[0].FetchedAt
	switch {
	case fetcher.DayOf(oldest) > c.AsOf:
		return fmt.Sprintf("what was believed on %s is not known: the oldest answer kept is of %s", c.AsOf, oldest.UTC().Format("2006-01-02 15:04"))
	case len(c.believedOf(fetcher.Account{}, snapshots)) == 0:
		return fmt.Sprintf("no costs were known on %s", c.AsOf)
	}
	return ""
}

// believedOf takes, for each billing period, the last snapshot of that day or
// before that speaks of it.
func (c *historyCmd) believedOf(account fetcher.Account, snapshots []fetcher.Snapshot) []believedLine {
	byPeriod := map[fetcher.Day][]believedLine{}
	for _, s := range snapshots {
		if fetcher.DayOf(s.FetchedAt) > c.AsOf {
			continue
		}
		fresh := map[fetcher.Day][]believedLine{}
		for _, t := range s.Totals {
			fresh[t.BillingPeriodStart] = append(fresh[t.BillingPeriodStart], believedLine{
				account.Name, c.AsOf, s.FetchedAt, s.Through, t.BillingPeriodStart, t.Service, t.Currency, t.ContractedCost,
			})
		}
		maps.Copy(byPeriod, fresh)
	}
	lines := slices.Concat(slices.Collect(maps.Values(byPeriod))...)
	lines = slices.DeleteFunc(lines, func(l believedLine) bool { return !c.about(l.Service) })
	slices.SortFunc(lines, func(a, b believedLine) int {
		return cmp.Or(cmp.Compare(a.Period, b.Period), b.Cost.Cmp(a.Cost), cmp.Compare(a.Service, b.Service))
	})
	return lines
}
