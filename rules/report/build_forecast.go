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
	spent := map[string]decimal.Decimal{}
	for _, c := range l.Charges {
		names[c.Service()] = c.ServiceName
	}
	for _, c := range spend.ByService(l.Charges, currency, in(periods)) {
		spent[c.Service] = c.Cost
	}
	account, services := forecastIn(l, currency, periods)
	forecasts := []ServiceForecast{{"*", account}}
	for _, service := range slices.Sorted(maps.Keys(names)) {
		forecasts = append(forecasts, ServiceForecast{names[service], services[service].Plus(spent[service])})
	}
	return forecasts
}

// forecastIn says what the periods will cost in one currency, and what the
// days left of them will cost each service. Each period has days left of its
// own.
func forecastIn(l fetcher.Ledger, currency string, periods []fetcher.Period) (spend.Forecast, map[string]spend.Forecast) {
	since := l.Through() - rules.HistoryDays
	series := spend.AllSeries(l.Charges, func(c fetcher.Charge) bool { return c.ChargePeriodStart > since })
	services := map[string]spend.Forecast{}
	var all []spend.Forecast
	for _, s := range series {
		if s.Currency != currency {
			continue
		}
		o := spend.NewOutlook(s)
		p := o.Period(periods)
		services[s.Service] = o.Ahead(p, p.End)
		all = append(all, services[s.Service])
	}
	return spend.Together(all).Plus(spend.Sum(l.Charges, in(periods))[currency]), services
}

// forecast says what the periods will cost if nothing changes, as alerts do. It
// is nil while there are too few days to say.
func forecast(l fetcher.Ledger, currency string, periods []fetcher.Period) *Forecast {
	if first, through := spend.Span(l.Charges); through-first+1 < spend.ForecastDays {
		return nil
	}
	f, _ := forecastIn(l, currency, periods)
	told := Forecast{Total: f.Total, Lo: f.Lo, Hi: f.Hi, Incident: f.Incident}
	if len(f.Incident) > 0 {
		told.GoesOn = &f.GoesOn
	}
	return &told
}
