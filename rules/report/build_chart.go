package report

import (
	"cmp"
	"slices"

	"github.com/billbot/billbot/fetcher"
	"github.com/billbot/billbot/rules"
	"github.com/billbot/billbot/rules/spend"
	"github.com/shopspring/decimal"
)

// How much a chart shows. Slack draws twenty points and six series at most.
const (
	chartDays    = 14
	chartPoints  = 20
	chartSeries  = 6
	chartLeast   = 3 // days below which there is nothing to see
	chartHistory = 7 // days before the first shown that make a usual
)

// AlertChart shows the last fourteen days of what an alert is about, against
// what was usual before each of them: what is used of an allowance, else what it
// cost. It is nil for alerts that are not about amounts, while fewer than three
// days are known, and where all of them are zero.
func AlertChart(b fetcher.Bill, rule rules.Rule, f rules.Finding) *Chart {
	shown, first := lastDays(b), b.First()
	if !isDrawn(f) || shown.Days() < chartLeast {
		return nil
	}
	known := shown
	known.Start = max(first, shown.Start-spend.UsualDays)
	total := gridOf(b, known, aboutOf(rule, f)).total()
	c := &Chart{Of: f.Subject.Service, Currency: f.Currency, Days: shown, Each: 1}
	if inQuantity(f) {
		c.Currency, c.Unit = "", unitOf(f)
	}
	n := shown.Days()
	if !slices.ContainsFunc(total[len(total)-n:], decimal.Decimal.IsPositive) {
		return nil
	}
	c.Series = []Series{{SeriesActual, drawn(total[len(total)-n:])}}
	if shown.Start-first >= chartHistory {
		c.Series = append(c.Series, Series{SeriesUsual, drawn(usualOf(total, n))})
	}
	return c
}

// isDrawn reports whether a finding is about amounts of one bill.
func isDrawn(f rules.Finding) bool {
	switch f.Kind {
	case rules.KindSpike, rules.KindBudget, rules.KindForecast, rules.KindAllowance, rules.KindPrice:
		return f.Subject.Currency == ""
	}
	return false
}

// lastDays is what a chart shows of a bill: no day at all of an empty one.
func lastDays(b fetcher.Bill) fetcher.Period {
	through, first := b.Through(), b.First()
	if first.IsZero() {
		return fetcher.Period{Start: 1}
	}
	return fetcher.Period{Start: max(first, through-chartDays+1), End: through}
}

// StormChart shows what the services of a storm cost on the last fourteen days, in
// front of all of them together. Those that cost nothing, as an allowance hides
// them from the bill, and those of another currency than the first are left out.
func StormChart(b fetcher.Bill, storm []rules.Alert) *Chart {
	services, currency := map[string]bool{}, ""
	for _, a := range storm {
		if f := a.Finding; isDrawn(f) && f.Currency != "" {
			currency = cmp.Or(currency, f.Currency)
			services[f.Subject.Service] = true
		}
	}
	g := gridOf(b, lastDays(b), func(l *fetcher.Line) (fetcher.Column, bool) {
		return l.Costs, services[l.Service] && l.BillingCurrency == currency
	})
	g.names = slices.DeleteFunc(g.names, func(name string) bool { return !slices.ContainsFunc(g.rows[name], decimal.Decimal.IsPositive) })
	c := servicesChart(g)
	if c == nil {
		return nil
	}
	if c.Currency = currency; len(g.names) > 1 {
		c.Series[0].Name = SeriesTogether
	}
	return c
}

// inQuantity reports whether a finding is shown by what was used: a quota, or a
// spike that the allowance still hides from the bill.
func inQuantity(f rules.Finding) bool { return f.Quantity || f.Valued }

func unitOf(f rules.Finding) string {
	if f.Unit == "" && len(f.Causes) > 0 {
		return f.Causes[0].Unit
	}
	return f.Unit
}

// aboutOf measures what a rule's finding is about.
func aboutOf(rule rules.Rule, f rules.Finding) measure {
	unit := unitOf(f)
	return func(l *fetcher.Line) (fetcher.Column, bool) {
		mine := (f.Subject.Service == "" || l.Service == f.Subject.Service) &&
			(f.Subject.Zone == "" || l.ZoneName == f.Subject.Zone || l.ZoneID == f.Subject.Zone) &&
			rule.Match.Line(l)
		if inQuantity(f) {
			return l.Quantities, mine && (unit == "" || l.ConsumedUnit == unit)
		}
		return l.Costs, mine && l.BillingCurrency == f.Currency
	}
}

// servicesChart shows what the dearest services of bills cost over some days,
// in front of all of them together. It is nil where there is too little to see.
func servicesChart(g grid) *Chart {
	if g.days.Days() < chartLeast || len(g.names) == 0 {
		return nil
	}
	each := (g.days.Days() + chartPoints - 1) / chartPoints
	c := &Chart{Days: g.days, Each: each, Layered: true}
	if len(g.names) > 1 {
		c.Series = []Series{{SeriesAll, drawn(means(g.total(), each))}}
	}
	for _, name := range g.names[:min(len(g.names), chartSeries-1)] {
		c.Series = append(c.Series, Series{name, drawn(means(g.rows[name], each))})
	}
	return c
}

// means takes each so many days together.
func means(days []decimal.Decimal, each int) []decimal.Decimal {
	if each < 2 {
		return days
	}
	var points []decimal.Decimal
	for i := 0; i < len(days); i += each {
		group := days[i:min(len(days), i+each)]
		points = append(points, decimal.Sum(decimal.Zero, group...).DivRound(decimal.NewFromInt(int64(len(group))), chartDivided))
	}
	return points
}

// chartDivided is how many places a mean of days is taken to.
const chartDivided = 9
