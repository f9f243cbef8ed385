package report

import (
	"time"

	"github.com/billbot/billbot/fetcher"
	"github.com/billbot/billbot/rules/spend"
	"github.com/shopspring/decimal"
)

func every(*fetcher.Line) bool { return true }

// SpendOf reports what an account costs at a moment: one report for each
// currency it is billed in, none while there is no data.
func SpendOf(b fetcher.Bill, now time.Time) []Spend {
	periods := presentPeriods(b)
	if len(periods) == 0 {
		return nil
	}
	var reports []Spend
	inPeriod := spend.Sum(b, in(periods))
	for _, currency := range inPeriod.Currencies() {
		reports = append(reports, spendIn(b, currency, periods, inPeriod[currency], now))
	}
	return reports
}

func spendIn(b fetcher.Bill, currency string, periods []fetcher.Period, total decimal.Decimal, now time.Time) Spend {
	ahead, byServiceAhead := forecast(b, currency, periods)
	s := Spend{
		Account: b.Account.Name, Currency: currency, Through: b.Through(),
		Period: whole(periods), Periods: len(periods), Total: total,
		Forecast: ahead, Trust: b.Trust, Stale: isStale(b.Through(), now),
	}
	today := fetcher.DayOf(now)
	byService := costsByService(b, currency)
	for _, c := range spend.ByService(b, currency, in(periods)) {
		costs := byService[c.Service]
		service := ServiceSpend{
			Service: c.Service, Period: c.Cost,
			Today: costs.on(today), Yesterday: costs.on(today - 1),
			Usual: costs.usual(s.Through + 1),
			Ahead: c.Cost.Add(byServiceAhead[c.Service].Total),
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
func presentPeriods(b fetcher.Bill) []fetcher.Period { return b.Calendar().Open(b.Through()) }

func in(periods []fetcher.Period) func(*fetcher.Line) bool {
	return func(line *fetcher.Line) bool {
		for _, p := range periods {
			if p.Start == line.BillingPeriodStart {
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
func costsOf(b fetcher.Bill, currency string) dailyCosts {
	first, numbers := spend.DailyCost(b, currency, 0)
	costs := make([]decimal.Decimal, len(numbers))
	for i, n := range numbers {
		costs[i] = n.Decimal()
	}
	return dailyCosts{first, costs}
}

// costsByService is the daily costs of each service.
func costsByService(b fetcher.Bill, currency string) map[string]dailyCosts {
	byService := map[string]dailyCosts{}
	for _, s := range spend.AllSeries(b, 0, func(line *fetcher.Line) bool { return line.BillingCurrency == currency }) {
		costs := make([]decimal.Decimal, len(s.Days))
		for i, use := range s.Days {
			costs[i] = use.Cost.Decimal()
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
