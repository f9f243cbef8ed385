package rules_test

import (
	"fmt"
	"testing"

	"github.com/billbot/billbot/fetcher"
	"github.com/billbot/billbot/rules"
)

// judged is a budget's newest finding in a line: "of 25", or why there is no
// limit.
func judged(t testing.TB, budget string, l fetcher.Ledger, today string) string {
	t.Helper()
	findings := rulesOf(t, "- {name: r, services: [D1], budget: {"+budget+"}}").Evaluate(production, l.Bill(), day(today).Time())
	f := findings[len(findings)-1]
	switch {
	case f.Unjudged != "" && (f.Open || f.Step > 0 || !f.Budget.IsZero()):
		t.Errorf("%s: not judged, and at step %d of %s", budget, f.Step, f.Budget)
	case f.Unjudged != "":
		return string(f.Unjudged)
	case f.Basis == nil:
		return "of " + f.Budget.String()
	}
	return fmt.Sprintf("of %s from %d", f.Budget, f.Basis.Known)
}

// An amount made from earlier periods is theirs, exactly, and there is none
// before one is known whole.
func TestAmountOfEarlierPeriods(t *testing.T) {
	months := bill(
		line{service: "D1", from: "05-01", costs: "1x31 2x30 3x31 4x5"}, // 31, 60, 93 and so on
		line{service: "KV", from: "04-20", costs: "9x11"})
	mean := "amount: {of: mean, periods: 3, times: 2}, period: "
	previous := "amount: {of: previous_period, times: 1.25}, period: "
	half := bill(line{service: "D1", from: "07-03", costs: "1x40"})
	asked := half
	asked.Terms.Reaches = day("07-01")
	for _, tt := range []struct {
		name, budget string
		ledger       fetcher.Ledger
		today, want  string
	}{
		{"the month before", previous + "month", months, "08-06", "of 116.25 from 1"},
		{"times one", "amount: {of: previous_period}, period: month", months, "08-06", "of 93 from 1"},
		{"the mean", mean + "month", months, "08-06", "of 122.66666666666666666 from 3"},
		{"the mean of two", mean + "month", months, "07-31", "of 91 from 2"},
		{"another service's month", previous + "month", months, "05-31", "no_earlier_period"},
		{"a month of nothing", previous + "month", bill(line{service: "KV", from: "07-01", costs: "1x40"}), "08-06", "nothing_earlier"},
		{"a refund", previous + "month", bill(line{service: "D1", from: "07-01", costs: "-1x31 1"}), "08-06", "nothing_earlier"},
		{"half a month", previous + "month", half, "08-06", "no_earlier_period"},
		{"a quiet start, but asked for", previous + "month", asked, "08-06", "of 36.25 from 1"},
		{"the week before", previous + "week", months, "07-15", "of 26.25 from 1"},
		{"the quarter before", previous + "quarter", months, "08-06", "no_earlier_period"},
		{"the billing period before", previous + "billing_period", bill(line{service: "D1", from: "06-12", costs: "2x60", anchor: 12}), "08-06", "of 75 from 1"},
		{"half a billing period", previous + "billing_period", bill(line{service: "D1", from: "06-14", costs: "2x60", anchor: 12}), "08-06", "no_earlier_period"},
		{"clamped billing periods", previous + "billing_period", anchored(31, "01-31", "1x85"), "04-10", "of 38.75 from 1"},
		{"the day before the last one over", previous + "day", months, "08-05", "of 3.75 from 1"},
		{"the days before", "amount: {of: mean, periods: 2, times: 3}, period: day", months, "08-05", "of 12 from 2"},
		{"no data", previous + "month", bill(), "08-06", "no_earlier_period"},
	} {
		if got := judged(t, tt.budget, tt.ledger, tt.today); got != tt.want {
			t.Errorf("%s: got %q, want %q", tt.name, got, tt.want)
		}
	}
}

// What has no limit yet never fires; the next period does.
func TestNoEarlierPeriodNeverFires(t *testing.T) {
	l := newLife(t, `- {name: grows, budget: {amount: {of: previous_period, times: 1.5}, period: month, forecast: [100%]}}`)
	l.mornings(bill(line{service: "D1", from: "07-10", costs: "50x22 1x31 2x14"}), "07-10", "09-13")
	l.check("09-07 fired forecast 100% 12")
	if f := l.newest().Finding; !f.Budget.Equal(dec("46.5")) || !f.Basis.Amount.Equal(dec("31")) {
		t.Errorf("got a budget of %s, made from %+v", f.Budget, f.Basis)
	}
}

// A month before is restated while the present one runs: the limit moves, and
// nobody is told that the budget was raised.
func TestEarlierPeriodIsRestated(t *testing.T) {
	l := newLife(t, `- {name: grows, budget: {amount: {of: previous_period}, period: month, actual: [50%]}}`)
	l.look(bill(line{service: "D1", from: "08-01", costs: "1x31 16"}), morningAfter(day("09-01")))
	l.check("09-02 fired 50% 16")
	l.look(bill(line{service: "D1", from: "08-01", costs: "1x30 9 16"}), morningAfter(day("09-01")))
	if a := l.newest(); a.State != rules.Firing || !a.Finding.BudgetWas.IsZero() {
		t.Errorf("got %s, budget was %s", a.State, a.Finding.BudgetWas)
	}
	l.check()
}

// An amount for each month is that of the month in which a period begins.
func TestAmountOfMonths(t *testing.T) {
	const months = "amount: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12], period: "
	for _, tt := range []struct{ period, today, want string }{
		{"month", "09-10", "of 9"},
		{"month", "2026-12-31", "of 12"},
		{"month", "2027-01-10", "of 1"},
		{"billing_period", "09-11", "of 8"},
		{"billing_period", "09-12", "of 9"},
	} {
		l := bill(line{service: "D1", from: "08-12", costs: "0x200", anchor: 12})
		if got := judged(t, months+tt.period, upTo(l, day(tt.today)), tt.today); got != tt.want {
			t.Errorf("%s on %s: got %q, want %q", tt.period, tt.today, got, tt.want)
		}
	}
}

// anchored is a bill of D1 with billing periods that begin on a day of the
// month, clamped to its last.
func anchored(anchor int, from, costs string) fetcher.Ledger {
	l := bill(line{service: "D1", from: from, costs: costs})
	for i := range l.Charges {
		c := &l.Charges[i]
		c.BillingPeriodStart = clampedStart(c.ChargePeriodStart, anchor)
	}
	fetcher.SortCharges(l.Charges)
	return l
}

func clampedStart(d fetcher.Day, anchor int) fetcher.Day {
	year, month, _ := d.Time().Date()
	start := min(fetcher.NewDay(year, month, anchor), fetcher.NewDay(year, month+1, 0))
	if start > d {
		start = min(fetcher.NewDay(year, month-1, anchor), fetcher.NewDay(year, month, 0))
	}
	return start
}
