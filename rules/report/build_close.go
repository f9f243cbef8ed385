package report

import (
	"slices"

	"github.com/billbot/billbot/fetcher"
	"github.com/billbot/billbot/rules"
	"github.com/shopspring/decimal"
)

// Settled returns the billing periods of a bill that can change no more since at
// most some days, oldest first.
func Settled(b fetcher.Bill, today fetcher.Day, within int) []fetcher.Period {
	calendar := b.Calendar()
	var settled []fetcher.Period
	for _, start := range calendar.Starts {
		p := calendar.Period(start)
		since := int(today - p.End - fetcher.LateDays) // 1 on the first day after
		if since >= 1 && since <= within {
			settled = append(settled, p)
		}
	}
	return settled
}

// CloseOf closes a billing period of an account: once for each currency it was
// billed in. findings is what the rules said of the period's last day, alerts
// the account's.
func CloseOf(b fetcher.Bill, p fetcher.Period, findings []rules.Finding, alerts []rules.Alert) []Close {
	var closes []Close
	for i, currency := range currenciesIn(b, p) {
		c := Close{Account: b.Account.Name, Currency: currency, Period: p, Through: b.Through()}
		now, before := periodCosts(b, currency, []fetcher.Period{p}), periodCosts(b, currency, []fetcher.Period{b.Calendar().Previous(p.Start)})
		c.Total = decimal.Sum(decimal.Zero, values(now)...)
		if was := b.Calendar().Previous(p.Start); b.First() <= was.Start {
			sum := decimal.Sum(decimal.Zero, values(before)...)
			c.Before = &sum
		}
		c.Breakdown = tableOf(currency, partsOf(now, before, c.Before != nil))
		c.Foretold = foretold(b, currency, p)
		if c.Chart = servicesChart(gridOf(b, p, costOf(currency, p))); c.Chart != nil {
			c.Chart.Currency = currency
		}
		c.told(findings, alerts, i == 0)
		closes = append(closes, c)
	}
	return closes
}

// costOf measures what a billing period was billed in a currency.
func costOf(currency string, p fetcher.Period) measure {
	return func(l *fetcher.Line) (fetcher.Column, bool) {
		return l.Costs, l.BillingCurrency == currency && l.BillingPeriodStart == p.Start
	}
}

// currenciesIn is the currencies a period was billed in, in order.
func currenciesIn(b fetcher.Bill, p fetcher.Period) []string {
	var found []string
	for i := range b.Lines {
		if l := &b.Lines[i]; l.BillingPeriodStart == p.Start {
			found = append(found, l.BillingCurrency)
		}
	}
	slices.Sort(found)
	return slices.Compact(found)
}

// partsOf sets what services cost against the period before; where that is not
// known, each against nothing, so that the dearest come first.
func partsOf(now, before map[string]decimal.Decimal, known bool) []TablePart {
	var parts []TablePart
	for service, cost := range now {
		p := TablePart{Name: service, Cost: cost, ToDate: cost}
		if known {
			p.Usual = before[service]
		}
		if !isNothing(p.Cost) || !isNothing(p.Usual) {
			parts = append(parts, p)
		}
	}
	for service, cost := range before {
		if _, again := now[service]; !again && known && !isNothing(cost) {
			parts = append(parts, TablePart{Name: service, Usual: cost})
		}
	}
	return parts
}

// told adds where the budgets of the period ended, and its alerts.
func (c *Close) told(findings []rules.Finding, alerts []rules.Alert, first bool) {
	for _, line := range BudgetLines(findings) {
		if line.Kind == rules.ByBillingPeriod && line.Period.Start == c.Period.Start && line.goesWith(c.Currency, first) {
			line.Ahead = nil // it has come
			c.Budgets = append(c.Budgets, line)
		}
	}
	var mine []rules.Alert
	for _, a := range alerts {
		f := a.Finding
		in := f.Currency == c.Currency || f.Currency == "" && first
		if c.Period.Contains(a.Day) && in && !f.IsUnknown() {
			mine = append(mine, a)
		}
	}
	c.Alerts, c.Open = len(mine), OpenAlerts(mine)
}
