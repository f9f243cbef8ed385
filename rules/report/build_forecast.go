package report

import (
	"maps"
	"slices"

	"github.com/billbot/billbot/fetcher"
	"github.com/billbot/billbot/rules"
	"github.com/billbot/billbot/rules/spend"
	"github.com/shopspring/decimal"
)

// ServiceForecast is the forecast of one service's billing period, or of the
// account's, whose Service is "*".
type ServiceForecast struct {
	Service  string // as billed last
	Forecast spend.Forecast
}

// Forecasts forecasts the billing periods that the newest charge day falls in,
// for the account and for each service of the ledger: one without rows in
// those periods is forecast too.
func Forecasts(l fetcher.Ledger) []ServiceForecast {
	periods := presentPeriods(l)
	currency := spend.Currency(l.Charges)
	names := map[string]string{}
	for _, c := range l.Charges {
		names[c.Service()] = c.ServiceName
	}
	forecasts := []ServiceForecast{{"*", straight(l, currency, periods, every)}}
	for _, service := range slices.Sorted(maps.Keys(names)) {
		forecasts = append(forecasts, ServiceForecast{names[service], straight(l, currency, periods, func(c fetcher.Charge) bool {
			return c.Service() == service
		})})
	}
	return forecasts
}

// straight adds up the straight-line forecasts of the periods.
func straight(l fetcher.Ledger, currency string, periods []fetcher.Period, keep func(fetcher.Charge) bool) spend.Forecast {
	var sum spend.Forecast
	for _, p := range periods {
		f := spend.Straight(daysOf(l, currency, p, l.Through(), keep), p.Days())
		sum.Total, sum.Lo, sum.Hi = sum.Total.Add(f.Total), sum.Lo.Add(f.Lo), sum.Hi.Add(f.Hi)
	}
	return sum
}

// forecast says what the periods will cost if nothing changes, as alerts do:
// what they cost so far, and the days left at each service's pace. The straight
// line's band is widened to hold that. It is nil while one of the periods is
// too young to say.
func forecast(l fetcher.Ledger, currency string, periods []fetcher.Period) *Forecast {
	for _, p := range periods {
		if l.Through()-p.Start+1 < forecastFrom {
			return nil
		}
	}
	line := straight(l, currency, periods, every)
	total := spend.Sum(l.Charges, in(periods))[currency].Add(projectDays(l, currency, periods))
	return &Forecast{Total: total, Lo: decimal.Min(line.Lo, total), Hi: decimal.Max(line.Hi, total)}
}

// projectDays is what the days left of the periods will cost. Each period has
// days left of its own, so a service counts in the period it was billed in
// last.
func projectDays(l fetcher.Ledger, currency string, periods []fetcher.Period) decimal.Decimal {
	type billed struct{ on, period fetcher.Day }
	through := l.Through()
	var recent []fetcher.Charge
	last := map[string]billed{}
	for _, c := range l.Charges {
		if c.ChargePeriodStart > through-rules.HistoryDays {
			recent = append(recent, c)
		}
		if service := c.Service(); c.ChargePeriodStart >= last[service].on {
			last[service] = billed{c.ChargePeriodStart, c.BillingPeriodStart}
		}
	}
	sum := decimal.Zero
	for i, p := range periods {
		sum = sum.Add(spend.Project(recent, currency, int(p.End-through), func(c fetcher.Charge) bool {
			return len(periods) == 1 || periodAt(periods, last[c.Service()].period) == i
		}))
	}
	return sum
}

// periodAt is the index of the period that starts on a day. A service last
// billed in none of them goes on in the newest.
func periodAt(periods []fetcher.Period, start fetcher.Day) int {
	for i, p := range periods {
		if p.Start == start {
			return i
		}
	}
	return len(periods) - 1
}
