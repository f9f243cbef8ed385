package rules_test

import (
	"strconv"
	"testing"

	"github.com/billbot/billbot/rules"
)

const foreseen = `- {name: whole, budget: {amount: 25, period: month, actual: [50%, 100%], forecast: [100%]}}`

// A forecast and the spending that makes it true are one alert, with one
// message, that fires once as each. What is spent
// below the forecast's line is no news once that is told.
func TestForecastComesTrue(t *testing.T) {
	l := newLife(t, foreseen)
	l.mornings(bill(line{service: "D1", from: "09-01", costs: "1x32"}), "09-01", "09-30")
	l.check("09-08 fired forecast 100% 7", "09-26 fired 100% 25", "10-01 period_ended 100% 30")
	if len(l.alerts) != 1 || len(l.newest().Kinds) != 2 {
		t.Errorf("got %d alerts, the newest fired as %v, want one, as both kinds", len(l.alerts), l.newest().Kinds)
	}
}

// What is spent may pass its lines before the forecast does.
func TestForecastAfterALine(t *testing.T) {
	l := newLife(t, foreseen)
	l.mornings(bill(line{service: "D1", from: "09-01", costs: "0.8x19 2x8"}), "09-01", "09-27")
	l.check("09-17 fired 50% 12.8", "09-21 fired forecast 100% 17.2", "09-25 escalated 100% 25.2")
}

// Everything at once is one message, at the highest line.
func TestForecastAndLineAtOnce(t *testing.T) {
	l := newLife(t, foreseen)
	l.mornings(bill(line{service: "D1", from: "09-01", costs: "0.1x8 30 0"}), "09-01", "09-10")
	l.check("09-10 fired 100% 30.8")
}

// A budget with a forecast alone is told when it is over too.
func TestForecastAlone(t *testing.T) {
	l := newLife(t, `- {name: whole, budget: {amount: 25, period: month, forecast: [80%, 100%]}}`)
	l.mornings(bill(line{service: "D1", from: "09-01", costs: "0.7x15 2x8"}), "09-01", "09-23")
	l.check("09-08 fired forecast 80% 4.9", "09-18 escalated forecast 100% 14.5", "09-24 fired 100% 26.5")
}

// Six days of an account say nothing about a month, and ten none about a year.
func TestForecastIsNotToldTooEarly(t *testing.T) {
	for budget, want := range map[string][]string{
		"amount: 10, period: week": { // from Monday, 28 September and 5 October
			"10-08 fired forecast 100% 9"},
		"amount: 30, period: month":   {"10-08 fired forecast 100% 21"},
		"amount: 30, period: quarter": {"10-10 fired forecast 100% 27"},
		"amount: 30, period: year":    nil, // of which one day in ten must be known
	} {
		l := newLife(t, `- {name: whole, budget: {`+budget+`, actual: [1000%], forecast: [100%]}}`)
		l.mornings(bill(line{service: "D1", from: "10-01", costs: "3x10"}), "10-01", "10-10")
		l.check(want...)
	}
}

// With a period before it, a period is forecast from its first day on, and not
// before.
func TestForecastFromTheFirstDay(t *testing.T) {
	l := newLife(t, `- {name: whole, budget: {amount: 25, period: month, actual: [1000%], forecast: [100%]}}`)
	l.mornings(bill(line{service: "D1", from: "09-01", costs: "1x33"}), "09-30", "10-03")
	l.check("10-02 fired forecast 100% 1")
}

// In an account's first week no message says what a period will cost: not of
// what is spent, nor of a spike, nor of what is included.
func TestNothingIsForeseenInTheFirstWeek(t *testing.T) {
	r := rulesOf(t, `
- {name: spent, budget: {amount: 5, period: month, forecast: [200%]}}
- {name: used, budget: {quantity: 5000, period: month}}
- {name: runaway, spike: }
- {name: allowances, allowance: {cost: 20.00}}`)
	for days, want := range map[int]bool{6: false, 7: true} {
		l := bill(line{service: "Vectors (first 9 million included)", from: "09-01", costs: "0.1x" + strconv.Itoa(days-1) + " 50"})
		kinds := map[rules.Kind]bool{}
		for _, f := range r.Evaluate(production, l.Bill(), morningAfter(l.Through())) {
			projected := f.Projected
			if f.Included != nil {
				projected = f.Included.Projected
			}
			if kinds[f.Kind] = true; projected.IsPositive() != want {
				t.Errorf("%s %s after %d days: projected %s, want any: %t", f.Rule, f.Kind, days, projected, want)
			}
		}
		if len(kinds) < 3 {
			t.Errorf("after %d days: got %v, want a budget, a spike and an allowance", days, kinds)
		}
	}
}

// A forecast that wavers about its line is told once. Five points below it the
// line is left, and passing it again is news.
func TestForecastHasABand(t *testing.T) {
	l := newLife(t, `- {name: whole, services: [D1], budget: {amount: 100, period: month, forecast: [100%]}}`)
	all := line{service: "KV", from: "09-01", costs: "0x30"}
	look := func(through string, costs string) {
		l.look(bill(line{service: "D1", from: "09-01", costs: costs}, upToLine(all, through)), morningAfter(day(through)))
	}
	look("09-10", "3.4x10") // 102
	l.check("09-11 fired forecast 100% 34")
	look("09-11", "3.4x4 3.15x7") // 95.5: not five points below
	look("09-12", "3.4x4 3.15x8")
	look("09-13", "3.4x13")
	l.check()
	if got := l.newest(); got.State != rules.Firing || got.Finding.Kind != rules.KindForecast {
		t.Fatalf("got %s, %s", got.State, got.Finding.Kind)
	}
	look("09-14", "2.9x14") // 87
	l.check()               // the next day may take it back
	look("09-15", "2.9x15")
	l.check("09-16 resolved forecast 100% 43.5")
	look("09-16", "3.2x16") // 96: below the line
	l.check()
	look("09-17", "3.4x17") // 102: above it again
	l.check("09-18 escalated forecast 100% 57.8")
}

// upToLine is a line until a day.
func upToLine(l line, last string) line {
	l.costs = words(l.costs)[0] + "x" + strconv.Itoa(int(day(last)-day(l.from))+1)
	return l
}
