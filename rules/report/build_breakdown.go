package report

import (
	"cmp"
	"iter"
	"maps"
	"slices"
	"time"

	"github.com/billbot/billbot/fetcher"
)

// Billed is an account's bill and how it was polled.
type Billed struct {
	Bill fetcher.Bill
	Poll fetcher.PollState
}

func (a Billed) reading(now time.Time) reading {
	through := a.Bill.Through()
	return reading{a.Bill.Account.Name, through, a.Poll.Trust, a.Poll.LastTrusted, a.Poll.Failure, isStale(through, now)}
}

// BreakdownOf adds up the days of a span by part, over accounts.
func BreakdownOf(accounts []Billed, span Span, part Part, now time.Time) Breakdown {
	b := Breakdown{Span: span, Part: part, Days: span.days(now)}
	sums := map[string]map[string]*fetcher.Sum{} // by currency and name
	for _, a := range accounts {
		r := a.reading(now)
		if r.trouble() != noTrouble {
			b.readings = append(b.readings, r)
		}
		if r.through.IsZero() {
			if r.trouble() == noTrouble {
				b.Silent++
			}
			continue
		}
		if b.Through.IsZero() || r.through < b.Through {
			b.Through = r.through
		}
		b.Days = joinDays(b.Days, addParts(sums, a.Bill, span, part, now))
	}
	b.Sums = inCurrencies(sums)
	return b
}

// inOrder goes through a map by its keys in order.
func inOrder[V any](m map[string]V) iter.Seq2[string, V] {
	return func(yield func(string, V) bool) {
		for _, key := range slices.Sorted(maps.Keys(m)) {
			if !yield(key, m[key]) {
				return
			}
		}
	}
}

// addParts adds an account's part of a span to sums, and says which days that
// was.
func addParts(sums map[string]map[string]*fetcher.Sum, bill fetcher.Bill, span Span, part Part, now time.Time) fetcher.Period {
	var open []fetcher.Period
	days := span.days(now)
	if span == SpanPeriod {
		open = bill.Calendar().Open(bill.Through())
		days = whole(open)
	}
	for _, line := range bill.Lines {
		if span == SpanPeriod && !slices.ContainsFunc(open, func(p fetcher.Period) bool { return p.Start == line.BillingPeriodStart }) {
			continue
		}
		if line.Last() >= days.Start && line.First <= days.End {
			line.Cost(sumOf(sums, line.BillingCurrency, part.of(bill, line)), days.Start, days.End)
		}
	}
	return days
}

func sumOf(sums map[string]map[string]*fetcher.Sum, currency, name string) *fetcher.Sum {
	if sums[currency] == nil {
		sums[currency] = map[string]*fetcher.Sum{}
	}
	if sums[currency][name] == nil {
		sums[currency][name] = &fetcher.Sum{}
	}
	return sums[currency][name]
}

// TotalsBy adds up what some days cost by part, both included, over bills, and by
// currency: any days, be they known or not.
func TotalsBy(bills []fetcher.Bill, part Part, days fetcher.Period) []PartSum {
	sums := map[string]map[string]*fetcher.Sum{} // by currency and name
	for _, bill := range bills {
		for _, line := range bill.Lines {
			if line.Last() >= days.Start && line.First <= days.End {
				line.Cost(sumOf(sums, line.BillingCurrency, part.of(bill, line)), days.Start, days.End)
			}
		}
	}
	return inCurrencies(sums)
}

// of names the part that a line belongs to.
func (p Part) of(bill fetcher.Bill, line fetcher.Line) string {
	switch p {
	case PartFamily:
		return line.ServiceFamilyName
	case PartZone:
		return cmp.Or(line.ZoneName, line.ZoneID)
	case PartAccount:
		return bill.Account.Name
	}
	return line.Service
}

// days is the days of a span at a moment; of billing periods, which are each
// account's own, the zero Period.
func (s Span) days(now time.Time) fetcher.Period {
	today := fetcher.DayOf(now)
	switch s {
	case SpanToday:
		return fetcher.Period{Start: today, End: today}
	case SpanYesterday:
		return fetcher.Period{Start: today - 1, End: today - 1}
	case SpanWeek:
		return fetcher.Period{Start: today - (fetcher.Day(today.Weekday())+6)%7, End: today}
	case SpanMonth:
		return fetcher.Period{Start: today - fetcher.Day(today.Time().Day()-1), End: today}
	}
	return fetcher.Period{}
}

func joinDays(a, b fetcher.Period) fetcher.Period {
	if a == (fetcher.Period{}) {
		return b
	}
	return whole([]fetcher.Period{a, b})
}

func inCurrencies(sums map[string]map[string]*fetcher.Sum) []PartSum {
	var all []PartSum
	for currency, costs := range inOrder(sums) {
		all = append(all, partSum(currency, costs))
	}
	return all
}

func partSum(currency string, costs map[string]*fetcher.Sum) PartSum {
	s := PartSum{Currency: currency}
	var total fetcher.Sum
	for name, cost := range costs {
		total.Merge(*cost)
		s.Lines = append(s.Lines, PartCost{name, cost.Decimal()})
	}
	s.Total = total.Decimal()
	slices.SortFunc(s.Lines, func(a, b PartCost) int {
		return cmp.Or(b.Cost.Cmp(a.Cost), cmp.Compare(a.Name, b.Name))
	})
	return s
}
