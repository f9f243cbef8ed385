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
	if exponent < 0 {
		return float64(d.CoefficientInt64()) / math.Pow10(int(-exponent))
	}
	return float64(d.CoefficientInt64()) * math.Pow10(int(exponent))
}

// magnitude is the power of ten above a decimal.
func magnitude(d decimal.Decimal) int32 { return int32(d.NumDigits()) + d.Exponent() }

// writtenDigits is how many digits of a quantity that was forecast are kept.
const writtenDigits = 9

// written is a float of statistics as a decimal, times ten to the power of
// scale. Anything that is no number is zero.
func written(x float64, scale int32) decimal.Decimal {
	if math.IsNaN(x) || math.IsInf(x, 0) || x <= 0 {
		return decimal.Zero
	}
	return significant(decimal.NewFromFloat(x), writtenDigits).Shift(scale)
}

// addTo adds a decimal to an exact sum without anything to be collected after.
func addTo(sum *fetcher.Sum, d decimal.Decimal) {
	if d.NumDigits() > 18 {
		sum.Add(fetcher.NumberOf(d))
		return
	}
	sum.Add(fetcher.NewNumber(d.CoefficientInt64(), d.Exponent()))
}
