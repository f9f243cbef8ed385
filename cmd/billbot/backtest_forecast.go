package main

import (
	"cmp"
	"slices"

	"github.com/billbot/billbot/fetcher"
	"github.com/billbot/billbot/rules/report"
	"github.com/shopspring/decimal"
)

// forecastLine is one forecast as the backtest prints it.
type forecastLine struct {
	Day     fetcher.Day     `json:"day"`
	Account string          `json:"account"`
	Service string          `json:"service"` // as the rows have it; "*" for the account
	Total   decimal.Decimal `json:"forecast_total"`
	Lo      decimal.Decimal `json:"lo"`
	Hi      decimal.Decimal `json:"hi"`
}

// forecasts is what each account's mornings were forecast to cost.
type forecasts [][]forecastLine

// look forecasts from each bill that goes through a day asked for. A bill
// seen twice, as no new day came, is forecast once.
func (s forecasts) look(within func(fetcher.Day) bool) func(int, fetcher.Bill) {
	return func(account int, bill fetcher.Bill) {
		day := bill.Through()
		if lines := s[account]; !within(day) || len(lines) > 0 && lines[len(lines)-1].Day == day {
			return
		}
		for _, f := range report.Forecasts(bill) {
			s[account] = append(s[account], forecastLine{
				day, bill.Account.Name, f.Service, f.Forecast.Total, f.Forecast.Lo, f.Forecast.Hi,
			})
		}
	}
}

// print prints the forecasts, day by day.
func (s forecasts) print(b *backtest) error {
	all := slices.Concat(s...)
	slices.SortStableFunc(all, func(a, b forecastLine) int { return cmp.Compare(a.Day, b.Day) })
	for _, line := range all {
		if err := b.print(line, "%s  forecast     %-30s %s (%s to %s)\n", line.Day, line.Service,
			line.Total.Round(2), line.Lo.Round(2), line.Hi.Round(2)); err != nil {
			return err
		}
	}
	return nil
}
