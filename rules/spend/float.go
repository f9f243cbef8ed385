package spend

import (
	"math"

	"github.com/billbot/billbot/fetcher"
	"github.com/shopspring/decimal"
)

// float is a decimal divided by ten to the power of scale, for statistics. It
// goes by the digits, so that the same digits at another power of ten give the
// same float: a service measured in thousands is forecast as one measured in
// ones.
func float(d decimal.Decimal, scale int32) float64 {
	if d.IsZero() {
		return 0
	}
	exponent := d.Exponent() - scale
	if d.NumDigits() > 18 {
		return d.Shift(-scale).InexactFloat64()
	}
	return scaled(d.CoefficientInt64(), exponent)
}

// scaled divides where it can: powers of ten below one are no exact floats.
func scaled(c int64, exponent int32) float64 {
	if exponent < 0 {
		return float64(c) / math.Pow10(int(-exponent))
	}
	return float64(c) * math.Pow10(int(exponent))
}

// exactly is what has more digits than an int64 holds for certain.
const exactly = 1_000_000_000_000_000_000

// floatOf is float of a number.
func floatOf(n fetcher.Number, scale int32) float64 {
	c, exponent, ok := n.Parts()
	switch {
	case !ok || c >= exactly || c <= -exactly:
		return float(n.Decimal(), scale)
	case c == 0:
		return 0
	}
	return scaled(c, exponent-scale)
}

// magnitude is the power of ten above a decimal.
func magnitude(d decimal.Decimal) int32 { return int32(d.NumDigits()) + d.Exponent() }

// magnitudeOf is magnitude of a number above zero.
func magnitudeOf(n fetcher.Number) int32 {
	c, exponent, ok := n.Parts()
	if !ok {
		return magnitude(n.Decimal())
	}
	for ; c != 0; c /= 10 {
		exponent++
	}
	return exponent
}

// writtenDigits is how many digits of a quantity that was forecast are kept.
const writtenDigits = 9

// written is a float of statistics as a decimal, times ten to the power of
// scale. Anything that is no number is zero.
func written(x float64, scale int32) decimal.Decimal {
	if math.IsNaN(x) || math.IsInf(x, 0) || x <= 0 {
		return decimal.Zero
	}
	d := decimal.NewFromFloat(x) // 17 digits at most
	c, exponent := significantOf(d.CoefficientInt64(), d.Exponent(), d.NumDigits(), writtenDigits)
	return decimal.New(c, exponent+scale)
}

// significant rounds to so many significant digits, of which an int64 holds all.
func significant(d decimal.Decimal, digits int) decimal.Decimal {
	has := d.NumDigits()
	switch {
	case d.IsZero():
		return d
	case has > exactDigits:
		return d.Round(int32(digits-has) - d.Exponent())
	}
	return decimal.New(significantOf(d.CoefficientInt64(), d.Exponent(), has, digits))
}

// significantOf is significant of a coefficient that has so many digits, and its
// power of ten.
func significantOf(c int64, exponent int32, has, digits int) (int64, int32) {
	for ; has > digits+1; has-- {
		c, exponent = c/10, exponent+1
	}
	switch {
	case has > digits && c < 0:
		return (c - 5) / 10, exponent + 1
	case has > digits:
		return (c + 5) / 10, exponent + 1
	}
	for ; has < digits; has++ {
		c, exponent = c*10, exponent-1
	}
	return c, exponent
}
