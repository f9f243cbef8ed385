package report

import (
	"github.com/billbot/billbot/rules"
	"github.com/billbot/billbot/rules/spend"
)

// allowance is the headline of what is used of a service's allowance: "82% of
// allowance used: D1 - Rows Read at 20.4 billion of 25 billion rows this billing
// period".
func allowance(a rules.Alert) string {
	f, in := a.Finding, includedOf(a.Finding)
	service := name(f.Subject.Service)
	switch {
	case a.State == rules.Resolved && a.Ended == rules.EndedPeriod:
		return "Period ended: " + service + ", " + usedOf(f) + ", " + PeriodName(over(f.Period), f.Through)
	case a.State == rules.Resolved && in.Billed.IsZero():
		return "Back within the allowance: " + service + " at " + usedOf(f) + " this billing period"
	case a.State == rules.Resolved:
		return "No longer told: " + service + " costs " + Money(in.Cost, in.Currency) + " this billing period"
	case atAmount(f) && in.Early:
		return billedNow(f) + ", " + Money(in.Cost, in.Currency) + " so far"
	case atAmount(f):
		about := ", about "
		if !in.Price.IsPositive() {
			about = ", at least "
		}
		return billedNow(f) + about + Money(in.Projected, in.Currency) + byEnd(f)
	case !f.Budget.IsPositive():
		return billedNow(f)
	case f.Amount.GreaterThanOrEqual(f.Budget):
		return "Allowance used up: " + service + " at " + usedOf(f) + " this billing period"
	}
	return Percent(f.Amount, f.Budget) + " of allowance used: " + service + " at " + usedOf(f) + " this billing period"
}

// billedNow says since when a service has a cost. It does not say that an
// allowance is used up: what was free may have had none.
func billedNow(f rules.Finding) string {
	in := includedOf(f)
	if in.New {
		return "Billed now: " + name(f.Subject.Service) + ", not used before " + DayName(in.Billed, f.Through)
	}
	return "Billed now: " + name(f.Subject.Service) + ", free until " + DayName(in.Billed-1, f.Through)
}

// includedOf is what is known of an allowance; of a finding that an older
// version kept, nothing.
func includedOf(f rules.Finding) rules.Included {
	if f.Included == nil {
		return rules.Included{}
	}
	return *f.Included
}

// usedOf is what was used of what is included: "20.4 billion of 25 billion
// rows".
func usedOf(f rules.Finding) string {
	if !f.Budget.IsPositive() {
		return Quantity(f.Amount, f.Unit) + " used"
	}
	return Quantity(f.Amount, "") + " of " + Quantity(f.Budget, f.Unit)
}

// allowanceFigures says what is left or was billed, and how far the allowance
// can be relied on.
func allowanceFigures(f rules.Finding) string {
	in := includedOf(f)
	text := capital(usedOf(f))
	switch left := f.Budget.Sub(f.Amount); {
	case !f.Budget.IsPositive():
		text += "."
	case left.IsPositive():
		text += ", " + Quantity(left, "") + " left."
	default:
		text += ", all of it."
	}
	if !in.Billed.IsZero() {
		text += " " + Money(in.Cost, in.Currency) + " billed since " + DayName(in.Billed, f.Through) + unitPrice(in, f) + "."
	}
	return text + " " + sourceOf(in.From)
}

// sourceOf says what an allowance is known from.
func sourceOf(from spend.Source) string {
	switch from {
	case spend.FromBill:
		return "What is included is learned from your bill."
	case spend.FromName:
		return "What is included is what the service's name on the bill says."
	case spend.FromList:
		return "What is included is what Cloudflare publishes; your bill has not shown it yet."
	}
	return "How much is included is not known yet."
}

// unitPrice is at what price more of a service is billed.
func unitPrice(in rules.Included, f rules.Finding) string {
	if !in.Price.IsPositive() {
		return ""
	}
	return ", at " + Price(in.Price, in.Currency, f.Unit)
}

// allowanceOutlook says on which day the allowance is used up at this pace, and
// what the period will cost.
func allowanceOutlook(f rules.Finding) string {
	in := includedOf(f)
	cost := "about " + Money(in.Projected, in.Currency) + byEnd(f)
	switch {
	case in.Early:
		return ""
	case atAmount(f):
		return "" // the headline says so
	case !in.Billed.IsZero() || f.Budget.IsPositive() && f.Amount.GreaterThanOrEqual(f.Budget):
		if !in.Projected.IsPositive() || !in.Price.IsPositive() {
			return "" // before the price is known, too little is forecast
		}
		return "At this pace the service will cost " + cost + "."
	case in.Lasts.IsZero():
		return "At this pace it lasts until the period ends on " + date(f.Period.End, f.Through) + "."
	case !in.Projected.IsPositive():
		return "At this pace it is used up on " + DayName(in.Lasts, f.Through) + "."
	}
	return "At this pace it is used up on " + DayName(in.Lasts, f.Through) + ", and the service will cost " + cost + unitPrice(in, f) + "."
}
