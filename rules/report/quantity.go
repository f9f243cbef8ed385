package report

import (
	"strings"

	"github.com/shopspring/decimal"
)

// Quantity writes how much was used: "519,109", "3.52 trillion rows",
// "48.31 GB-months". From a million on it shows three significant digits. The
// unit "Count", which says nothing, is left out.
func Quantity(quantity decimal.Decimal, unit string) string {
	sign := ""
	if quantity.IsNegative() {
		sign = "-"
	}
	written := sign + number(quantity.Abs())
	if unit == "" || strings.EqualFold(unit, "count") {
		return written
	}
	return written + " " + Name(unit, unitRunes)
}

// number writes a quantity that is not negative.
func number(d decimal.Decimal) string {
	m := magnitude(d)
	switch {
	case m > maxDigits:
		return scientific(d)
	case m < -maxZeros:
		return "0"
	case m > 6:
		return large(d.Round(int32(3 - m)))
	case m > 2:
		return grouped(d.Round(0).String())
	case m > 0:
		return d.Round(2).String()
	}
	return d.Round(int32(2 - m)).String()
}

// large writes a number of a million or more in words.
func large(d decimal.Decimal) string {
	zeros, word := int32(6), " million"
	switch m := magnitude(d); {
	case m > 15:
		zeros, word = 15, " quadrillion"
	case m > 12:
		zeros, word = 12, " trillion"
	case m > 9:
		zeros, word = 9, " billion"
	}
	return grouped(d.Shift(-zeros).String()) + word
}

// Times writes how many times as much one number is as another: "9x", "53x",
// below five with a digit after the point: "2.4x". It is "" when there is
// nothing to compare with.
func Times(much, usual decimal.Decimal) string {
	if !usual.IsPositive() || !much.IsPositive() || magnitude(much)-magnitude(usual) > maxDigits {
		return ""
	}
	ratio := much.DivRound(usual, 2)
	if ratio.LessThan(five) {
		return ratio.Round(1).String() + "x"
	}
	ratio = ratio.Round(0)
	if magnitude(ratio) > 6 {
		return number(ratio) + " times"
	}
	return number(ratio) + "x"
}

// Percent writes a part of a whole: "128%". It rounds down, so that nothing
// shows as 100% before it is. It is "" for a whole that is not positive.
func Percent(part, whole decimal.Decimal) string {
	if !whole.IsPositive() || magnitude(part)-magnitude(whole) > maxDigits {
		return ""
	}
	percent := part.Shift(2).Div(whole).Truncate(0)
	if percent.IsZero() && part.IsPositive() {
		return "under 1%"
	}
	sign := ""
	if percent.IsNegative() {
		sign = "-"
	}
	return sign + grouped(percent.Abs().String()) + "%"
}

var five = decimal.NewFromInt(5)
