package rules

import (
	"slices"
	"time"

	"github.com/billbot/billbot/fetcher"
)

// stretch is a period that a budget is measured over: its days, and, for one of
// billing periods, which of those count.
type stretch struct {
	fetcher.Period
	starts []fetcher.Day // of the billing periods that count; nil: the days alone
}

// of is the days of a line that count, none where the first is after the last.
// Lines belong to their billing period by what the bill says, not by their days.
func (s *stretch) of(line *fetcher.Line) (first, last fetcher.Day) {
	switch {
	case s.starts == nil:
		return max(s.Start, line.First), min(s.End, line.Last())
	case slices.Contains(s.starts, line.BillingPeriodStart):
		return line.First, min(s.End, line.Last())
	}
	return 1, 0
}

// equal reports whether two stretches hold the same days.
func (s stretch) equal(other stretch) bool {
	return s.Start == other.Start && s.End == other.End && (s.starts == nil) == (other.starts == nil) && slices.Equal(s.starts, other.starts)
}

// periods is the stretches of budgets of one kind, whose subjects have the same
// billing periods.
type periods struct {
	of        PeriodKind
	starts    []fetcher.Day
	stretches []stretch
}

// stretches is the periods of a budget that can still change: the present ones,
// and those that ended lately; found once for all rules that ask for the same.
func (m *measure) stretches() []stretch {
	kind := m.rule.Budget.Period
	for _, p := range m.book.periods {
		if p.of == kind && slices.Equal(p.starts, m.calendar.Starts) {
			return p.stretches
		}
	}
	var found []stretch
	if kind == ByBillingPeriod {
		found = m.billingStretches()
	} else {
		found = calendarStretches(kind, m.book.today)
	}
	m.book.periods = append(m.book.periods, periods{kind, m.calendar.Starts, found})
	return found
}

func calendarStretches(kind PeriodKind, today fetcher.Day) []stretch {
	now := calendarPeriod(kind, today)
	before := calendarPeriod(kind, now.Start-1)
	if before.End+fetcher.LateDays >= today {
		return []stretch{{Period: before}, {Period: now}}
	}
	return []stretch{{Period: now}}
}

// billingStretches is the sets of billing periods that were open together:
// today, and on the last day of each period that ended lately. Subscriptions
// whose periods start on different days share a budget: the periods open on one
// day are one sum. A subject that is quiet today has the account's periods.
func (m *measure) billingStretches() []stretch {
	days := []fetcher.Day{m.book.today}
	for _, start := range m.calendar.Starts {
		if end := m.calendar.Period(start).End; end < m.book.today && end+fetcher.LateDays >= m.book.today {
			days = append(days, end)
		}
	}
	slices.Sort(days)
	var found []stretch
	for _, d := range days {
		open := m.calendar.Open(d)
		if len(open) == 0 && d == m.book.today {
			open = m.book.sheet().calendar.Open(d)
		}
		if len(open) == 0 {
			continue
		}
		s := m.together(open)
		if !slices.ContainsFunc(found, func(other stretch) bool { return slices.Equal(other.starts, s.starts) }) {
			found = append(found, s)
		}
	}
	return found
}

// together is the days on which just these periods are open. Those of a period
// that is over, and whose next one has no rows yet, are another stretch.
func (m *measure) together(open []fetcher.Period) stretch {
	s := stretch{Period: common(open)}
	for _, p := range open {
		s.starts = append(s.starts, p.Start)
	}
	for _, start := range m.calendar.Starts {
		p := m.calendar.Period(start)
		if p.Contains(s.Start) && p.End < s.End && !slices.Contains(s.starts, start) {
			s.Start = p.End + 1
		}
	}
	return s
}

// common is the days on which all of the periods are open.
func common(periods []fetcher.Period) fetcher.Period {
	whole := periods[0]
	for _, p := range periods[1:] {
		whole.Start = max(whole.Start, p.Start)
		if p.End < whole.End {
			whole.End, whole.EndEstimated = p.End, p.EndEstimated
		}
	}
	return whole
}

// before is the period before a stretch, whole.
func (m *measure) before(s stretch) stretch {
	if s.starts == nil {
		return stretch{Period: calendarPeriod(m.rule.Budget.Period, s.Start-1)}
	}
	var b stretch
	for _, start := range s.starts {
		p := fetcher.Period{Start: m.startBefore(start), End: start - 1}
		if len(b.starts) == 0 || p.Start < b.Start {
			b.Start = p.Start
		}
		b.End, b.starts = max(b.End, p.End), append(b.starts, p.Start)
	}
	return b
}

// startBefore is the start of the billing period before one: the calendar's,
// unless the bill has it a day or two off, as Cloudflare's dates drift.
func (m *measure) startBefore(start fetcher.Day) fetcher.Day {
	const drift = 2
	estimate := m.calendar.Previous(start).Start
	best := estimate
	for _, known := range m.book.sheet().calendar.Starts {
		if known == estimate {
			return known
		}
		if known < start && known >= estimate-drift && known <= estimate+drift {
			best = known
		}
	}
	return best
}

// calendarPeriod is the calendar period that a day falls in, in UTC. Weeks
// begin on Monday.
func calendarPeriod(kind PeriodKind, d fetcher.Day) fetcher.Period {
	t := d.Time()
	months := func(first time.Month, n time.Month) fetcher.Period {
		return fetcher.Period{Start: fetcher.NewDay(t.Year(), first, 1), End: fetcher.NewDay(t.Year(), first+n, 0)}
	}
	switch kind {
	case ByDay:
		return fetcher.Period{Start: d, End: d}
	case ByWeek:
		monday := d - fetcher.Day((d.Weekday()+6)%7)
		return fetcher.Period{Start: monday, End: monday + 6}
	case ByQuarter:
		return months((t.Month()-1)/3*3+1, 3)
	case ByYear:
		return months(1, 12)
	}
	return months(t.Month(), 1)
}
