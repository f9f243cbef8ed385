package rules

import (
	"slices"

	"github.com/billbot/billbot/fetcher"
	"github.com/shopspring/decimal"
)

// ladder is the lines of a budget for one amount, rising: those of what is
// spent, and those of what the period will cost. How high it is climbed is the
// level of the one alert that both kinds of lines share. A line of what is
// spent stands above one of the forecast at the same height, as it is the
// forecast come true; and one below a forecast that is passed is no news.
type ladder []rung

type rung struct {
	line     Threshold
	forecast bool
	number   fetcher.Number  // its height
	height   decimal.Decimal // the same, of a forecast
	rearm    decimal.Decimal // below this a forecast has left the rung
}

// rearmPoints is how far below its line, in percent of the budget, a forecast
// must fall before the line counts as left: forecasts waver.
var rearmPoints = decimal.NewFromInt(5)

// newLadder builds in the space it is given, which spares most budgets any more.
func newLadder(space ladder, b *Budget, amount decimal.Decimal) ladder {
	steps := space[:0]
	for i, lines := range [][]Threshold{b.Forecast, b.Actual} {
		for _, line := range lines {
			r := rung{line: line, forecast: i == 0, number: line.height(amount)}
			if r.forecast {
				r.height, r.rearm = line.Limit(amount), line.Rearm(amount)
			}
			steps = append(steps, r)
		}
	}
	slices.SortStableFunc(steps, func(a, b rung) int { return a.number.Cmp(b.number) })
	return steps
}

// climb returns how many rungs up an amount reaches; 0 is none.
func (l ladder) climb(spent fetcher.Number) int {
	for i := len(l) - 1; i >= 0; i-- {
		if !l[i].forecast && spent.Cmp(l[i].number) >= 0 {
			return i + 1
		}
	}
	return 0
}

// ahead returns how many rungs up a forecast reaches, and how many it holds: a
// line is left only some points below where it was passed.
func (l ladder) ahead(projected decimal.Decimal) (reached, held int) {
	for i, r := range l {
		if r.forecast && projected.Cmp(r.height) >= 0 {
			reached = i + 1
		}
		if r.forecast && projected.Cmp(r.rearm) >= 0 {
			held = i + 1
		}
	}
	return reached, held
}

// take climbs to a rung: the finding speaks of its line.
func (f *Finding) take(l ladder, step int) {
	f.Step, f.Open = step, step > 0
	f.Kind, f.Threshold, f.Limit = KindBudget, "", f.Budget
	if step == 0 {
		return
	}
	r := l[step-1]
	f.Threshold = r.line.String()
	if r.forecast {
		f.Kind = KindForecast
	}
	if r.line.Amount != nil {
		f.Limit = *r.line.Amount
	}
}
