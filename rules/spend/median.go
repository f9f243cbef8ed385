package spend

import (
	"slices"

	"github.com/billbot/billbot/fetcher"
	"github.com/shopspring/decimal"
)

var (
	half = decimal.New(5, -1)
	one  = decimal.NewFromInt(1)
)

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

// MedianOf is [Median] of numbers. It sorts its argument.
func MedianOf(numbers []fetcher.Number) decimal.Decimal {
	n := len(numbers)
	if n == 0 {
		return decimal.Zero
	}
	slices.SortFunc(numbers, fetcher.Number.Cmp)
	upper := numbers[n/2].Decimal()
	if n%2 == 1 {
		return upper
	}
	return numbers[n/2-1].Decimal().Add(upper).Mul(half)
}

// reading is a quantity twice: exact, and as the float that statistics rank it
// by.
type reading struct {
	exact fetcher.Number
	rank  float64
}

// exactDigits is how many digits an int64 holds for certain.
const exactDigits = 18

// rank is a quantity as a float, to compare it with others. The usual one has
// few digits and takes no allocation.
func rank(n fetcher.Number) float64 {
	c, exponent, ok := n.Parts()
	if !ok || c >= exactly || c <= -exactly || exponent < -exactDigits || exponent > exactDigits {
		return n.Decimal().InexactFloat64()
	}
	return scaled(c, exponent)
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
	exact := lower.exact.Decimal().Add(upper.exact.Decimal()).Mul(half)
	return reading{fetcher.NumberOf(exact), (lower.rank + upper.rank) / 2}
}
