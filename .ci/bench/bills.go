package main

import (
	"math"

	"github.com/shopspring/decimal"

	"github.com/billbot/billbot/fetcher"
)

// What a service of a bill is like: how much it uses on a day, what that
// includes, and what a unit beyond it costs.
type billed struct {
	level    float64 // units an ordinary day
	noise    float64 // of it, on a logarithmic scale
	included float64 // units a billing period
	price    decimal.Decimal
	incident fetcher.Day // it runs away from this day on, for a while; zero: never
	grows    float64     // a day
}

const (
	incidentDays  = 5
	incidentTimes = 40
	// incidentEvery is of how many services one has an incident.
	incidentEvery = 15
)

// newBilled draws a service of an account.
func newBilled(r maker, first fetcher.Day, days int) billed {
	b := billed{
		level: math.Exp(r.Float64()*12 + 6), noise: 0.05 + r.Float64()*0.5,
		price: decimal.New(1+r.Int64N(99), -int32(4+r.IntN(6))), grows: r.Float64() * 0.004,
	}
	if r.IntN(2) == 0 {
		b.included = b.level * 40 * r.Float64()
	}
	if r.IntN(incidentEvery) == 0 {
		b.incident = first + fetcher.Day(20+r.IntN(days-20))
	}
	return b
}

// used is how many units a day uses.
func (b billed) used(r maker, first, day fetcher.Day) int64 {
	x := b.level * math.Exp(r.NormFloat64()*b.noise+b.grows*float64(day-first))
	if weekday := day.Weekday(); weekday == 0 || weekday == 6 {
		x *= 0.7
	}
	if !b.incident.IsZero() && day >= b.incident && day < b.incident+incidentDays {
		x *= incidentTimes
	}
	return int64(x)
}

// bills is an account's rows of a month as a bill has them: each day's cost is
// what it used beyond what was included, at the price.
func (f fleet) bills(account int, m month) []fetcher.Charge {
	first := lastDay() - fetcher.Day(f.days) + 1
	charges := make([]fetcher.Charge, services*int(m.last-m.first+1))
	for service := range services {
		b := newBilled(maker{0, newRand(uint64(account)<<32, service+1)}, first, f.days)
		r := maker{0, newRand(uint64(account)<<32|uint64(m.start), service+1)}
		var sum int64
		var costs decimal.Decimal
		for day := m.first; day <= m.last; day++ {
			used := b.used(r, first, day)
			beyond := min(used, max(0, sum+used-int64(b.included)))
			cost := b.price.Mul(decimal.NewFromInt(beyond)).Round(12)
			sum, costs = sum+used, costs.Add(cost)
			c := charge(service, m.start, day)
			c.ContractedCost, c.ConsumedQuantity = written(cost), fetcher.NewNumber(used, 0)
			c.PricingQuantity = c.ConsumedQuantity
			c.CumulatedContractedCost, c.CumulatedPricingQuantity = written(costs), fetcher.NewNumber(sum, 0)
			charges[int(day-m.first)*services+service] = c
		}
	}
	return charges
}
