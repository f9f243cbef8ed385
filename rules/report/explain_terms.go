package report

import (
	"github.com/billbot/billbot/rules"
)

// allowance says what a service's allowance was known from, and how much of it
// was used.
func (e *Explanation) allowance(x rules.Explained) {
	f, in := x.Finding, includedOf(x.Finding)
	e.input("period", f.Period.Start.String()+"/"+f.Period.End.String(), PeriodName(f.Period, f.Through))
	e.input("used", f.Amount.String(), Quantity(f.Amount, f.Unit))
	included := sourceOf(in.From)
	if in.From != "" {
		included = Quantity(f.Budget, f.Unit) + ". " + included
	}
	e.input("included", f.Budget.String(), included)
	if in.Price.IsPositive() {
		e.input("price", in.Price.String(), Price(in.Price, in.Currency, f.Unit))
	}
	e.input("cost", in.Cost.String(), Money(in.Cost, in.Currency))
	if !in.Early {
		e.input("forecast", in.Projected.String(), Money(in.Projected, in.Currency)+byEnd(f)+" if nothing changes")
	}
	switch {
	case in.Lasts.IsZero():
	case f.Amount.GreaterThanOrEqual(f.Budget):
		e.input("used up on", in.Lasts.String(), DayName(in.Lasts, f.Through))
	default:
		e.input("lasts until", in.Lasts.String(), DayName(in.Lasts, f.Through))
	}
	switch a := x.Rule.Allowance; {
	case f.Unjudged != "":
		e.hold("%s", UnjudgedText(f.Unjudged))
	case f.Ended:
		e.hold("the billing period is over: a warning would come too late")
	case f.Open:
	case len(a.Used) > 0:
		e.hold("%s used is below the lowest line, %s", Quantity(f.Amount, ""), Quantity(a.Used[0].Limit(f.Budget), f.Unit))
	case in.Billed.IsZero():
		e.hold("nothing of it is billed that was free before")
	case in.Early:
		e.hold("it cost %s, cost is %s, and %s", Money(in.Cost, in.Currency), Money(a.Cost, in.Currency), noForecast)
	default:
		e.hold("it will cost %s, cost is %s", Money(in.Projected, in.Currency), Money(a.Cost, in.Currency))
	}
}

// price says what a unit costs and did before.
func (e *Explanation) price(x rules.Explained) {
	f := x.Finding
	if f.Amount.IsPositive() {
		e.input("price", f.Amount.String(), Price(f.Amount, f.Currency, f.Unit))
	}
	if !f.Usual.IsPositive() {
		e.hold("there was no other price in the days looked at, or none is known yet")
		return
	}
	e.input("price before", f.Usual.String(), Price(f.Usual, f.Currency, f.Unit))
	e.input("change", x.Rule.Price.Change.String(), change(f)+"; told from "+percent(x.Rule.Price.Change)+" on")
	if f.Open {
		return
	}
	if f.Amount.Sub(f.Usual).Abs().Shift(2).LessThan(f.Usual.Mul(x.Rule.Price.Change)) {
		e.hold("the price changed by less than %s", percent(x.Rule.Price.Change))
		return
	}
	e.hold("it is a price that the service had before: the first change was told")
}
