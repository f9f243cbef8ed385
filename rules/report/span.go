package report

import (
	"slices"
	"time"

	"github.com/billbot/billbot/fetcher"
	"github.com/billbot/billbot/rules"
	"github.com/shopspring/decimal"
)

// OverSpan turns a summary of the newest day into one of a week or a month: what
// the accounts cost in it, against the week or month before.
func OverSpan(s Summary, every rules.Every, span fetcher.Period, accounts []Watched) Summary {
	s.Every, s.Span, s.Short = every, &span, len(s.Totals.Open) == 0
	s.Accounts = slices.Clone(s.Accounts)
	for i := range s.Accounts {
		a := &s.Accounts[i]
		if b, found := billOf(accounts, a.Account); found && !a.Day.IsZero() {
			a.overSpan(b, span, spanBefore(span, every))
		}
		a.Quiet = a.isQuiet()
		s.Short = s.Short && a.Quiet
	}
	return s
}

// spanBefore is the week or the calendar month before a span.
func spanBefore(span fetcher.Period, every rules.Every) fetcher.Period {
	start := span.Start - fetcher.Day(span.Days())
	if every == rules.EveryMonth {
		t := span.Start.Time()
		start = fetcher.DayOf(time.Date(t.Year(), t.Month()-1, 1, 0, 0, 0, 0, time.UTC))
	}
	return fetcher.Period{Start: start, End: span.Start - 1}
}

// overSpan is what an account cost in a span. The span before is only told, and
// compared with, where all of it is known.
func (a *AccountSummary) overSpan(b fetcher.Bill, span, before fetcher.Period) {
	g := gridOf(b, fetcher.Period{Start: before.Start, End: span.End}, costIn(a.Currency))
	a.Span, a.Cost, a.Usual, a.Movers = &span, decimal.Zero, decimal.Zero, nil
	a.New = b.First() > before.Start
	a.Billable = billable(b, a.Currency, span)
	if first := b.First(); span.Contains(first) {
		a.Span = &fetcher.Period{Start: first, End: span.End}
	}
	var moved []Mover
	for _, name := range g.names {
		m := Mover{Service: name, Cost: g.of(name, span), Usual: g.of(name, before)}
		a.Cost, a.Usual = a.Cost.Add(m.Cost), a.Usual.Add(m.Usual)
		moved = append(moved, m)
	}
	if a.New {
		a.toldOnce()
		return
	}
	floor := decimal.Max(moverFloor.Mul(decimal.NewFromInt(int64(span.Days()))), a.Usual.Mul(moverShare))
	moved = slices.DeleteFunc(moved, func(m Mover) bool { return m.distance().LessThan(floor) })
	slices.SortStableFunc(moved, func(a, b Mover) int { return b.distance().Cmp(a.distance()) })
	a.Movers = moved[:min(len(moved), maxMovers)]
	a.toldOnce()
}

// spanLine says what an account cost in a span: "production: $44.10 from 6 Apr
// to 12 Apr, $39.00 in
// the week before".
func (a AccountSummary) spanLine() string {
	line := name(a.Account) + ": " + Money(a.Cost, a.Currency) + " from " + PeriodName(*a.Span, a.Span.End)
	if a.Day < a.Span.End {
		line += " as far as data goes, " + DayName(a.Day, a.Span.End)
	}
	if a.New {
		return line
	}
	return line + ", " + Money(a.Usual, a.Currency) + " " + a.spanBefore()
}

func (a AccountSummary) spanBefore() string {
	if a.Span.Days() == 7 {
		return "in the week before"
	}
	return "in the month before"
}
