package spend

import (
	"slices"

	"github.com/billbot/billbot/fetcher"
	"github.com/shopspring/decimal"
)

// Source is what an allowance is known from.
type Source string

// The sources of an allowance.
const (
	FromBill Source = "bill" // what was used and not paid for, in a billing period known from its start
	FromName Source = "name" // the service's name: "(first 25 billion included)"
	FromList Source = "list" // Cloudflare's public price list
)

// Allowance is what is included of a service in a billing period, as far as it
// can be told to people: a forecast may rest on the best guess, a warning may
// not.
type Allowance struct {
	Quantity decimal.Decimal // zero where all usage is billed
	From     Source          // "" where it is not known
}

// Known reports whether the quantity is known.
func (a Allowance) Known() bool { return a.From != "" }

// Allowance is the tariff's, unless it is but a guess.
func (t Tariff) Allowance() Allowance { return t.allowance }

// hinted is what a service's name, or else the public list, says is included.
// It is nothing if the bill says otherwise: at least so much was included, and
// at most so much unless most is zero.
func hinted(s Series, least, most decimal.Decimal) Allowance {
	fits := func(q decimal.Decimal) bool {
		return q.GreaterThanOrEqual(least) && (most.IsZero() || q.LessThanOrEqual(most))
	}
	if quantity, told := named(s.Name, s.Unit); told {
		if fits(quantity) {
			return Allowance{quantity, FromName}
		}
		return Allowance{}
	}
	if t := listed(s.Service, s.Unit); t.IncludedKnown && fits(t.Included) {
		return Allowance{t.Included, FromList}
	}
	return Allowance{}
}

// learned is an allowance that the bill shows, of the billing period of a day.
// What is no more than rounding makes of its costs is none.
func learned(included decimal.Decimal, s Series, day int, p price) Allowance {
	days := s.periodUpTo(day)
	if !p.worth(included, rounding(days, len(days))) {
		included = decimal.Zero
	}
	return Allowance{included, FromBill}
}

// rounding is how much of what some days cost may be lost in the writing. A
// bill of whole dollars is not rounded to them.
func rounding(written []Use, days int) decimal.Decimal {
	const cents = -2
	return decimal.New(int64(days), min(cents, finest(written)))
}

// knownDays is how long an account must be known before a service that was not
// used until then is one that is new.
const knownDays = 7

// BilledSince is the first billed day of a billing period, if the service was
// free until then: it used something that cost nothing (free is true), or was
// not used at all in the days looked at. It is zero for a service that is billed
// from the first unit, and for one whose days cost too little to be written
// down.
func (o *Outlook) BilledSince(billing fetcher.Period) (since fetcher.Day, free bool) {
	first := -1
	for i, use := range o.series.Days {
		if use.BillingPeriodStart == billing.Start && use.Cost.IsPositive() && use.Quantity.IsPositive() {
			first = i
			break
		}
	}
	if first < 0 {
		return 0, false
	}
	used, days, billed := o.freeBefore(first)
	if o.series.Days[first].Elsewhere {
		return 0, false // its currency changed on that day
	}
	free = days > 0 && o.Tariff.price.worth(used, rounding(o.series.Days, days))
	if free || days == 0 && !billed && first >= knownDays {
		return o.series.Day(first), free
	}
	return 0, false
}

// freeBefore is what the days with usage right before a day used and did not
// cost, how many those are, and whether a billed day came before them.
func (o *Outlook) freeBefore(first int) (quantity decimal.Decimal, days int, billed bool) {
	var free fetcher.Sum
	for i := first - 1; i >= 0; i-- {
		use := o.series.Days[i]
		if use.Cost.IsPositive() || use.Elsewhere {
			return free.Decimal(), days, true
		}
		if use.Quantity.IsPositive() {
			free.Add(use.Quantity)
			days++
		}
	}
	return free.Decimal(), days, false
}

// Cost is what a billing period has cost so far.
func (o *Outlook) Cost(billing fetcher.Period) decimal.Decimal {
	_, cost := o.usedIn(billing.Start)
	return cost
}

// Starts is the starts of the billing periods that the service has rows in,
// oldest first.
func (o *Outlook) Starts() []fetcher.Day {
	var starts []fetcher.Day
	for _, use := range o.series.Days {
		start := use.BillingPeriodStart
		if !start.IsZero() && !slices.Contains(starts, start) {
			starts = append(starts, start)
		}
	}
	return starts
}
