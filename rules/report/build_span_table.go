package report

import (
	"slices"

	"github.com/billbot/billbot/fetcher"
	"github.com/billbot/billbot/rules/spend"
	"github.com/shopspring/decimal"
)

// Detail adds the table and the chart to a summary that is more than one line,
// from the bills of its accounts. One account is told by its services, several
// by themselves; accounts billed in several currencies have neither, since
// nothing adds up.
func Detail(s Summary, accounts []Watched) Summary {
	currency, one := s.currency()
	if s.Short || !one {
		return s
	}
	if len(s.Accounts) == 1 {
		return s.detailOne(currency, accounts)
	}
	var parts []TablePart
	for _, a := range s.Accounts {
		if !a.Day.IsZero() {
			parts = append(parts, TablePart{a.Account, a.Cost, a.Usual, a.ToDate})
		}
	}
	s.Breakdown = tableOf(currency, parts)
	if s.Breakdown != nil {
		s.Breakdown.Accounts = true
	}
	s.Chart = s.chart(currency, accounts)
	return s
}

// currency is the one that all accounts with data are billed in.
func (s Summary) currency() (string, bool) {
	currency := ""
	for _, a := range s.Accounts {
		if !a.Day.IsZero() && currency != "" && a.Currency != currency {
			return "", false
		}
		if !a.Day.IsZero() {
			currency = a.Currency
		}
	}
	return currency, currency != ""
}

func (s Summary) detailOne(currency string, accounts []Watched) Summary {
	a := s.Accounts[0]
	b, found := billOf(accounts, a.Account)
	if !found {
		return s
	}
	days, before := fetcher.Period{Start: a.Day, End: a.Day}, fetcher.Period{Start: a.Day - spend.UsualDays, End: a.Day - 1}
	if s.Span != nil {
		days, before = *s.Span, spanBefore(*s.Span, s.Every)
	}
	known := fetcher.Period{Start: min(before.Start, a.Period.Start), End: max(days.End, a.Day)}
	g := gridOf(b, known, costIn(currency))
	inPeriod := periodCosts(b, currency, b.Calendar().Open(a.Day))
	var parts []TablePart
	for _, name := range g.names {
		p := TablePart{Name: name, Cost: g.of(name, days), Usual: g.of(name, before), ToDate: inPeriod[name]}
		if s.Span == nil {
			p.Usual = spend.Median(g.rows[name][max(0, max(before.Start, b.First())-known.Start) : before.End+1-known.Start])
		}
		if !isNothing(p.Cost) || !isNothing(p.Usual) || !isNothing(p.ToDate) {
			parts = append(parts, p)
		}
	}
	s.Breakdown, s.Chart = tableOf(currency, parts), s.chart(currency, accounts)
	return s
}

// periodCosts is what services cost in billing periods.
func periodCosts(b fetcher.Bill, currency string, periods []fetcher.Period) map[string]decimal.Decimal {
	costs := map[string]decimal.Decimal{}
	for _, c := range spend.ByService(b, currency, in(periods)) {
		costs[c.Service] = c.Cost
	}
	return costs
}

// chart shows the services of all the summary's accounts.
func (s Summary) chart(currency string, accounts []Watched) *Chart {
	var all fetcher.Bill
	var first, through fetcher.Day
	for i, a := range s.Accounts {
		b, found := billOf(accounts, a.Account)
		if !found || i > 0 && a.Account == s.Accounts[i-1].Account {
			continue
		}
		if start := b.First(); first.IsZero() || start < first {
			first = start
		}
		through = max(through, a.Day)
		all.Lines = append(all.Lines, b.Lines...)
	}
	days := fetcher.Period{Start: max(first, through-chartDays+1), End: through}
	if s.Span != nil && s.Span.Days() > chartDays {
		days = fetcher.Period{Start: max(first, s.Span.Start), End: min(through, s.Span.End)}
	}
	if first.IsZero() || days.Days() < chartLeast {
		return nil
	}
	c := servicesChart(gridOf(all, days, costIn(currency)))
	if c != nil {
		c.Currency = currency
	}
	return c
}

func billOf(accounts []Watched, name string) (fetcher.Bill, bool) {
	i := slices.IndexFunc(accounts, func(w Watched) bool { return w.Account.Name == name })
	if i < 0 {
		return fetcher.Bill{}, false
	}
	return accounts[i].Bill, true
}
