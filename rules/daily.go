package rules

import (
	"time"

	"github.com/billbot/billbot/fetcher"
	"github.com/billbot/billbot/rules/spend"
	"github.com/shopspring/decimal"
)

// settledAfter is how long after its end a day's charges count as final.
const settledAfter = 48 * time.Hour

// daily measures a budget per day. Its episode is a run of days over, ended by
// two settled days under.
func (m measure) daily() Finding {
	f := m.finding()
	f.Day = m.book.through
	f.Period = fetcher.Period{Start: f.Day, End: f.Day}
	run, found := m.lastRun()
	f.Newest, _ = m.split(spend.Sum(m.charges, func(c fetcher.Charge) bool { return c.ChargePeriodStart == m.book.through }))
	if !found {
		return f
	}
	f.Open, f.Episode, f.Over = run.open, run.start, run.days
	f.Day, f.Amount, f.Step = run.last, run.amount, run.step
	f.Period = fetcher.Period{Start: run.last, End: run.last}
	_, f.Threshold, f.Limit = m.step(run.amount)
	on := func(c fetcher.Charge) bool { return c.ChargePeriodStart == run.last }
	_, f.Others = m.split(spend.Sum(m.charges, on))
	f.Causes = m.causes(on)
	f.Projected = run.amount
	return f
}

// run is a run of days over a daily budget.
type run struct {
	start, last fetcher.Day
	days        int
	amount      decimal.Decimal // of the last day over
	step        int             // the most thresholds any of its days reached
	open        bool
	calm        int // settled days under since the last day over
}

// lastRun finds the newest run of days over the budget.
func (m measure) lastRun() (run, bool) {
	var r run
	first, costs := spend.DailyCost(m.charges, m.currency, func(fetcher.Charge) bool { return true })
	for d := first; d <= m.book.through && !first.IsZero(); d++ {
		var cost decimal.Decimal
		if i := int(d - first); i < len(costs) {
			cost = costs[i]
		}
		step, _, _ := m.step(cost)
		r.take(d, cost, step, m.settled(d))
	}
	return r, r.days > 0
}

func (r *run) take(d fetcher.Day, cost decimal.Decimal, step int, settled bool) {
	if step == 0 {
		if settled {
			r.calm++
		}
		r.open = r.open && r.calm < spend.CalmDays
		return
	}
	if !r.open {
		*r = run{start: d, open: true}
	}
	r.last, r.amount, r.calm = d, cost, 0
	r.days++
	r.step = max(r.step, step)
}

func (m measure) settled(d fetcher.Day) bool {
	return !m.book.now.Before((d + 1).Time().Add(settledAfter))
}

// calendarPeriod is the calendar week (from Monday) or month that a day falls
// in, in UTC.
func calendarPeriod(kind PeriodKind, d fetcher.Day) fetcher.Period {
	if kind == ByWeek {
		monday := d - fetcher.Day((d.Weekday()+6)%7)
		return fetcher.Period{Start: monday, End: monday + 6}
	}
	t := d.Time()
	return fetcher.Period{
		Start: fetcher.NewDay(t.Year(), t.Month(), 1),
		End:   fetcher.NewDay(t.Year(), t.Month()+1, 0),
	}
}
