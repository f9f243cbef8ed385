package spend

import (
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

func read(d decimal.Decimal) reading { return reading{d, d.InexactFloat64()} }

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
