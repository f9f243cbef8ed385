package main

import (
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/shopspring/decimal"

	"github.com/billbot/billbot/fetcher"
)

// services is how many services an account is billed for each day.
const services = 30

// restatedDays is how many of the newest days a refresh tells anew.
const restatedDays = 3

// fleet is generated data: the same numbers at every run.
type fleet struct {
	accounts int
	days     int // of history, the last of them lastDay
	long     int // percent of values with 17 digits; the others have 9 to 11
}

// lastDay ends a month of 31 days, so that a body has 930 rows.
func lastDay() fetcher.Day { return fetcher.NewDay(2026, 10, 31) }

// morning is when lastDay has been told.
func morning() time.Time { return (lastDay() + 1).Time().Add(6 * time.Hour) }

func (f fleet) rows() int { return f.accounts * services * f.days }

func (f fleet) account(i int) fetcher.Account {
	return fetcher.Account{Name: fmt.Sprintf("account-%05d", i), ID: fmt.Sprintf("%032x", i+1)}
}

// month is a billing period, and the days of it that are kept.
type month struct {
	start       fetcher.Day
	first, last fetcher.Day
}

// months are the billing periods of the fleet, oldest first.
func (f fleet) months() []month {
	var months []month
	for day := lastDay() - fetcher.Day(f.days) + 1; day <= lastDay(); {
		t := day.Time()
		start := fetcher.NewDay(t.Year(), t.Month(), 1)
		next := fetcher.NewDay(t.Year(), t.Month()+1, 1)
		months = append(months, month{start: start, first: day, last: next - 1})
		day = next
	}
	return months
}

// newest is the billing period that refreshes restate.
func (f fleet) newest() month {
	months := f.months()
	return months[len(months)-1]
}

// charges makes an account's rows of a month in the ledger's order: row i is of
// service i%services. Each version above 0 has other numbers on the newest
// days, and the running sums that follow from them.
func (f fleet) charges(account int, m month, version int) []fetcher.Charge {
	seed := uint64(account)<<32 | uint64(m.start)
	told, restated := maker{f.long, newRand(seed, 0)}, maker{f.long, newRand(seed, version)}
	var sums [services]struct{ cost, quantity fetcher.Sum }
	charges := make([]fetcher.Charge, 0, int(m.last-m.first+1)*services)
	for day := m.first; day <= m.last; day++ {
		numbers := told
		if version > 0 && day > m.last-restatedDays {
			numbers = restated
		}
		for service := range services {
			c := charge(service, m.start, day)
			c.ContractedCost, c.ConsumedQuantity = numbers.number(-9), numbers.number(-3)
			c.PricingQuantity = c.ConsumedQuantity
			sum := &sums[service]
			sum.cost.Add(c.ContractedCost)
			sum.quantity.Add(c.PricingQuantity)
			c.CumulatedContractedCost, c.CumulatedPricingQuantity = written(sum.cost.Decimal()), written(sum.quantity.Decimal())
			charges = append(charges, c)
		}
	}
	return charges
}

func newRand(seed uint64, version int) *rand.Rand {
	return rand.New(rand.NewPCG(seed, uint64(version)))
}

// charge is a row without numbers.
func charge(service int, period, day fetcher.Day) fetcher.Charge {
	return fetcher.Charge{
		BillingCurrency:    "USD",
		ServiceName:        fmt.Sprintf("Service %02d - Requests (first %d million included)", service, service*10+1),
		ServiceFamilyName:  "Developer Platform",
		BillingPeriodStart: period, ChargePeriodStart: day,
		ConsumedUnit: "Requests", PricingUnit: "Requests",
	}
}

// maker makes numbers as bills have them.
type maker struct {
	long int
	*rand.Rand
}

// number is a number of 9 to 11 digits times ten to the power of exponent, or
// one of 17 digits, six of them further decimals.
func (m maker) number(exponent int32) fetcher.Number {
	if m.IntN(100) < m.long {
		return written(decimal.New(1e16+m.Int64N(9e16), exponent-6))
	}
	least := []int64{1e8, 1e9, 1e10}[m.IntN(3)]
	return written(decimal.New(least+m.Int64N(9*least), exponent))
}

// written is the number as JSON has it: without zeros at its end.
func written(d decimal.Decimal) fetcher.Number {
	n := fetcher.NumberOf(d)
	coefficient, exponent, ok := n.Parts()
	if !ok {
		return n
	}
	for ; coefficient != 0 && coefficient%10 == 0 && exponent < 0; exponent++ {
		coefficient /= 10
	}
	return fetcher.NewNumber(coefficient, exponent)
}
