package spend

import (
	"maps"
	"slices"

	"github.com/billbot/billbot/fetcher"
	"github.com/shopspring/decimal"
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
	Quantity           decimal.Decimal
	Cost               decimal.Decimal
	BillingPeriodStart fetcher.Day // zero on days without a row
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

// Span is the first and the last charge day.
func Span(charges []fetcher.Charge) (first, last fetcher.Day) {
	for i, c := range charges {
		if i == 0 || c.ChargePeriodStart < first {
			first = c.ChargePeriodStart
		}
		last = max(last, c.ChargePeriodStart)
	}
	return first, last
}

// AllSeries returns the series of every service in the charges that keep
// accepts, by name. All begin on the first and end on the last day of all the
// charges, whoever's they are: what a service that appears late did before is
// zero, not unknown.
func AllSeries(charges []fetcher.Charge, keep func(fetcher.Charge) bool) []Series {
	first, last := Span(charges)
	byService := map[string]*builder{}
	for i := range charges {
		c := &charges[i]
		if !keep(*c) {
			continue
		}
		service := c.Service()
		b := byService[service]
		if b == nil {
			b = &builder{newest: c}
			byService[service] = b
		}
		b.add(c)
	}
	all := make([]Series, 0, len(byService))
	for _, name := range slices.Sorted(maps.Keys(byService)) {
		all = append(all, byService[name].series(name, first, last))
	}
	return all
}

// builder collects a service's charges until its currency and unit are known.
type builder struct {
	charges []*fetcher.Charge
	newest  *fetcher.Charge
}

func (b *builder) add(c *fetcher.Charge) {
	b.charges = append(b.charges, c)
	if c.ChargePeriodStart >= b.newest.ChargePeriodStart {
		b.newest = c
	}
}

func (b *builder) series(name string, first, last fetcher.Day) Series {
	s := Series{
		Service: name, Name: b.newest.ServiceName, Currency: b.newest.BillingCurrency, Unit: b.newest.ConsumedUnit,
		First: first, Days: make([]Use, last-first+1),
	}
	costs, quantities := make([]fetcher.Sum, len(s.Days)), make([]fetcher.Sum, len(s.Days))
	for _, c := range b.charges {
		i := c.ChargePeriodStart - first
		s.Days[i].BillingPeriodStart = max(s.Days[i].BillingPeriodStart, c.BillingPeriodStart)
		if c.BillingCurrency == s.Currency {
			costs[i].Add(c.ContractedCost)
		}
		if c.ConsumedUnit == s.Unit {
			quantities[i].Add(c.ConsumedQuantity)
		}
	}
	for i := range s.Days {
		s.Days[i].Cost, s.Days[i].Quantity = costs[i].Decimal(), quantities[i].Decimal()
	}
	return s
}

// DailyCost returns the cost of each day from the first to the last, of the
// charges in one currency that keep accepts.
func DailyCost(charges []fetcher.Charge, currency string, keep func(fetcher.Charge) bool) (first fetcher.Day, costs []decimal.Decimal) {
	first, last := Span(charges)
	if len(charges) == 0 {
		return 0, nil
	}
	sums := make([]fetcher.Sum, last-first+1)
	for _, c := range charges {
		if c.BillingCurrency == currency && keep(c) {
			sums[c.ChargePeriodStart-first].Add(c.ContractedCost)
		}
	}
	costs = make([]decimal.Decimal, len(sums))
	for i, sum := range sums {
		costs[i] = sum.Decimal()
	}
	return first, costs
}
