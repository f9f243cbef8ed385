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

// budgetCause says of a budget's largest parts whether more was used than
// before, or the same at a new price: of the first always, as far as it is
// known, of the others only if something changed.
func budgetCause(f rules.Finding) string {
	var text strings.Builder
	for i, c := range f.Causes[:partsOver(f, largePart)] {
		changed := partChange(c, f)
		switch {
		case changed != "" && i == 0:
			text.WriteString(" Cause: " + changed + ".")
		case changed != "":
			text.WriteString(" Also: " + changed + ".")
		case i == 0:
			text.WriteString(unchanged(c, f))
		}
	}
	return text.String()
}

// partChange says what changed of a part; "" if nothing is known to have.
func partChange(c rules.Cause, f rules.Finding) string {
	compared := isCompared(c) && c.Quantity.IsPositive()
	more := compared && c.Quantity.GreaterThanOrEqual(c.UsualQuantity.Mul(notableRise))
	switch {
	case more && isDearer(c):
		return "usage and price, " + usedMore(c, f) + ", at " + repriced(c, f.Currency)
	case more:
		return "usage, " + usedMore(c, f)
	case isDearer(c) && compared:
		return "price, " + repriced(c, f.Currency) + " for " + name(c.Service) + ", usage as usual"
	case isDearer(c):
		return "price, " + repriced(c, f.Currency) + " for " + name(c.Service)
	}
	return ""
}

// usedMore compares a part with a usual one, or says that there was none.
func usedMore(c rules.Cause, f rules.Finding) string {
	text := name(c.Service) + " used " + Quantity(c.Quantity, "")
	switch {
	case c.UsualQuantity.IsPositive():
		return text + ", " + usedBefore(c, f) + " (" + Times(c.Quantity, c.UsualQuantity) + ")"
	case f.PeriodKind == rules.ByDay:
		return text + " where there usually is none"
	}
	return text + " where there was none by then in the period before"
}

func usedBefore(c rules.Cause, f rules.Finding) string {
	if f.PeriodKind == rules.ByDay {
		return "usually " + Quantity(c.UsualQuantity, "")
	}
	return Quantity(c.UsualQuantity, "") + " by then in the period before"
}

// unchanged says of a part that nothing changed, or that nobody knows.
func unchanged(c rules.Cause, f rules.Finding) string {
	switch {
	case c.Compared == rules.NoBefore:
		return " Cause: not known, there is nothing before to compare with."
	case !isCompared(c) || !c.Quantity.IsPositive():
		return ""
	}
	howMuch := "as much as before"
	if c.Quantity.Mul(notableRise).LessThan(c.UsualQuantity) {
		howMuch = "less than before"
	}
	return " Cause: no change, " + name(c.Service) + " used " + howMuch + " (" + Quantity(c.Quantity, "") + ", " + usedBefore(c, f) + "), at the same price."
}

// isCompared reports whether it is known what a part used before. Alerts that
// an older billbot kept say so by the quantity alone.
func isCompared(c rules.Cause) bool {
	return c.Compared == rules.WithBefore || c.UsualQuantity.IsPositive()
}

// A service that took less than a hundredth of the amount is not its cause, and
// one that took less than a tenth not why it is what it is.
var (
	notablePart = decimal.New(1, -2)
	largePart   = decimal.New(1, -1)
)

// partsOver is how many of the causes are such a part of the amount, the first
// always. The largest come first.
func partsOver(f rules.Finding, part decimal.Decimal) int {
	const most = 3
	for i, c := range f.Causes {
		weight := c.Amount
		if f.Quantity {
			weight = c.Quantity
		}
		if i == most || i > 0 && weight.LessThan(f.Amount.Mul(part)) {
			return i
		}
	}
	return len(f.Causes)
}

func parts(f rules.Finding) string {
	var texts []string
	for _, c := range f.Causes[:partsOver(f, notablePart)] {
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
