package rules

import (
	"slices"
	"time"

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

// Compare says of the budgets among what [Advance] tells, now, of an account's
// bill why they are over: whether more was used than before, or the same at
// another price. [Rules.Evaluate] leaves it out, as few findings are ever told.
func (r *Rules) Compare(account Account, bill fetcher.Bill, alerts []Alert, events []Event, now time.Time) {
	b := newBook(account, bill, now)
	for i := range events {
		told := &events[i].Alert
		if !r.compare(b, &told.Finding) {
			continue
		}
		for k := range alerts {
			if alerts[k].ID == told.ID {
				alerts[k].Finding.Causes = told.Finding.Causes
			}
		}
	}
}

// compare compares a finding, if one of the rules is a budget that it is of, and
// it is as new as the book.
func (r *Rules) compare(b *book, f *Finding) bool {
	i := slices.IndexFunc(r.Rules, func(rule Rule) bool { return rule.Name == f.Rule })
	return i >= 0 && f.Through == b.through && r.Rules[i].compare(b, f)
}

// compareAll compares each of a rule's findings.
func (rule Rule) compareAll(b *book, findings []Finding) []Finding {
	for i := range findings {
		rule.compare(b, &findings[i])
	}
	return findings
}

// compare says of a budget's largest part whether more was used than before, or
// the same at another price; false if there is nothing to compare. What is usual
// is what the period before had used after as many days; of a day, what a day of
// the four weeks before used.
func (rule Rule) compare(b *book, f *Finding) bool {
	switch {
	case rule.Budget == nil || !f.OfBudget() || len(f.Causes) == 0:
		return false
	case !f.Open && !f.isRun():
		return false
	case rule.Per == PerZone || rule.seesParts():
		return false // a part of a service has no price of its own
	}
	s := b.allSeries()[f.Causes[0].Service]
	if len(s.Days) == 0 {
		return false
	}
	f.Causes = slices.Clone(f.Causes) // which rules share
	c := f.Causes[0].repriced(b.outlook(s).Tariff, f.Day)
	if f.PeriodKind == ByDay {
		c.UsualQuantity = usualQuantity(s, f.Day)
	} else {
		c.UsualQuantity = rule.measureOf(b, *f).usedBefore(s, f.Period)
	}
	f.Causes[0] = c
	return true
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
func (m measure) usedBefore(s spend.Series, p fetcher.Period) decimal.Decimal {
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
