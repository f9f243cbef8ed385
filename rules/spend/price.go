package spend

import "github.com/shopspring/decimal"

// price is the unit price of a service, learned from what was billed. It is
// kept as a fraction, cost over quantity, so that nothing is divided to
// compare.
type price struct {
	cost     decimal.Decimal
	quantity decimal.Decimal
	full     bool // from a day that was billed whole
}

// priceOn is what a unit cost on a day.
func priceOn(use Use) price { return price{cost: use.Cost.Decimal(), quantity: use.Quantity.Decimal()} }

// pricing is the day whose price is that of the service.
type pricing struct {
	day    int
	billed bool // there is such a day
	full   bool // and it was billed whole
}

// learn takes day i into account. The day after a billed day of the same
// billing period is billed whole: the included quantity was used up before it.
// Until there is one, the dearest partly billed day is the closest guess; it is
// never above the true price.
func (p *pricing) learn(days []Use, i int) {
	today := days[i]
	if !today.Cost.IsPositive() || !today.Quantity.IsPositive() {
		return
	}
	full := i > 0 && days[i-1].Cost.IsPositive() && days[i-1].BillingPeriodStart == today.BillingPeriodStart
	if full || (!p.full && (!p.billed || priceOn(today).above(priceOn(days[p.day])))) {
		*p = pricing{i, true, full}
	}
}

// price is the price learned so far.
func (p pricing) price(days []Use) price {
	if !p.billed {
		return price{}
	}
	learned := priceOn(days[p.day])
	learned.full = p.full
	return learned
}

func (p price) known() bool { return p.quantity.IsPositive() && p.cost.IsPositive() }

func (p price) above(q price) bool {
	return p.cost.Mul(q.quantity).GreaterThan(q.cost.Mul(p.quantity))
}

// worth reports whether a quantity is worth at least an amount.
func (p price) worth(quantity, amount decimal.Decimal) bool {
	return p.known() && quantity.Mul(p.cost).GreaterThanOrEqual(amount.Mul(p.quantity))
}

// of is what a quantity is worth, for showing.
func (p price) of(quantity decimal.Decimal) decimal.Decimal {
	if !p.known() {
		return decimal.Zero
	}
	worth := quantity.Mul(p.cost)
	if p.quantity.Equal(one) { // a plain price: nothing to divide
		return worth.Round(precision)
	}
	return worth.DivRound(p.quantity, precision)
}
