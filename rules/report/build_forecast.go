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
// for the account and for each service of the bill: one without rows in
// those periods is forecast too.
func Forecasts(b fetcher.Bill) []ServiceForecast {
	periods := presentPeriods(b)
	currency := spend.Currency(b)
	names := map[string]string{}
	spent := map[string]decimal.Decimal{}
	for i := range b.Lines {
		names[b.Lines[i].Service] = b.Lines[i].ServiceName
	}
	for _, c := range spend.ByService(b, currency, in(periods)) {
		spent[c.Service] = c.Cost
	}
	account, services := forecastIn(b, currency, periods)
	forecasts := []ServiceForecast{{"*", account}}
	for _, service := range slices.Sorted(maps.Keys(names)) {
		forecasts = append(forecasts, ServiceForecast{names[service], services[service].Plus(spent[service])})
	}
	return forecasts
}

// forecastIn says what the periods will cost in one currency, and what the
// days left of them will cost each service. Each period has days left of its
// own.
func forecastIn(b fetcher.Bill, currency string, periods []fetcher.Period) (spend.Forecast, map[string]spend.Forecast) {
	series := spend.AllSeries(b, b.Through()-rules.HistoryDays+1, every)
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
	return spend.Together(all).Plus(spend.Sum(b, in(periods))[currency]), services
}

// forecast says what the periods will cost if nothing changes, as alerts do. It
// is nil while there are too few days to say. The days left of each service come
// with it.
func forecast(b fetcher.Bill, currency string, periods []fetcher.Period) (*Forecast, map[string]spend.Forecast) {
	if len(periods) == 0 || !spend.Foreseeable(int(b.Through()-b.First())+1, periods[0].Days()) {
		return nil, nil
	}
	f, services := forecastIn(b, currency, periods)
	told := Forecast{Total: f.Total, Lo: f.Lo, Hi: f.Hi, Incident: f.Incident}
	if len(f.Incident) > 0 {
		told.GoesOn = &f.GoesOn
	}
	return &told, services
}
