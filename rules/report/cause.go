package report

import (
	"strings"

	"github.com/billbot/billbot/rules"
	"github.com/shopspring/decimal"
)

// Cause says what made it so: for a spike whether usage or price rose, for a
// budget which services took most; where the data is what is wrong, what to do
// about it. It is "" when nothing is known, and for a
// spike that is over: what its last day used says nothing about the whole.
func Cause(a rules.Alert) string {
	f := a.Finding
	switch {
	case f.IsUnknown():
		return advice(a)
	case f.Kind == rules.KindPrice && a.State == rules.Firing:
		return "Cause: price, not usage."
	case len(f.Causes) == 0 || f.Kind == rules.KindSpike && a.State == rules.Resolved:
		return ""
	case f.Kind == rules.KindSpike:
		return spikeCause(f.Causes[0], f.Currency)
	case f.PeriodKind == rules.ByDay && a.State == rules.Resolved:
		return "Most of " + DayName(f.Day, f.Through) + ": " + parts(f) + "."
	}
	return "Most of it: " + parts(f) + "." + budgetCause(f)
}

// A rise in usage of less than a fifth does not explain a spike in cost.
var notableRise = decimal.New(12, -1)

func spikeCause(c rules.Cause, currency string) string {
	used := Quantity(c.Quantity, c.Unit)
	asUsual := c.Quantity.LessThan(c.UsualQuantity.Mul(notableRise))
	switch {
	case !c.Quantity.IsPositive():
		return ""
	case !c.UsualQuantity.IsPositive():
		return "Cause: usage, " + used + " where there usually is none."
	case asUsual && isDearer(c):
		return "Cause: price, " + repriced(c, currency) + ", usage as usual."
	case asUsual:
		return "Cause: price or allowance; usage is about as usual (" + used + ", usually " + Quantity(c.UsualQuantity, "") + ")."
	}
	text := "Cause: usage, " + used + ", usually " + Quantity(c.UsualQuantity, "")
	if times := Times(c.Quantity, c.UsualQuantity); times != "" {
		text += " (" + times + ")"
	}
	if isDearer(c) {
		text = strings.Replace(text, "usage", "usage and price", 1) + ", at " + repriced(c, currency)
	}
	return text + "."
}

// isDearer reports whether a unit costs more than it did. One that costs less
// is no cause of what is too much.
func isDearer(c rules.Cause) bool {
	return c.UsualPrice.IsPositive() && c.Price.GreaterThan(c.UsualPrice)
}

// repriced is a price and the one before: "$0.0015 a million rows instead of
// $0.0010".
func repriced(c rules.Cause, currency string) string {
	now, before := prices(c.Price, c.UsualPrice, currency, c.Unit)
	return now + " instead of " + before
}

// budgetCause says of a budget's largest part whether more was used than before
// or the same at a new price; "" if neither, or if nothing is known of before.
func budgetCause(f rules.Finding) string {
	c := f.Causes[0]
	before := Quantity(c.UsualQuantity, "") + " by then in the period before"
	if f.PeriodKind == rules.ByDay {
		before = "usually " + Quantity(c.UsualQuantity, "")
	}
	more := c.UsualQuantity.IsPositive() && c.Quantity.GreaterThanOrEqual(c.UsualQuantity.Mul(notableRise))
	usage := name(c.Service) + " used " + Quantity(c.Quantity, "") + ", " + before + " (" + Times(c.Quantity, c.UsualQuantity) + ")"
	switch {
	case more && isDearer(c):
		return " Cause: usage and price, " + usage + ", at " + repriced(c, f.Currency) + "."
	case more:
		return " Cause: usage, " + usage + "."
	case isDearer(c) && c.UsualQuantity.IsPositive():
		return " Cause: price, " + repriced(c, f.Currency) + " for " + name(c.Service) + ", usage as usual."
	case isDearer(c):
		return " Cause: price, " + repriced(c, f.Currency) + " for " + name(c.Service) + "."
	}
	return ""
}

// A service that took less than a hundredth of the amount is not its cause.
var notablePart = decimal.New(1, -2)

func parts(f rules.Finding) string {
	const most = 3
	var texts []string
	for i, c := range f.Causes[:min(len(f.Causes), most)] {
		weight := c.Amount
		if f.Quantity {
			weight = c.Quantity
		}
		if i > 0 && weight.LessThan(f.Amount.Mul(notablePart)) {
			break // the largest come first
		}
		if f.Quantity {
			texts = append(texts, name(c.Service)+" "+Quantity(c.Quantity, c.Unit))
			continue
		}
		text := name(c.Service) + " " + Money(c.Amount, f.Currency)
		if c.Quantity.IsPositive() {
			text += " (" + Quantity(c.Quantity, c.Unit) + ")"
		}
		texts = append(texts, text)
	}
	return strings.Join(texts, ", ")
}
