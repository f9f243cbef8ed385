package fetcher

import "slices"

// LateDays is how long after its end a billing period can still change: its
// last days arrive, and are restated, after it ended.
const LateDays = 5

// EndedLately returns the billing periods that ended in the last LateDays and
// that an answer about the present says nothing of. They have to be asked for
// by their days. They are the ledger's periods, and those before the periods
// that just began: an account that is seen for the first time has the last days
// of a period to tell as well.
func (l Ledger) EndedLately(a Answer) []Period {
	today := DayOf(a.FetchedAt)
	l.Terms = l.Terms.with(a)
	var ended []Period
	add := func(p Period) {
		late := p.End < today && today <= p.End+LateDays
		if late && !a.HasPeriod(p.Start) && !slices.ContainsFunc(ended, func(q Period) bool { return q.Start == p.Start }) {
			ended = append(ended, p)
		}
	}
	for _, start := range l.PeriodStarts() {
		add(l.Period(start))
	}
	for _, c := range a.Charges {
		add(l.PreviousPeriod(c.BillingPeriodStart))
	}
	for _, anchor := range l.Terms.Anchors {
		if start := cycleStart(anchor, today); start > anchor {
			add(l.PreviousPeriod(start))
		}
	}
	return ended
}

// cycleStart is the first day of the monthly cycle, begun on anchor, that a day
// falls in.
func cycleStart(anchor, d Day) Day {
	t := d.Time()
	start := clampedDay(t.Year(), t.Month(), dayOfMonth(anchor))
	if start > d {
		start = clampedDay(t.Year(), t.Month()-1, dayOfMonth(anchor))
	}
	return start
}
