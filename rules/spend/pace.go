package spend

import (
	"github.com/billbot/billbot/fetcher"
	"github.com/shopspring/decimal"
)

// paceDays is how many of the newest days say how a service goes on.
const paceDays = 7

// Pace is what a day of a service will cost if nothing changes: what the
// newest day did while that one is flagged, else the average of a week without
// its flagged days. days are the series' days, judged.
func Pace(s Series, days []Judged) decimal.Decimal {
	if len(days) == 0 {
		return decimal.Zero
	}
	if newest := days[len(days)-1]; newest.Flagged {
		return newest.Cost
	}
	from := max(0, len(s.Days)-paceDays)
	var sum decimal.Decimal
	ordinary := 0
	for i := from; i < len(s.Days); i++ {
		if !days[i].Flagged {
			sum = sum.Add(s.Days[i].Cost)
			ordinary++
		}
	}
	if ordinary == 0 {
		return decimal.Zero
	}
	return sum.DivRound(decimal.NewFromInt(int64(ordinary)), precision)
}

// Project is what some more days will cost, in one currency, if every service
// that keep accepts goes on at its pace: one that runs away, as on its newest
// day. charges are the account's, so that a service without a row on the newest
// day is seen to have stopped.
func Project(charges []fetcher.Charge, currency string, days int, keep func(fetcher.Charge) bool) decimal.Decimal {
	var sum decimal.Decimal
	if days <= 0 {
		return sum
	}
	for _, s := range AllSeries(charges, func(c fetcher.Charge) bool { return c.BillingCurrency == currency && keep(c) }) {
		sum = sum.Add(Pace(s, ordinaryRecord.Judge(s)))
	}
	return sum.Mul(decimal.NewFromInt(int64(days)))
}

// ordinaryRecord is the rule with its defaults: what a runaway is where no rule
// of the user's says so.
var ordinaryRecord = Record{Above: decimal.NewFromInt(2), Floor: decimal.NewFromInt(1)}
