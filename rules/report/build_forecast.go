package report

import (
	"maps"
	"slices"

	"github.com/billbot/billbot/fetcher"
	"github.com/billbot/billbot/rules/spend"
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
