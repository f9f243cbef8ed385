package rules

import (
	"github.com/billbot/billbot/fetcher"
	"github.com/shopspring/decimal"
)

// Past is an earlier period that a budget's amount is made from.
type Past struct {
	Period fetcher.Period
	Amount decimal.Decimal // what it came to, in the finding's currency or unit
	Known  bool            // the bill has it whole; what it has not is not counted
}

// pasts is the earlier periods that a finding's budget is made from, as far back
// as they are asked for, and known. The last one may be the one that is not.
func (rule Rule) pasts(b *book, f Finding) []Past {
	if rule.Budget.Of == nil {
		return nil
	}
	m := rule.measureOf(b, &f)
	if rule.Budget.Period == ByDay {
		return m.pastDays(f)
	}
	for _, s := range m.stretches() {
		if s.Period == f.Period {
			return m.pastsOf(s)
		}
	}
	return nil
}

func (m *measure) pastsOf(s stretch) []Past {
	var pasts []Past
	for range m.rule.Budget.Of.Periods {
		s = m.before(s)
		p := Past{Period: s.Period, Known: m.book.sheet().knows(s)}
		if !p.Known {
			return append(pasts, p)
		}
		t := m.tally(s)
		p.Amount = t.of(m.unit()).Decimal()
		pasts = append(pasts, p)
	}
	return pasts
}

func (m *measure) pastDays(f Finding) []Past {
	days := m.days()
	var pasts []Past
	for i := range m.rule.Budget.Of.Periods {
		day := f.Day - 1 - fetcher.Day(i)
		p := Past{Period: fetcher.Period{Start: day, End: day}, Known: day >= days.first && !days.first.IsZero()}
		if !p.Known {
			return append(pasts, p)
		}
		p.Amount = days.on(day).Decimal()
		pasts = append(pasts, p)
	}
	return pasts
}
