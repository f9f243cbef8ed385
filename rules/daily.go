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
func (m *measure) daily() Finding {
	f := m.finding()
	f.Day = m.book.through
	f.Period = fetcher.Period{Start: f.Day, End: f.Day}
	days := m.days()
	if f.Unjudged = days.unjudged; f.Unjudged != "" {
		return f
	}
	f.Unit, f.Newest = days.unit, days.on(f.Day).Decimal()
	if f.Quantity {
		f.Currency = ""
	}
	l, basis, unjudged := days.ladder(f.Day)
	f.Budget, f.Limit, f.Basis, f.Unjudged = l.budget, l.budget, basis, unjudged
	run, found := m.lastRun(days)
	if !found {
		return f
	}
	m.describeRun(&f, run, days)
	return f
}

// describeRun fills a finding from the run of days it is about.
func (m *measure) describeRun(f *Finding, r run, days days) {
	l, basis, _ := days.ladder(r.last)
	f.Budget, f.Basis, f.Unjudged = l.budget, basis, ""
	f.take(l.rungs, l.rungs.climb(days.on(r.last)))
	f.Open, f.Episode, f.Over, f.Step = r.open, r.start, r.days, r.step
	f.Day, f.Period = r.last, fetcher.Period{Start: r.last, End: r.last}
	f.Amount = days.on(r.last).Decimal()
	f.expectNoMore()
	if !f.Quantity {
		f.Others = m.tally(stretch{Period: f.Period}).others(m.currency)
	}
}

// run is a run of days over a daily budget.
type run struct {
	start, last fetcher.Day
	days        int
	step        int // the most lines any of its days reached
	open        bool
	calm        int // settled days under since the last day over
}

// lastRun finds the newest run of days over the budget.
func (m *measure) lastRun(days days) (run, bool) {
	var r run
	for d := days.first; d <= m.book.through && !days.first.IsZero(); d++ {
		r.take(d, days.step(d), m.settled(d))
	}
	return r, r.days > 0
}

func (r *run) take(d fetcher.Day, step int, settled bool) {
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
	r.last, r.calm = d, 0
	r.days++
	r.step = max(r.step, step)
}

func (m *measure) settled(d fetcher.Day) bool {
	return !m.book.now.Before((d + 1).Time().Add(settledAfter))
}

// days is what each day cost or used, from the first one known on.
type days struct {
	budget   *Budget
	first    fetcher.Day
	sums     []fetcher.Sum
	unit     string
	unjudged Unjudged
	fixed    dayLadder // of a budget that is the same every day
}

// dayLadder is the ladder of one day, with the budget it is of.
type dayLadder struct {
	rungs  ladder
	budget decimal.Decimal
}

func newDayLadder(b *Budget, amount decimal.Decimal) dayLadder {
	return dayLadder{newLadder(nil, b, amount), amount}
}

// days adds up the subject's items day by day.
func (m *measure) days() days {
	s := m.book.sheet()
	d := days{budget: m.rule.Budget, first: s.first}
	if d.budget.Of == nil {
		d.fixed = newDayLadder(d.budget, d.budget.Amount)
	}
	if d.first.IsZero() {
		return d
	}
	d.sums = make([]fetcher.Sum, m.book.through-d.first+1)
	if d.budget.Quantity {
		t := m.tally(stretch{Period: fetcher.Period{Start: d.first, End: m.book.through}})
		if len(t.sums) > 1 {
			d.unjudged = SeveralUnits
		}
		d.unit = t.unit(m.items)
	}
	for _, it := range m.items {
		for _, line := range it.lines {
			column := &line.Costs
			if d.budget.Quantity {
				column = &line.Quantities
			} else if it.currency != m.currency {
				continue
			}
			for i := range column.Len() {
				d.sums[int(line.First-d.first)+i].Add(column.At(i))
			}
		}
	}
	return d
}

// on is what a day came to.
func (d days) on(day fetcher.Day) fetcher.Number {
	if i := int(day - d.first); i >= 0 && i < len(d.sums) {
		return d.sums[i].Number()
	}
	return fetcher.Number{}
}

// step is how many lines a day reached.
func (d days) step(day fetcher.Day) int {
	l, _, unjudged := d.ladder(day)
	if unjudged != "" {
		return 0
	}
	return l.rungs.climb(d.on(day))
}

// ladder is the lines of a day. Those of a budget made from earlier days are
// made from the days before it.
func (d days) ladder(day fetcher.Day) (dayLadder, *Basis, Unjudged) {
	of := d.budget.Of
	if of == nil {
		return d.fixed, nil, ""
	}
	var total fetcher.Sum
	known := 0
	for i := int(day-d.first) - 1; i >= 0 && known < of.Periods; i-- {
		total.Merge(d.sums[i])
		known++
	}
	amount, basis, unjudged := of.from(total, known)
	return newDayLadder(d.budget, amount), basis, unjudged
}
