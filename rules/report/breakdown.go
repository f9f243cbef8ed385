package report

import (
	"slices"
	"strconv"

	"github.com/billbot/billbot/fetcher"
	"github.com/shopspring/decimal"
)

// Span is days that are asked for by a word.
type Span string

// The spans. A week begins on Monday and a month on its first day, both end
// today; a period is each account's present billing period.
const (
	SpanToday     Span = "today"
	SpanYesterday Span = "yesterday"
	SpanWeek      Span = "week"
	SpanMonth     Span = "month"
	SpanPeriod    Span = "period"
)

// Part is what costs are told by.
type Part string

// The parts of a bill.
const (
	PartService Part = "service"
	PartFamily  Part = "family" // of services, as Cloudflare groups them
	PartZone    Part = "zone"
	PartAccount Part = "account"
)

// Breakdown is what some days cost all accounts together, by part.
type Breakdown struct {
	Span Span
	Part Part
	Days fetcher.Period // the days asked for; of billing periods that differ, the days they reach over
	Sums []PartSum      // one for each currency; none if nothing was billed on those days

	Through  fetcher.Day // the data of every account that has any goes through this day
	Silent   int         // accounts that were read well and have no data
	readings []reading
}

// PartSum is the part of a breakdown that is in one currency.
type PartSum struct {
	Currency string
	Total    decimal.Decimal
	Lines    []PartCost // dearest first
}

// PartCost is what one part cost: a service, a family, a zone, or an account. Name
// is "" for what belongs to no zone or family.
type PartCost struct {
	Name string
	Cost decimal.Decimal
}

// BreakdownTitle is the verdict: "Yesterday, Fri 3 Apr: $12.40", or that
// nothing is known of those days yet.
func BreakdownTitle(b Breakdown) string {
	sums := map[string]decimal.Decimal{}
	for _, s := range b.Sums {
		sums[s.Currency] = s.Total
	}
	switch {
	case b.Through.IsZero():
		return b.spanName() + ": no data yet"
	case len(sums) == 0 && b.Through < b.Days.Start:
		return b.spanName() + ": no charges known yet"
	case len(sums) == 0:
		return b.spanName() + ": nothing billed"
	}
	return b.spanName() + ": " + together(sums)
}

func (b Breakdown) spanName() string {
	switch b.Span {
	case SpanToday:
		return "Today, " + DayName(b.Days.Start, 0)
	case SpanYesterday:
		return "Yesterday, " + DayName(b.Days.Start, 0)
	case SpanWeek:
		return "This week"
	case SpanMonth:
		return "This month"
	}
	return "This billing period"
}

// BreakdownLines is what is said below the title: the dearest parts, at most
// top of each currency, then what is missing, and how far the data goes.
func BreakdownLines(b Breakdown, top int) []string {
	var lines []string
	for _, s := range b.Sums {
		lines = append(lines, s.lines(b.Part, top)...)
	}
	if days := b.missing(); days != "" {
		lines = append(lines, days)
	}
	for _, r := range b.readings {
		if line := r.line(); line != "" {
			lines = append(lines, name(r.account)+": "+line)
		}
	}
	if b.Silent > 0 {
		lines = append(lines, count(b.Silent, "account")+" without data yet.")
	}
	return append(lines, DataLine(b.Through))
}

// missing says which of the days asked for have no data: no silence is taken
// for zero.
func (b Breakdown) missing() string {
	switch {
	case b.Through.IsZero() || b.Through >= b.Days.End:
		return ""
	case len(b.Sums) == 0 && b.Through < b.Days.Start:
		return "A day's charges come one to two days later. Try /spend, which shows the newest day."
	case b.Span == SpanPeriod:
		return ""
	}
	return "Not in it yet: what was used after " + DayName(b.Through, 0) + "."
}

// lines names the dearest parts and sums up the others; a part that cost
// nothing is only counted.
func (s PartSum) lines(part Part, top int) []string {
	costly := slices.DeleteFunc(slices.Clone(s.Lines), func(c PartCost) bool { return isNothing(c.Cost) })
	var lines []string
	for _, c := range costly[:min(len(costly), top)] {
		line := PartName(c.Name, part) + ": " + Money(c.Cost, s.Currency)
		if len(costly) > 1 && s.Total.IsPositive() && c.Cost.IsPositive() {
			line += " (" + Percent(c.Cost, s.Total) + ")"
		}
		lines = append(lines, bullet(line))
	}
	rest := decimal.Zero
	for _, c := range costly[len(lines):] {
		rest = rest.Add(c.Cost)
	}
	if more := len(costly) - len(lines); more > 0 {
		lines = append(lines, bullet("and "+strconv.Itoa(more)+" more "+part.noun(more)+": "+Money(rest, s.Currency)))
	}
	if free := len(s.Lines) - len(costly); free > 0 {
		what := part.noun(free)
		if len(costly) > 0 {
			what = "more " + what
		}
		lines = append(lines, bullet(strconv.Itoa(free)+" "+what+" at "+Money(decimal.Zero, s.Currency)))
	}
	return lines
}

// PartName is what a part is called that may have no name.
func PartName(of string, part Part) string {
	if of == "" && (part == PartZone || part == PartFamily) {
		return "no " + string(part)
	}
	return name(of)
}

// noun is what n of the parts are called.
func (p Part) noun(n int) string {
	if p == PartFamily {
		return noun(n, "family", "families")
	}
	return noun(n, string(p), string(p)+"s")
}
