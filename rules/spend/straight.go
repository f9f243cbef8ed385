package spend

import (
	"slices"

	"github.com/shopspring/decimal"
)

// Straight forecasts a period by a straight line: the days so far, as long as
// the period is. days holds the cost of each day so far, total is the number
// of days in the period. The band lets the days left cost what the cheapest
// and the dearest tenth of the days so far did.
//
// Every method known is better (MAPE .22 against .08); it is here because it
// is the one everybody can check by hand.
func Straight(days []decimal.Decimal, total int) Forecast {
	if len(days) == 0 {
		return Forecast{}
	}
	spent := decimal.Sum(decimal.Zero, days...)
	left := decimal.NewFromInt(int64(max(0, total-len(days))))
	sorted := slices.SortedFunc(slices.Values(days), decimal.Decimal.Cmp)
	tenth := len(sorted) / 10
	mean := spent.Mul(left).DivRound(decimal.NewFromInt(int64(len(days))), precision)
	line := spent.Add(mean)
	return Forecast{
		Total: line,
		Lo:    decimal.Min(line, spent.Add(sorted[tenth].Mul(left))),
		Hi:    decimal.Max(line, spent.Add(sorted[len(sorted)-1-tenth].Mul(left))),
	}
}
