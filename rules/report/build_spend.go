package report

import (
	"time"

	"github.com/billbot/billbot/fetcher"
	"github.com/billbot/billbot/rules/spend"
	"github.com/shopspring/decimal"
)

func every(fetcher.Charge) bool { return true }

// SpendOf reports what an account costs at a moment: one report for each
// currency it is billed in, none while there is no data.
func SpendOf(l fetcher.Ledger, now time.Time) []Spend {
	periods := presentPeriods(l)
	if len(periods) == 0 {
		return nil
	}
	var reports []Spend
	inPeriod := spend.Sum(l.Charges, in(periods))
	for _, currency := range inPeriod.Currencies() {
		reports = append(reports, spendIn(l, currency, periods, inPeriod[currency], now))
	}
	return reports
}

func spendIn(l fetcher.Ledger, currency string, periods []fetcher.Period, total decimal.Decimal, now time.Time) Spend {
	s := Spend{
		Account: l.Account.Name, Currency: currency, Through: l.Through(),
		Period: whole(periods), Periods: len(periods), Total: total,
		Forecast: forecast(l, currency, periods), Trust: l.Trust, Stale: isStale(l.Through(), now),
	}
	today := fetcher.DayOf(now)
	byService := costsByService(l, currency)
	for _, c := range spend.ByService(l.Charges, currency, in(periods)) {
		costs := byService[c.Service]
		service := ServiceSpend{
			Service: c.Service, Period: c.Cost,
			Today: costs.on(today), Yesterday: costs.on(today - 1),
			Usual: costs.usual(s.Through + 1),
		}
		if newest := costs.on(s.Through); newest != nil {
			service.Newest = *newest
		}
		s.Services = append(s.Services, service)
	}
	return s
}

// presentPeriods is the billing periods that the newest charge day falls in:
// one for each subscription.
func presentPeriods(l fetcher.Ledger) []fetcher.Period { return l.OpenPeriods(l.Through()) }

func in(periods []fetcher.Period) func(fetcher.Charge) bool {
	return func(c fetcher.Charge) bool {
		for _, p := range periods {
			if p.Start == c.BillingPeriodStart {
				return true
			}
		}
		return false
	}
}

// whole is the days the periods reach over together.
func whole(periods []fetcher.Period) fetcher.Period {
	p := periods[0]
	for _, q := range periods[1:] {
		p.Start = min(p.Start, q.Start)
		if q.End > p.End {
			p.End, p.EndEstimated = q.End, q.EndEstimated
		}
	}
	return p
}

// dailyCosts is the cost of each day from first on.
type dailyCosts struct {
	first fetcher.Day
	costs []decimal.Decimal
}

// costsOf is the daily costs of all services together.
func costsOf(l fetcher.Ledger, currency string) dailyCosts {
	first, costs := spend.DailyCost(l.Charges, currency, every)
	return dailyCosts{first, costs}
}

// costsByService is the daily costs of each service.
func costsByService(l fetcher.Ledger, currency string) map[string]dailyCosts {
	byService := map[string]dailyCosts{}
	for _, s := range spend.AllSeries(l.Charges, func(c fetcher.Charge) bool { return c.BillingCurrency == currency }) {
		costs := make([]decimal.Decimal, len(s.Days))
		for i, use := range s.Days {
			costs[i] = use.Cost
		}
		byService[s.Service] = dailyCosts{s.First, costs}
	}
	return byService
}

// on is what a day cost; nil if there is no data of that day, nor of a later
// one.
func (d dailyCosts) on(day fetcher.Day) *decimal.Decimal {
	if i := int(day - d.first); i >= 0 && i < len(d.costs) {
		return &d.costs[i]
	}
	return nil
}

// usual is the median cost of the days before a day.
func (d dailyCosts) usual(before fetcher.Day) decimal.Decimal {
	end := min(len(d.costs), max(0, int(before-d.first)))
	return spend.Median(d.costs[max(0, end-spend.UsualDays):end])
}
