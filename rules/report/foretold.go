package report

import (
	"maps"
	"slices"

	"github.com/billbot/billbot/fetcher"
	"github.com/billbot/billbot/rules/spend"
	"github.com/shopspring/decimal"
)

// Foretold is what a billing period was forecast to cost once a day of it was
// known.
type Foretold struct {
	Day   fetcher.Day     `json:"day"`
	Total decimal.Decimal `json:"total"`
	Lo    decimal.Decimal `json:"lo"`
	Hi    decimal.Decimal `json:"hi"`
	// Runaway says that a service ran away on the day: Total is if it had gone
	// on like that.
	Runaway bool `json:"runaway,omitempty"`
}

// Held reports whether what the period came to lies in the band.
func (f Foretold) Held(total decimal.Decimal) bool {
	return f.Lo.LessThanOrEqual(total) && total.LessThanOrEqual(f.Hi)
}

// foretoldDays are the days of a period whose forecasts its close looks back on.
var foretoldDays = [...]int{3, 7, 14, 21, 28}

// foretold recomputes what was forecast during a period, from the bill as it was
// known on those days: the forecast of then, not one that knows better.
// Restatements since are in it, as far as they were of days before.
func foretold(b fetcher.Bill, currency string, p fetcher.Period) []Foretold {
	var told []Foretold
	for _, n := range foretoldDays {
		day := p.Start + fetcher.Day(n) - 1
		first := b.First()
		if day >= p.End || first.IsZero() || !spend.Foreseeable(int(day-first)+1, p.Days()) {
			continue
		}
		f, _ := forecastIn(b.Until(day), currency, []fetcher.Period{p})
		if len(f.Incident) > 0 {
			f.Total = f.GoesOn
		}
		told = append(told, Foretold{day, f.Total, f.Lo, f.Hi, len(f.Incident) > 0})
	}
	return told
}

func values(costs map[string]decimal.Decimal) []decimal.Decimal {
	return slices.Collect(maps.Values(costs))
}
