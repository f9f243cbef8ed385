package rules

import "github.com/billbot/billbot/fetcher"

// longMonth is the days of the longest billing period.
const longMonth = 31

// Reach is the first charge day that has to be known to evaluate the rules
// today: [HistoryDays] before it and the rest of the billing period that day
// lies in, or further back where a budget's period began, or those its amount
// is made from.
func (r *Rules) Reach(today fetcher.Day) fetcher.Day {
	first := today - HistoryDays - longMonth
	for _, rule := range r.Rules {
		if rule.Budget != nil {
			first = min(first, rule.Budget.reach(today))
		}
	}
	return first
}

// reach is the first day of the earliest period that a budget adds up. Where an
// amount is made from it, a month before shows that it is known whole.
func (b *Budget) reach(today fetcher.Day) fetcher.Day {
	earlier := 0
	if b.Of != nil {
		earlier = b.Of.Periods
	}
	late := today - fetcher.LateDays // a period that ended since is measured too
	if b.Period == ByBillingPeriod {
		return late - fetcher.Day(longMonth*(earlier+2))
	}
	start := calendarPeriod(b.Period, late).Start
	for range earlier {
		start = calendarPeriod(b.Period, start-1).Start
	}
	if earlier > 0 {
		start -= longMonth
	}
	return start
}
