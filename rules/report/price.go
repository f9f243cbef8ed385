package report

import (
	"strings"

	"github.com/billbot/billbot/rules"
	"github.com/shopspring/decimal"
)

// priceHeadline is that of a price alert: "Price up 50%: D1 - Rows Read at
// $0.0015 a million rows since Tue 12 May, instead of $0.0010".
func priceHeadline(a rules.Alert) string {
	f := a.Finding
	now, before := prices(f.Amount, f.Usual, f.Currency, f.Unit)
	service := name(f.Subject.Service)
	switch {
	case a.State == rules.Resolved && a.Ended == rules.EndedPeriod:
		return "Period ended: " + service + " at " + now + since(f) + ", " + before + " before"
	case a.State == rules.Resolved:
		return "Price changed again: " + service + " no longer at " + now
	}
	return "Price " + change(f) + ": " + service + " at " + now + since(f) + ", instead of " + before
}

func since(f rules.Finding) string { return " since " + DayName(f.Episode, f.Through) }

// change is how far a price moved, and where to: "up 50%".
func change(f rules.Finding) string {
	if f.Amount.LessThan(f.Usual) {
		return "down " + Percent(f.Usual.Sub(f.Amount), f.Usual)
	}
	return "up " + Percent(f.Amount.Sub(f.Usual), f.Usual)
}

// priceFigures says what the change comes to, and how it is known.
func priceFigures(f rules.Finding) string {
	more, before, part := "more", f.Usual, f.Amount.Sub(f.Usual)
	if part.IsNegative() {
		more, part = "less", part.Neg()
	}
	return "The same usage costs " + Percent(part, before) + " " + more + ", as your bill shows it: what a day cost, over what it used."
}

// PriceBefore is what a unit cost before its price changed.
func PriceBefore(f rules.Finding) string {
	before, _ := prices(f.Usual, f.Amount, f.Currency, f.Unit)
	return before
}

// Price writes the price of one unit, for so many units that it can be read:
// "$0.0010 a million rows", "$12.50 a million GB-seconds", "$5.00 each".
func Price(price decimal.Decimal, currency, unit string) string {
	now, _ := prices(price, price, currency, unit)
	return now
}

// prices writes two prices of a service for as many units and with as many
// digits: "$0.0015 a million rows" and "$0.0010".
func prices(now, before decimal.Decimal, currency, unit string) (first, second string) {
	least := decimal.Min(now, before)
	if !before.IsPositive() {
		least = now
	}
	zeros, many := perUnits(least)
	now, before, least = now.Shift(zeros), before.Shift(zeros), least.Shift(zeros)
	places := int32(max(2, 2-magnitude(least)))
	for more := range int32(4) {
		short := now.Round(places).Equal(now.Round(places+1)) && before.Round(places).Equal(before.Round(places+1))
		if differ := !now.Round(places).Equal(before.Round(places)) || now.Equal(before); differ && (short || more > 0) {
			break
		}
		places++ // a third digit, or more where they would read as the same
	}
	write := func(d decimal.Decimal) string { return symbol(currency) + grouped(d.StringFixed(places)) }
	return write(now) + " " + per(many, unit), write(before)
}

// readable is the least amount that is not told of more units instead.
var readable = decimal.New(1, -3)

// perUnits is for how many units a price is told: the zeros of the number, and
// its word.
func perUnits(least decimal.Decimal) (zeros int32, word string) {
	for _, many := range []struct {
		zeros int32
		word  string
	}{{0, ""}, {3, "thousand"}, {6, "million"}, {9, "billion"}} {
		if zeros, word = many.zeros, many.word; least.Shift(zeros).GreaterThanOrEqual(readable) {
			break
		}
	}
	return zeros, word
}

func per(many, unit string) string {
	counted := strings.EqualFold(unit, "count") || unit == ""
	switch {
	case counted && many == "":
		return "each"
	case counted:
		return "a " + many
	case many == "":
		return "a " + strings.TrimSuffix(Name(unit, unitRunes), "s")
	}
	return "a " + many + " " + Name(unit, unitRunes)
}
