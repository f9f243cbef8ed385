package report

import (
	"strings"

	"github.com/billbot/billbot/rules"
	"github.com/shopspring/decimal"
)

// scale is what amounts are in: money of a currency, or a quantity in a unit.
type scale struct {
	currency, unit string
	quantity       bool
}

func scaleOf(f rules.Finding) scale { return scale{f.Currency, f.Unit, f.Quantity} }

func (s scale) write(amount decimal.Decimal) string {
	if s.quantity {
		return Quantity(amount, s.unit)
	}
	return Money(amount, s.currency)
}

// Amount writes an amount of a finding: money, or a quantity with its unit.
func Amount(f rules.Finding, amount decimal.Decimal) string { return scaleOf(f).write(amount) }

func budget(f rules.Finding) string {
	limit := budgetOf(f)
	switch {
	case atAmount(f):
		return "Past " + Amount(f, f.Limit) + ": " + topic(f) + " at " + Amount(f, f.Amount) + when(f)
	case f.Amount.LessThan(limit):
		return Percent(f.Amount, limit) + " of budget " + topic(f) + ": " + Amount(f, f.Amount) + " of " + Amount(f, limit) + when(f)
	}
	return "Over budget: " + topic(f) + " at " + against(scaleOf(f), f.Amount, limit) + when(f)
}

// heading is the verdict on a budget that is forecast to pass a line.
func heading(f rules.Finding) string {
	limit := budgetOf(f)
	switch {
	case atAmount(f):
		return "Heading past " + Amount(f, f.Limit) + ": " + topic(f) + ", about " + Amount(f, f.Projected) + byEnd(f)
	case f.Projected.LessThan(limit):
		return "Heading for " + Percent(f.Projected, limit) + " of budget " + topic(f) + ": about " +
			Amount(f, f.Projected) + " of " + Amount(f, limit) + byEnd(f)
	}
	return "Heading over budget: " + topic(f) + ", about " + against(scaleOf(f), f.Projected, limit) + byEnd(f)
}

// byEnd says by when a forecast is.
func byEnd(f rules.Finding) string { return " by " + date(f.Period.End, f.Through) }

// rebudgeted says that the rules file gave the budget another amount: "the
// budget was raised from $25.00 to $60.00".
func rebudgeted(f rules.Finding) string {
	if f.BudgetWas.IsZero() || f.BudgetWas.Equal(f.Budget) {
		return ""
	}
	how := "raised"
	if f.Budget.LessThan(f.BudgetWas) {
		how = "lowered"
	}
	return "the budget was " + how + " from " + Amount(f, f.BudgetWas) + " to " + Amount(f, f.Budget)
}

// basis says what a budget was made from: "The budget is 1.25x the period
// before, $20.00".
func basis(f rules.Finding) string {
	b := f.Basis
	if b == nil {
		return ""
	}
	before := "the period before"
	if b.Periods > 1 {
		before = "the mean of the last " + count(b.Known, "period")
	}
	times := ""
	if !b.Times.Equal(decimal.NewFromInt(1)) {
		times = b.Times.String() + "x "
	}
	return "The budget is " + times + before + ", " + Amount(f, b.Amount)
}

// knownFrom says that a long period began before its charges are known.
func knownFrom(f rules.Finding) string {
	if f.From.IsZero() {
		return ""
	}
	return "charges are known from " + date(f.From, f.Through) + " on"
}

// UnjudgedText says why a budget cannot be judged: "no limit yet, as no earlier
// period is known whole".
func UnjudgedText(why rules.Unjudged) string {
	switch why {
	case rules.NoEarlier:
		return "no limit yet, as no earlier period is known whole"
	case rules.NothingEarlier:
		return "no limit, as there was nothing in the period before"
	case rules.SeveralUnits:
		return "not judged, as its services are counted in several units: name one service"
	case rules.NoAllowance:
		return "not judged, as what is included is not known: the bill has not shown it, and neither its name nor Cloudflare's list says"
	case rules.NothingIncluded:
		return "not judged, as nothing is included: it is billed from the first unit on"
	}
	return "not judged"
}

// budgetOf is the amount of a finding's budget, whichever of its lines is
// passed. Findings kept by older versions have their limit alone.
func budgetOf(f rules.Finding) decimal.Decimal {
	if f.Budget.IsZero() {
		return f.Limit
	}
	return f.Budget
}

// atAmount reports whether the line passed is an amount of its own, not a part
// of the budget.
func atAmount(f rules.Finding) bool {
	return f.Threshold != "" && !strings.HasSuffix(f.Threshold, "%")
}

// farOver is how many times its limit an amount must be for its share to be
// told in times: nobody reads "24,541%".
var farOver = decimal.NewFromInt(10)

// against is an amount held against its limit: "$32.02 of $25.00 (128%)".
func against(in scale, amount, limit decimal.Decimal) string {
	text := in.write(amount) + " of " + in.write(limit)
	share := Percent(amount, limit)
	if amount.GreaterThanOrEqual(limit.Mul(farOver)) {
		share = Times(amount, limit)
	}
	if share == "" {
		return text
	}
	return text + " (" + share + ")"
}

// when says in which period a budget was measured.
func when(f rules.Finding) string {
	switch {
	case f.PeriodKind == rules.ByDay:
		return " on " + DayName(f.Day, f.Through)
	case f.Ended:
		return ", " + PeriodName(over(f.Period), f.Through)
	case f.PeriodKind == rules.ByWeek:
		return " this week"
	case f.PeriodKind == rules.ByMonth:
		return " this month"
	case f.PeriodKind == rules.ByQuarter:
		return " this quarter"
	case f.PeriodKind == rules.ByYear:
		return " this year"
	}
	return " this billing period"
}
