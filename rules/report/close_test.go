package report_test

import (
	"testing"

	"github.com/billbot/billbot/fetcher"
	"github.com/billbot/billbot/rules"
	"github.com/billbot/billbot/rules/report"
	"github.com/google/go-cmp/cmp"
)

func september() fetcher.Period { return fetcher.Period{Start: day(9, 1), End: day(9, 30)} }

// A period can be closed from the sixth day after its end on.
func TestSettled(t *testing.T) {
	bill := watched(run("D1", day(8, 1), times(66, "1"))).Bill
	for _, tt := range []struct {
		today fetcher.Day
		want  int
	}{{day(9, 30), 0}, {day(10, 5), 0}, {day(10, 6), 1}, {day(10, 19), 1}, {day(10, 20), 0}} {
		if got := report.Settled(bill, tt.today, 14); len(got) != tt.want || tt.want == 1 && got[0].Start != day(9, 1) {
			t.Errorf("on %s: got %v, want %d", tt.today, got, tt.want)
		}
	}
}

func TestCloseOf(t *testing.T) {
	bill := watched(run("D1", day(8, 1), times(31, "1")+times(30, "2")+times(5, "9")), run("KV", day(8, 1), times(31, "0.5"))).Bill
	r := rulesOf(t, "- {name: month, budget: {amount: 50}}\n- {name: day, budget: {amount: 6, period: day}}")
	alerts := []rules.Alert{
		{ID: "in", State: rules.Firing, Day: day(9, 3), Finding: rules.Finding{Kind: rules.KindSpike, Currency: "USD"}},
		{ID: "over", State: rules.Resolved, Day: day(9, 30), Finding: rules.Finding{Kind: rules.KindBudget, Currency: "USD"}},
		{ID: "late", State: rules.Firing, Day: day(10, 1), Finding: rules.Finding{Kind: rules.KindSpike, Currency: "USD"}},
		{ID: "doubt", State: rules.Unknown, Day: day(9, 3), Finding: rules.Finding{Kind: rules.KindStale}},
	}
	findings := r.Evaluate(production, bill.Until(day(9, 30)), noon(day(9, 30)))
	c := report.CloseOf(bill, september(), findings, alerts)[0]
	if !c.Total.Equal(dec("60")) || c.Before == nil || !c.Before.Equal(dec("46.5")) || c.Alerts != 2 || len(c.Open) != 1 {
		t.Errorf("got %+v, want 60 after 46.5 with two alerts, one of them open", c)
	}
	if len(c.Budgets) != 1 || c.Budgets[0].Rule != "month" || !c.Budgets[0].Spent.Equal(dec("60")) {
		t.Errorf("budgets: got %+v, want that of the period at 60", c.Budgets)
	}
	want := [][]string{
		{"Service", "Period", "Before"}, {"D1", "$60.00", "$31.00"}, {"KV", "$0.00", "$15.50"}, {"Together", "$60.00", "$46.50"},
	}
	if diff := cmp.Diff(want, report.CloseTable(c)); diff != "" {
		t.Errorf("table (-want +got):\n%s", diff)
	}
	if got, want := report.CloseTitle(c), "production: 1 Sep to 30 Sep closed at $60.00, $13.50 more than the period before"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

// Forecasts are those of then: they know nothing of later days.
func TestForecastsAreThoseOfThen(t *testing.T) {
	calm := watched(run("D1", day(8, 1), times(61, "2"))).Bill
	risen := watched(run("D1", day(8, 1), times(47, "2")+times(14, "20"))).Bill
	a, b := report.CloseOf(calm, september(), nil, nil)[0], report.CloseOf(risen, september(), nil, nil)[0]
	if len(a.Foretold) != 5 || len(b.Foretold) != 5 {
		t.Fatalf("got %d and %d forecasts, want five", len(a.Foretold), len(b.Foretold))
	}
	for i := range 3 { // days 3, 7 and 14, before the rise on day 17
		if diff := cmp.Diff(a.Foretold[i], b.Foretold[i]); diff != "" {
			t.Errorf("day %s knows of the future:\n%s", a.Foretold[i].Day, diff)
		}
	}
	if f := a.Foretold[2]; !f.Total.Equal(dec("60")) || !f.Held(a.Total) {
		t.Errorf("of a steady service: got %+v, want 60", f)
	}
	if b.Foretold[2].Held(b.Total) {
		t.Errorf("a forecast of %+v held against %s", b.Foretold[2], b.Total)
	}
}

// A forecast is told from a week of data on, and a period billed in two
// currencies is closed in each.
func TestCloseOfLittle(t *testing.T) {
	bill := watched(run("D1", day(9, 1), times(30, "2")), []fetcher.Charge{row("KV", day(9, 2), day(9, 1), "3", "EUR")}).Bill
	closes := report.CloseOf(bill, september(), nil, nil)
	if len(closes) != 2 || closes[0].Currency != "EUR" || closes[1].Currency != "USD" {
		t.Fatalf("got %+v, want one in EUR and one in USD", closes)
	}
	c := closes[1]
	if len(c.Foretold) != 4 || c.Foretold[0].Day != day(9, 7) || c.Before != nil {
		t.Errorf("got %+v, want four forecasts from day 7 on and no period before", c)
	}
	if closes := report.CloseOf(watched().Bill, september(), nil, nil); closes != nil {
		t.Errorf("of nothing: got %+v", closes)
	}
}
