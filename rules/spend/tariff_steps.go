package spend

import (
	"github.com/billbot/billbot/fetcher"
	"github.com/shopspring/decimal"
)

// Some services are billed in whole steps: the first operation of a million
// costs $4.50, the others nothing. What such a day cost says nothing of what
// its units do; the steps that were bought, and what was used between them, do.

// learnSteps is the tariff of a service billed in steps; false if nothing shows
// that it is. A step shows by days that use as much again as a billed one and
// cost nothing, or by costing what the public list asks for so many units.
func learnSteps(s Series, first int) (Tariff, bool) {
	cost, free := stepCost(s, first)
	if !cost.IsPositive() {
		return Tariff{}, false
	}
	all := climbsOf(s)
	t := Tariff{stepped: true, Since: s.Day(first), Settled: s.Day(first)}
	l := listed(s.Service, s.Unit)
	onList := l.Known() && cost.Mod(l.price.cost).IsZero() && priceOn(s.Days[first]).above(l.price)
	if !free && !onList {
		return Tariff{}, false
	}
	t.price = stepPrice(s, all, cost)
	if onList {
		if step := l.price.quantity.Mul(cost).DivRound(l.price.cost, precision); t.price.agrees(step) {
			t.price = price{cost: cost, quantity: step, full: true}
		}
	}
	if !t.price.known() {
		return Tariff{}, false
	}
	t.learnStepIncluded(s, all)
	return t, true
}

// stepCost is the least that a billed day cost, if all others cost a multiple
// of it, and whether days after one used as much again and cost nothing.
func stepCost(s Series, first int) (cost decimal.Decimal, free bool) {
	cost = s.Days[first].Cost.Decimal()
	for _, use := range s.Days[first:] {
		if use.Cost.IsPositive() {
			cost = decimal.Min(cost, use.Cost.Decimal())
		}
	}
	var billed, after decimal.Decimal
	var of fetcher.Day
	for _, use := range s.Days[first:] {
		switch {
		case use.Cost.IsPositive():
			if !use.Cost.Decimal().Mod(cost).IsZero() {
				return decimal.Zero, false
			}
			billed, after, of = use.Quantity.Decimal(), decimal.Zero, use.BillingPeriodStart
		case use.Cost.IsZero() && use.BillingPeriodStart == of:
			after = after.Add(use.Quantity.Decimal())
			free = free || after.IsPositive() && after.GreaterThanOrEqual(billed)
		}
	}
	return cost, free
}

// climb is a billing period in which steps were bought.
type climb struct {
	start fetcher.Day
	// What was used before its first billed day, by the end of that day, by the
	// end of its last billed day, and in all.
	before, from, to, used decimal.Decimal
	// What the first billed day cost, and all of them.
	first, paid decimal.Decimal
}

// climbsOf is the billing periods in which something was billed, oldest first.
func climbsOf(s Series) []climb {
	var all []climb
	var c climb
	for _, use := range s.Days {
		if use.BillingPeriodStart.IsZero() {
			continue
		}
		if use.BillingPeriodStart != c.start {
			all = c.addTo(all)
			c = climb{start: use.BillingPeriodStart}
		}
		c.take(use.Quantity.Decimal(), use.Cost.Decimal())
	}
	return c.addTo(all)
}

func (c *climb) take(quantity, cost decimal.Decimal) {
	before := c.used
	c.used = c.used.Add(quantity)
	if !cost.IsPositive() {
		return
	}
	if c.first.IsZero() {
		c.before, c.from, c.first = before, c.used, cost
	}
	c.to, c.paid = c.used, c.paid.Add(cost)
}

func (c climb) addTo(all []climb) []climb {
	if c.paid.IsPositive() {
		return append(all, c)
	}
	return all
}

// stepPrice is what a step costs and holds: as much as was used from one to the
// next. While there was only one, it holds what was used since, at least.
func stepPrice(s Series, all []climb, cost decimal.Decimal) price {
	var between, bought, least decimal.Decimal
	periods := int64(0)
	for _, c := range all {
		if c.paid.GreaterThan(c.first) {
			periods++
		}
		between, bought = between.Add(c.to.Sub(c.from)), bought.Add(c.paid.Sub(c.first))
		least = decimal.Max(least, c.used.Sub(c.before).Mul(cost).DivRound(c.paid, precision))
	}
	if !bought.IsPositive() || !between.IsPositive() {
		return price{cost: cost, quantity: least}
	}
	const part = -1 // a tenth
	step := between.Mul(cost).DivRound(bought, precision)
	loose := mostInADay(s).Mul(decimal.NewFromInt(periods)).Mul(cost).DivRound(bought, precision) // of the days at both ends
	return price{cost: cost, quantity: rounded(step, decimal.Min(loose, step.Shift(part))), full: true}
}

func mostInADay(s Series) decimal.Decimal {
	var most fetcher.Number
	for _, use := range s.Days {
		if use.Quantity.Cmp(most) > 0 {
			most = use.Quantity
		}
	}
	return most.Decimal()
}

// agrees reports whether a step may hold so much: about what was found, or as
// much as is not known to be too little.
func (p price) agrees(step decimal.Decimal) bool {
	const quarter = 4
	if p.full {
		return p.quantity.Sub(step).Abs().Mul(decimal.NewFromInt(quarter)).LessThanOrEqual(step)
	}
	return p.quantity.LessThanOrEqual(step.Mul(decimal.NewFromInt(2)))
}

// learnStepIncluded learns what is included from the first step of the newest
// billing period that is known from its start: it was used up on that day.
func (t *Tariff) learnStepIncluded(s Series, all []climb) {
	c := all[len(all)-1]
	for i := len(all) - 1; c.start < s.First && i > 0; i-- {
		c = all[i-1]
	}
	steps := c.first.DivRound(t.price.cost, precision)
	least := decimal.Max(c.before, c.from.Sub(steps.Mul(t.price.quantity)))
	most := decimal.Max(least, c.from.Sub(steps.Sub(decimal.NewFromInt(1)).Mul(t.price.quantity)))
	t.Included, t.IncludedKnown = plainest(least, most), true
	if c.start < s.First {
		most = decimal.Zero // what was used before is not known
	}
	if t.allowance = hinted(s, least, most); t.allowance.Known() {
		t.Included = t.allowance.Quantity
	}
}

// plainest is the number with the fewest digits between two.
func plainest(least, most decimal.Decimal) decimal.Decimal {
	if !least.IsPositive() {
		return decimal.Zero
	}
	for digits := 1; digits <= plainDigits; digits++ {
		if guess := significant(most, digits); guess.GreaterThanOrEqual(least) && guess.LessThanOrEqual(most) {
			return guess
		}
	}
	return least
}

// steps is a quantity rounded up to whole steps.
func (p price) steps(quantity decimal.Decimal) decimal.Decimal {
	whole, rest := quantity.QuoRem(p.quantity, 0)
	if rest.IsPositive() {
		whole = whole.Add(decimal.NewFromInt(1))
	}
	return whole.Mul(p.quantity)
}

// afterSteps is the tariff once steps were billed in a period: the last of them
// may still hold some.
func (t Tariff) afterSteps(used, paid decimal.Decimal) Tariff {
	bought := paid.Mul(t.price.quantity).DivRound(t.price.cost, precision)
	most := used.Add(t.price.quantity)
	t.Included = decimal.Min(most, decimal.Max(used, t.Included.Add(bought)))
	return t
}
