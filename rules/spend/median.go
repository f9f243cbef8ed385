package spend

import (
	"math"
	"slices"

	"github.com/shopspring/decimal"
)

var half = decimal.New(5, -1)

// Median is the exact median of amounts: the middle one, or half the sum of
// the two in the middle. The median of none is zero.
func Median(amounts []decimal.Decimal) decimal.Decimal {
	if len(amounts) == 0 {
		return decimal.Zero
	}
	sorted := slices.SortedFunc(slices.Values(amounts), decimal.Decimal.Cmp)
	upper := sorted[len(sorted)/2]
	if len(sorted)%2 == 1 {
		return upper
	}
	return sorted[len(sorted)/2-1].Add(upper).Mul(half)
}

// reading is a quantity twice: exact, and as the float that statistics rank it
// by.
type reading struct {
	exact decimal.Decimal
	rank  float64
}

// exactDigits is how many digits an int64 holds for certain.
const exactDigits = 18

// rank is a quantity as a float, to compare it with others. The usual one has
// few digits and takes no allocation.
func rank(d decimal.Decimal) float64 {
	exponent := int(d.Exponent())
	if d.NumDigits() > exactDigits || exponent < -exactDigits || exponent > exactDigits {
		return d.InexactFloat64()
	}
	c := float64(d.CoefficientInt64())
	if exponent < 0 {
		return c / math.Pow10(-exponent)
	}
	return c * math.Pow10(exponent)
}

// middle is the median of readings, chosen by rank, exact in value. It sorts
// its argument.
func middle(readings []reading) reading {
	if len(readings) == 0 {
		return reading{}
	}
	slices.SortFunc(readings, func(a, b reading) int {
		switch {
		case a.rank < b.rank:
			return -1
		case a.rank > b.rank:
			return 1
		}
		return 0
	})
	upper := readings[len(readings)/2]
	if len(readings)%2 == 1 {
		return upper
	}
	lower := readings[len(readings)/2-1]
	if lower.rank == upper.rank {
		return upper
	}
	return reading{lower.exact.Add(upper.exact).Mul(half), (lower.rank + upper.rank) / 2}
}
