package main

import (
	"context"
	"fmt"
	"text/tabwriter"

	"github.com/shopspring/decimal"

	"github.com/billbot/billbot/fetcher"
	"github.com/billbot/billbot/rules/report"
	"github.com/billbot/billbot/store"
)

// partLine is what one part of the bill cost on the days asked for, in one
// currency. Name is empty for what is of no zone or family.
type partLine struct {
	From     fetcher.Day     `json:"from"`
	To       fetcher.Day     `json:"to"`
	By       report.Part     `json:"by"`
	Name     string          `json:"name"`
	Currency string          `json:"currency"`
	Cost     decimal.Decimal `json:"cost"`
}

// byPart prints what the days cost all accounts together, by part, the dearest
// first.
func (c *historyCmd) byPart(ctx context.Context, e env, s *store.Store, accounts []fetcher.Account) error {
	var bills []fetcher.Bill
	for _, account := range accounts {
		lines, err := s.Lines(ctx, account.ID, c.From, c.To)
		if err != nil {
			return err
		}
		bills = append(bills, fetcher.Bill{Account: account, Lines: c.ofService(lines)})
	}
	sums := report.TotalsBy(bills, report.Part(c.By), fetcher.Period{Start: c.From, End: c.To})
	if c.Format == "json" {
		return printJSON(e, c.partLines(sums))
	}
	if len(sums) == 0 {
		fmt.Fprintln(e.stderr, noCharges)
	}
	table := tabwriter.NewWriter(e.stdout, 0, 0, 2, ' ', 0)
	for _, sum := range sums {
		for _, part := range sum.Lines {
			fmt.Fprintf(table, "%s\t%s\n", report.PartName(part.Name, report.Part(c.By)), report.Money(part.Cost, sum.Currency))
		}
		fmt.Fprintf(table, "%s to %s\t%s\n", c.From, c.To, report.Money(sum.Total, sum.Currency))
	}
	return table.Flush()
}

func (c *historyCmd) ofService(lines []fetcher.Line) []fetcher.Line {
	var kept []fetcher.Line
	for _, line := range lines {
		if c.about(line.Service) {
			kept = append(kept, line)
		}
	}
	return kept
}

func (c *historyCmd) partLines(sums []report.PartSum) []partLine {
	var lines []partLine
	for _, sum := range sums {
		for _, part := range sum.Lines {
			lines = append(lines, partLine{c.From, c.To, report.Part(c.By), part.Name, sum.Currency, part.Cost})
		}
	}
	return lines
}
