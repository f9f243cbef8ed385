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

// compare says of a budget's parts whether more was used than before, or the
// same at another price. What is usual is what the period before had used after
// as many days; of a day, what a day of the four weeks before used. A part of a
// service, as that of a zone, has the price of the whole.
func (m *measure) compare(f *Finding, s stretch) {
	for i := range f.Causes {
		c := &f.Causes[i]
		if series := m.book.allSeries()[c.Service]; len(series.Days) > 0 {
			*c = c.repriced(m.book.outlook(series).Tariff, f.Day)
		}
		known := false
		if f.PeriodKind == ByDay {
			c.UsualQuantity, known = m.usualDay(c.Service, f.Day)
		} else {
			c.UsualQuantity, known = m.usedBefore(c.Service, s)
		}
		c.Compared = NoBefore
		if known {
			c.Compared = WithBefore
		}
	}
}

// usualDay is the median of what the four weeks before a day used a day of a
// service; false if no day before it is known.
func (m *measure) usualDay(service string, day fetcher.Day) (decimal.Decimal, bool) {
	var used []decimal.Decimal
	for d := max(day-spend.UsualDays, m.book.sheet().first); d < day; d++ {
		used = append(used, m.used(service, stretch{Period: fetcher.Period{Start: d, End: d}}))
	}
	return spend.Median(used), len(used) > 0
}

// usedBefore is what the period before a stretch, or each of its billing
// periods, had used of a service after as many days as are known of it; false
// if that is not known whole.
func (m *measure) usedBefore(service string, s stretch) (decimal.Decimal, bool) {
	if s.starts == nil {
		was := m.before(s)
		was.End = min(was.End, was.Start+m.book.through-s.Start)
		return m.used(service, was), m.book.sheet().reaches(was.Start)
	}
	var sum decimal.Decimal
	for _, start := range s.starts {
		was := m.startBefore(start)
		if !m.book.sheet().reaches(was) {
			return decimal.Zero, false
		}
		elapsed := fetcher.Period{Start: was, End: was + m.book.through - start}
		sum = sum.Add(m.used(service, stretch{Period: elapsed, starts: []fetcher.Day{was}}))
	}
	return sum, true
}

// used is what the subject used of a service in a stretch.
func (m *measure) used(service string, s stretch) decimal.Decimal {
	var sum fetcher.Sum
	for _, it := range m.items {
		if it.service == service && it.currency == m.currency {
			var t total
			it.addTo(&t, s, true)
			sum.Merge(t.Sum)
		}
	}
	return sum.Decimal()
}
