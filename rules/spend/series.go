package spend

import (
	"maps"
	"slices"

	"github.com/billbot/billbot/fetcher"
)

// Series is one service's days, without gaps, from First on. A day without a
// row is a day of zero: the account's other rows show that it was counted.
type Series struct {
	Service  string
	Name     string // as billed last, with what it says is included; "" if not known
	Currency string // of its newest charge; costs in others are left out
	Unit     string // of its newest charge; quantities in others are left out
	First    fetcher.Day
	Days     []Use
}

// Use is what one day used and cost.
type Use struct {
	Quantity           fetcher.Number
	Cost               fetcher.Number
	BillingPeriodStart fetcher.Day // zero on days without a row
	Elsewhere          bool        // it cost something in another currency, which Cost leaves out
}

// Day returns the i-th day's date.
func (s Series) Day(i int) fetcher.Day { return s.First + fetcher.Day(i) }

// At returns what the day used and cost; nothing outside the series.
func (s Series) At(d fetcher.Day) Use {
	if i := int(d - s.First); i >= 0 && i < len(s.Days) {
		return s.Days[i]
	}
	return Use{}
}

// firstOf is the first day that counts for a billing period, as many days as
// there are if none does. It is not looked for by its date: a row may be restated
// into the next period before that begins.
func (s Series) firstOf(start fetcher.Day) int {
	for i, use := range s.Days {
		if use.BillingPeriodStart == start {
			return i
		}
	}
	return len(s.Days)
}

// periodUpTo is the days from the first of a day's billing period up to it.
func (s Series) periodUpTo(day int) []Use {
	return s.Days[s.firstOf(s.Days[day].BillingPeriodStart) : day+1]
}

// AllSeries returns the series of every service in the lines that keep accepts,
// by name, from a day on; zero for all there is. All begin on the first and end on
// the last day of the whole bill, whoever's they are: what a service that appears
// late did before is zero, not unknown.
func AllSeries(b fetcher.Bill, since fetcher.Day, keep func(*fetcher.Line) bool) []Series {
	first, last := max(b.First(), since), b.Through()
	byService := map[string][]*fetcher.Line{}
	for i := range b.Lines {
		if line := &b.Lines[i]; line.Last() >= since && keep(line) {
			byService[line.Service] = append(byService[line.Service], line)
		}
	}
	all := make([]Series, 0, len(byService))
	for _, name := range slices.Sorted(maps.Keys(byService)) {
		all = append(all, seriesOf(name, byService[name], first, last))
	}
	return all
}

// seriesOf adds a service's lines up, day by day.
func seriesOf(name string, lines []*fetcher.Line, first, last fetcher.Day) Series {
	newest := lines[0]
	for _, line := range lines {
		if line.Last() >= newest.Last() {
			newest = line
		}
	}
	s := Series{
		Service: name, Name: newest.ServiceName, Currency: newest.BillingCurrency, Unit: newest.ConsumedUnit,
		First: first, Days: make([]Use, last-first+1),
	}
	for _, line := range lines {
		s.add(line)
	}
	return s
}

// add adds a line to the days it has, in the currency and the unit of the series.
func (s *Series) add(line *fetcher.Line) {
	costs, counts := line.BillingCurrency == s.Currency, line.ConsumedUnit == s.Unit
	for day := max(s.First, line.First); day <= line.Last(); day++ {
		use, at := &s.Days[day-s.First], int(day-line.First)
		use.BillingPeriodStart = max(use.BillingPeriodStart, line.BillingPeriodStart)
		if costs {
			use.Cost = use.Cost.Add(line.Costs.At(at))
		} else if line.Costs.At(at).IsPositive() {
			use.Elsewhere = true
		}
		if counts {
			use.Quantity = use.Quantity.Add(line.Quantities.At(at))
		}
	}
}

// DailyCost returns the cost of each day of the bill from a day on, zero for all
// there is, in one currency.
func DailyCost(b fetcher.Bill, currency string, since fetcher.Day) (first fetcher.Day, costs []fetcher.Number) {
	first, last := max(b.First(), since), b.Through()
	if len(b.Lines) == 0 {
		return 0, nil
	}
	sums := make([]fetcher.Sum, last-first+1)
	for i := range b.Lines {
		line := &b.Lines[i]
		if line.BillingCurrency != currency {
			continue
		}
		for day := max(first, line.First); day <= line.Last(); day++ {
			sums[day-first].Add(line.Costs.At(int(day - line.First)))
		}
	}
	costs = make([]fetcher.Number, len(sums))
	for i, sum := range sums {
		costs[i] = sum.Number()
	}
	return first, costs
}
