package report

import (
	"cmp"
	"slices"

	"github.com/billbot/billbot/fetcher"
	"github.com/billbot/billbot/rules/spend"
	"github.com/shopspring/decimal"
)

// grid is what the services of a bill cost, or used, on each of some days.
type grid struct {
	days  fetcher.Period
	names []string // dearest first
	rows  map[string][]decimal.Decimal
}

// measure picks what a grid adds up of a line; no column leaves the line out.
type measure func(l *fetcher.Line) (fetcher.Column, bool)

// costIn measures what was billed in a currency.
func costIn(currency string) measure {
	return func(l *fetcher.Line) (fetcher.Column, bool) { return l.Costs, l.BillingCurrency == currency }
}

func gridOf(b fetcher.Bill, days fetcher.Period, of measure) grid {
	sums := map[string][]fetcher.Sum{}
	for i := range b.Lines {
		l := &b.Lines[i]
		column, counts := of(l)
		from, to := max(days.Start, l.First), min(days.End, l.Last())
		if !counts || from > to {
			continue
		}
		if sums[l.Service] == nil {
			sums[l.Service] = make([]fetcher.Sum, days.Days())
		}
		for d := from; d <= to; d++ {
			sums[l.Service][d-days.Start].Add(column.At(int(d - l.First)))
		}
	}
	g := grid{days: days, rows: map[string][]decimal.Decimal{}}
	whole := map[string]decimal.Decimal{}
	for service, row := range sums {
		g.names, g.rows[service] = append(g.names, service), make([]decimal.Decimal, len(row))
		for i, sum := range row {
			g.rows[service][i] = sum.Decimal()
			whole[service] = whole[service].Add(g.rows[service][i])
		}
	}
	slices.SortFunc(g.names, func(a, b string) int { return cmp.Or(whole[b].Cmp(whole[a]), cmp.Compare(a, b)) })
	return g
}

// of is what a service cost on some of the grid's days.
func (g grid) of(service string, days fetcher.Period) decimal.Decimal {
	sum := decimal.Zero
	for d := max(days.Start, g.days.Start); d <= min(days.End, g.days.End) && g.rows[service] != nil; d++ {
		sum = sum.Add(g.rows[service][d-g.days.Start])
	}
	return sum
}

// total is what all services cost on each day.
func (g grid) total() []decimal.Decimal {
	total := make([]decimal.Decimal, g.days.Days())
	for _, row := range g.rows {
		for i, cost := range row {
			total[i] = total[i].Add(cost)
		}
	}
	return total
}

// usualOf is the median of the days before each of the last n days.
func usualOf(costs []decimal.Decimal, n int) []decimal.Decimal {
	usual := make([]decimal.Decimal, 0, n)
	for i := len(costs) - n; i < len(costs); i++ {
		usual = append(usual, spend.Median(costs[max(0, i-spend.UsualDays):i]))
	}
	return usual
}
