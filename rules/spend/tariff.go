package spend

import (
	"github.com/billbot/billbot/fetcher"
	"github.com/shopspring/decimal"
)

// Tariff is what a service costs: so much is included in each billing period,
// the rest has a unit price. [Learn] learns it from what was used and billed;
// until a service is billed it is Cloudflare's public price, if there is one.
//
// The zero Tariff knows nothing: everything costs nothing.
type Tariff struct {
	price price

	// Included is the quantity of a billing period that costs nothing. It is
	// only known if IncludedKnown; it may be known without a price.
	Included      decimal.Decimal
	IncludedKnown bool

	// Listed says that the service has never been billed in the days looked
	// at: the price is that of Cloudflare's public list, Included that of the
	// list or of the service's name.
	Listed bool

	// Since is the first day billed at this price, as far back as was looked.
	// Before is the price until then; it is zero if there was no other, or if
	// one of them is known too roughly to compare.
	Since  fetcher.Day
	Before decimal.Decimal
	// Settled is the fourth day billed at this price, or the newest there is:
	// by then a new price is told from an odd day.
	Settled fetcher.Day
	// Again says that the price is one that was there before Before, as where
	// one price follows the other in each billing period.
	Again bool

	allowance Allowance
	stepped   bool // units are bought so many at a time, as many as the price is for
}

// Known reports whether there is a price.
func (t Tariff) Known() bool { return t.price.known() }

// Exact reports whether the price is one to tell people: that of whole days, or
// of the public list. That of a day that was billed in part is below it.
func (t Tariff) Exact() bool { return t.Known() && t.price.full }

// Price is the price of one unit, exact where the bill has a plain one, else
// to twenty places: the unit of some services costs a billionth of a dollar.
func (t Tariff) Price() decimal.Decimal {
	if !t.Known() {
		return decimal.Zero
	}
	return t.price.cost.DivRound(t.price.quantity, pricePlaces)
}

const pricePlaces = 20

// Left is what is left of the included quantity after so much was used in the
// billing period; never below zero.
func (t Tariff) Left(used decimal.Decimal) decimal.Decimal {
	return decimal.Max(decimal.Zero, t.Included.Sub(used))
}

// Cost is what some more units cost after used units in the same billing
// period. Without a known price it is zero.
func (t Tariff) Cost(used, more decimal.Decimal) decimal.Decimal {
	return t.beyond(t.Left(used), more)
}

// beyond is what some units cost while so many are still included.
func (t *Tariff) beyond(left, more decimal.Decimal) decimal.Decimal {
	past := decimal.Max(decimal.Zero, more.Sub(left))
	if t.stepped {
		past = t.price.steps(past)
	}
	return t.price.of(past)
}

// billed is the tariff of a period that used so much and paid for some of it:
// nothing of the included quantity is left, whatever was learned of it.
func (t Tariff) billed(used, paid decimal.Decimal) Tariff {
	if t.stepped {
		return t.afterSteps(used, paid)
	}
	t.Included = decimal.Zero
	return t
}
