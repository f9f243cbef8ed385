package spend

import (
	"math"
	"slices"

	"github.com/billbot/billbot/fetcher"
	"github.com/shopspring/decimal"
)

// Learn learns a service's tariff from its days. What is used up to a billed
// day is the included quantity and what was paid for:
//
//	included = sum of ConsumedQuantity - sum of ContractedCost / price
//
// PricingQuantity and CumulatedPricingQuantity have no part in it: some rows
// count billed units there and others all. The price is that of the newest
// days billed whole, those after another billed day of the same period; it is
// the same one since the last change of more than a hundredth. A refund teaches
// nothing. What is billed in whole steps is learned from those, see learnSteps.
func Learn(s Series) Tariff {
	runs, first := priceRuns(s)
	if first >= 0 && (len(runs) == 0 || runs[0].mixed) {
		if t, ok := learnSteps(s, first); ok {
			return t
		}
	}
	if len(runs) == 0 {
		return learnFree(s, first)
	}
	newest := runs[len(runs)-1]
	t := Tariff{price: newest.price(s), Since: s.Day(newest.days[0])}
	t.Settled = s.Day(newest.days[min(settledDays, len(newest.days))-1])
	if len(runs) > 1 && !newest.rough(s) && !runs[len(runs)-2].rough(s) {
		before := runs[len(runs)-2].price(s)
		t.Before = before.cost.DivRound(before.quantity, pricePlaces)
		t.Again = slices.ContainsFunc(runs[:len(runs)-2], newest.same)
	}
	t.learnIncluded(s, runs)
	return t
}

// learnFree is the tariff of a service that was never billed whole: that of its
// only billed day, or what the public list and its own name say.
func learnFree(s Series, first int) Tariff {
	if first >= 0 {
		p := priceOn(s.Days[first])
		t := Tariff{price: p, Since: s.Day(first)}
		t.Included, t.IncludedKnown = includedUpTo(s, first, p), true
		// Part of that day may have been free as well: what is learned is the
		// least it can be.
		t.allowance = hinted(s, t.Included, t.Included.Add(s.Days[first].Quantity.Decimal()))
		if l := listed(s.Service, s.Unit); t.allowance.Known() && l.price.above(p) {
			t.price, t.Included = l.price, t.allowance.Quantity
		}
		return t
	}
	t := listed(s.Service, s.Unit)
	if included, told := named(s.Name, s.Unit); told {
		t.Included, t.IncludedKnown = included, true // newer than the list
	}
	if t.IncludedKnown && mostUsed(s).GreaterThan(t.Included) {
		return Tariff{} // it would have been billed
	}
	t.allowance = hinted(s, decimal.Zero, decimal.Zero)
	return t
}

// priceRun is days billed whole, one after the other, at one price.
type priceRun struct {
	days  []int
	ratio float64 // of the first
	mixed bool    // its days are at many prices, some at none
}

const (
	sameRatio = 0.01 // prices closer than this are rounding
	priceDays = 31   // enough days to tell a price by
	oddDays   = 10   // the newest days, half of which must share prices

	settledDays = 4 // days at a new price that settle it
)

// rough reports whether rounding may be more than a twentieth of what the run
// cost: its price is not one to compare.
func (r priceRun) rough(s Series) bool {
	const part = 20
	var cost fetcher.Sum
	for _, i := range r.days {
		cost.Add(s.Days[i].Cost)
	}
	lost := rounding(s.Days[r.days[0]:r.days[len(r.days)-1]+1], len(r.days))
	return lost.Mul(decimal.NewFromInt(part)).GreaterThan(cost.Decimal())
}

// same reports whether two runs are at one price.
func (r priceRun) same(other priceRun) bool {
	return math.Abs(r.ratio-other.ratio) <= sameRatio*other.ratio
}

// priceRuns are the prices a service was billed at, oldest first, and its first
// billed day, -1 if there is none. One odd day among others is no change of
// price: cost and quantity of the newest days do not always settle together.
// Where most days are odd there is one price, that of all of them together.
func priceRuns(s Series) (runs []priceRun, first int) {
	first = -1
	var billedIn fetcher.Day
	whole, priced := make([]int, 0, len(s.Days)), make([]int, 0, len(s.Days))
	unit := math.Pow10(int(finest(s.Days)))
	for i, use := range s.Days {
		if !use.Quantity.IsPositive() || use.Cost.IsNegative() {
			continue
		}
		if use.BillingPeriodStart == billedIn {
			whole = append(whole, i)
			runs, priced = addToRuns(runs, priced, i, use, unit)
		}
		if use.Cost.IsPositive() {
			billedIn = use.BillingPeriodStart
			if first < 0 {
				first = i
			}
		}
	}
	return settle(runs, whole), first
}

// finest is the power of ten that the costs of some days are written to.
func finest(days []Use) int32 {
	places := int32(math.MaxInt32)
	for _, use := range days {
		if !use.Cost.IsZero() {
			places = min(places, use.Cost.Exponent())
		}
	}
	if places == math.MaxInt32 {
		return 0
	}
	return places
}

// addToRuns goes by floats: they only tell the days of one price from those of
// another. The days of one run after the other stand in priced.
func addToRuns(runs []priceRun, priced []int, i int, use Use, unit float64) ([]priceRun, []int) {
	cost := floatOf(use.Cost, 0)
	if cost == 0 {
		return runs, priced
	}
	priced = append(priced, i)
	ratio := cost / floatOf(use.Quantity, 0)
	if n := len(runs); n > 0 && math.Abs(ratio-runs[n-1].ratio) <= (sameRatio+2*unit/cost)*runs[n-1].ratio {
		runs[n-1].days = priced[len(priced)-1-len(runs[n-1].days):]
		return runs, priced
	}
	return append(runs, priceRun{days: priced[len(priced)-1:], ratio: ratio}), priced
}

// settle drops odd days and joins what they had parted.
func settle(runs []priceRun, whole []int) []priceRun {
	var settled []priceRun
	recent := 0
	newest := whole[max(0, len(whole)-oddDays):]
	for _, r := range runs {
		if len(r.days) < 2 {
			continue
		}
		if at, _ := slices.BinarySearch(r.days, newest[0]); at < len(r.days) {
			recent += len(r.days) - at
		}
		if n := len(settled); n > 0 && r.same(settled[n-1]) {
			settled[n-1].days = append(slices.Clip(settled[n-1].days), r.days...)
			continue
		}
		settled = append(settled, r)
	}
	if len(runs) > 0 && 2*recent <= len(newest) {
		return []priceRun{{days: whole, mixed: true}}
	}
	return settled
}

// price is the price of the run's newest days: their cost over their quantity,
// or the plainest number that agrees with both as far as costs are written.
func (r priceRun) price(s Series) price {
	days := r.newest(s)
	var cost, quantity fetcher.Sum
	for _, i := range days {
		cost.Add(s.Days[i].Cost)
		quantity.Add(s.Days[i].Quantity)
	}
	p := price{cost: cost.Decimal(), quantity: quantity.Decimal(), full: true}
	return p.plain(decimal.New(int64(len(days)), finest(s.Days[days[0]:days[len(days)-1]+1])))
}

// newest is the run's newest days, back to one that was billed.
func (r priceRun) newest(s Series) []int {
	from := max(0, len(r.days)-priceDays)
	for billed := len(r.days) - 1; billed >= 0; billed-- {
		if s.Days[r.days[billed]].Cost.IsPositive() {
			return r.days[min(from, billed):]
		}
	}
	return r.days[from:]
}

// plainDigits is how many significant digits a plain price has at most.
const plainDigits = 6

// plain is the price with the fewest digits that explains the cost to within a
// unit of what costs are written in, and a thousandth.
func (p price) plain(unit decimal.Decimal) price {
	tolerance := decimal.Min(unit, p.cost.Shift(-3))
	ratio := p.cost.DivRound(p.quantity, pricePlaces+plainDigits)
	for digits := 1; digits <= plainDigits; digits++ {
		guess := significant(ratio, digits)
		if guess.Mul(p.quantity).Sub(p.cost).Abs().LessThanOrEqual(tolerance) {
			return price{cost: guess, quantity: decimal.NewFromInt(1), full: p.full}
		}
	}
	return p
}

// learnIncluded learns the included quantity from the newest billing period
// that was billed whole and whose first day is among the days; one that is cut
// off says the least it can be.
func (t *Tariff) learnIncluded(s Series, runs []priceRun) {
	for _, first := range slices.Backward(firstWhole(s, runs)) {
		cutOff := s.Days[first.day].BillingPeriodStart < s.First
		if t.IncludedKnown && cutOff {
			continue
		}
		p := t.price
		if first.run < len(runs)-1 {
			p = runs[first.run].price(s)
		}
		t.Included, t.IncludedKnown = includedUpTo(s, first.day, p), true
		t.allowance = learned(t.Included, s, first.day, p)
		if !cutOff {
			return
		}
		t.allowance = hinted(s, t.Included, decimal.Zero)
	}
}

// wholeDay is a day billed whole, and the price run it belongs to.
type wholeDay struct{ day, run int }

// firstWhole is the first day billed whole of each billing period.
func firstWhole(s Series, runs []priceRun) []wholeDay {
	var firsts []wholeDay
	var start fetcher.Day
	for run, r := range runs {
		for _, day := range r.days {
			if of := s.Days[day].BillingPeriodStart; of != start {
				start = of
				firsts = append(firsts, wholeDay{day, run})
			}
		}
	}
	return firsts
}

// includedUpTo is what the billing period of a billed day had used and not
// paid for.
func includedUpTo(s Series, last int, p price) decimal.Decimal {
	if !p.known() {
		return decimal.Zero
	}
	var used, paid fetcher.Sum
	days := 0
	period := s.periodUpTo(last)
	for _, use := range period {
		if use.BillingPeriodStart != s.Days[last].BillingPeriodStart {
			continue
		}
		used.Add(use.Quantity)
		paid.Add(use.Cost)
		days++
	}
	bought := paid.Decimal().Mul(p.quantity).DivRound(p.cost, precision)
	unit := decimal.New(int64(days), finest(period)).Mul(p.quantity).DivRound(p.cost, precision)
	all := used.Decimal()
	return rounded(all.Sub(bought), decimal.Min(unit, all.Shift(-3)))
}

// rounded is the number with the fewest digits within a tolerance, zero if that
// is.
func rounded(d, tolerance decimal.Decimal) decimal.Decimal {
	if d.LessThanOrEqual(tolerance) {
		return decimal.Zero
	}
	for digits := 1; digits <= plainDigits; digits++ {
		if guess := significant(d, digits); guess.Sub(d).Abs().LessThanOrEqual(tolerance) {
			return guess
		}
	}
	return d
}

// mostUsed is the most that any one billing period used.
func mostUsed(s Series) decimal.Decimal {
	var most decimal.Decimal
	var sum fetcher.Sum
	var start fetcher.Day
	for _, use := range s.Days {
		if use.BillingPeriodStart.IsZero() {
			continue
		}
		if use.BillingPeriodStart != start {
			most = decimal.Max(most, sum.Decimal())
			start, sum = use.BillingPeriodStart, fetcher.Sum{}
		}
		sum.Add(use.Quantity)
	}
	return decimal.Max(most, sum.Decimal())
}
