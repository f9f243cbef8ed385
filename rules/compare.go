package rules

import (
	"github.com/billbot/billbot/fetcher"
	"github.com/billbot/billbot/rules/spend"
	"github.com/shopspring/decimal"
)

// repriced is a cause with both prices, if the service's changed lately: on the
// day it is about or in the days before, that a usual day is made of.
func (c Cause) repriced(t spend.Tariff, day fetcher.Day) Cause {
	lately := t.Since <= day && t.Since > day-spend.UsualDays
	if lately && changed(t, decimal.NewFromInt(leastChange)) {
		c.Price, c.UsualPrice = t.Price(), t.Before
	}
	return c
}

// compare says of a budget's largest part whether more was used than before, or
// the same at another price. What is usual is what the period before had used
// after as many days; of a day, what a day of the four weeks before used.
func (m *measure) compare(c Cause, f *Finding) Cause {
	s := m.book.allSeries()[c.Service]
	if len(s.Days) == 0 || m.seesParts() {
		return c // a part of a service has no price of its own
	}
	c = c.repriced(m.book.outlook(s).Tariff, f.Day)
	if f.PeriodKind == ByDay {
		c.UsualQuantity = usualQuantity(s, f.Day)
	} else {
		c.UsualQuantity = m.usedBefore(s, f.Period)
	}
	return c
}

// usualQuantity is the median of what the four weeks before a day used a day.
func usualQuantity(s spend.Series, day fetcher.Day) decimal.Decimal {
	n := min(max(0, int(day-s.First)), len(s.Days))
	var used []decimal.Decimal
	for _, use := range s.Days[max(0, n-spend.UsualDays):n] {
		used = append(used, use.Quantity.Decimal())
	}
	return spend.Median(used)
}

// usedBefore is what the period before had used after as many days as are known of
// this one; zero if it is not known whole.
func (m *measure) usedBefore(s spend.Series, p fetcher.Period) decimal.Decimal {
	var was fetcher.Period
	if m.rule.Budget.Period == ByBillingPeriod {
		was = m.calendar.Previous(p.Start)
	} else {
		was = calendarPeriod(m.rule.Budget.Period, p.Start-1)
	}
	if was.Start < s.First {
		return decimal.Zero
	}
	var sum decimal.Decimal
	for d := was.Start; d <= min(was.End, was.Start+m.book.through-p.Start); d++ {
		sum = sum.Add(s.At(d).Quantity.Decimal())
	}
	return sum
}
