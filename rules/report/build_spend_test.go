package report_test

import (
	"testing"

	"github.com/billbot/billbot/fetcher"
	"github.com/billbot/billbot/rules/report"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/shopspring/decimal"
)

func amount(digits string) *decimal.Decimal {
	d := dec(digits)
	return &d
}

func TestSpendOf(t *testing.T) {
	l := ledger(run("D1", day(8, 20), times(12, "1")+times(10, "2")), run("KV", day(9, 9), "0.5 -"))
	got := report.SpendOf(l.Bill(), noon(day(9, 11)))
	want := []report.Spend{{
		Account: "production", Currency: "USD", Through: day(9, 10),
		Period: fetcher.Period{Start: day(9, 1), End: day(9, 30), EndEstimated: true},
		Total:  dec("20.5"), Periods: 1, Trust: trusted,
		Forecast: &report.Forecast{Total: dec("59.41063792")},
		Services: []report.ServiceSpend{
			{Service: "D1", Yesterday: amount("2"), Period: dec("20"), Usual: dec("1"), Newest: dec("2"), Ahead: dec("54.0383218")},
			{Service: "KV", Yesterday: amount("0"), Period: dec("0.5"), Usual: dec("0"), Ahead: dec("5.37231612")},
		},
	}}
	if diff := cmp.Diff(want, got, cmpopts.IgnoreFields(report.Forecast{}, "Lo", "Hi")); diff != "" {
		t.Errorf("spend (-want +got):\n%s", diff)
	}
	if f := got[0].Forecast; f.Lo.GreaterThan(f.Total) || f.Hi.LessThan(f.Total) {
		t.Errorf("%s is not within %s to %s", f.Total, f.Lo, f.Hi)
	}
}

// A day without data yet is null and not zero; one before newer data is zero.
func TestSpendOfDaysWithoutData(t *testing.T) {
	l := ledger(run("D1", day(9, 1), "1 2 3"), run("KV", day(9, 1), "4 - -"))
	for _, tt := range []struct {
		today        fetcher.Day
		d1, d1Before *decimal.Decimal
		kv, kvBefore *decimal.Decimal
	}{
		{day(9, 3), amount("3"), amount("2"), amount("0"), amount("0")},
		{day(9, 4), nil, amount("3"), nil, amount("0")},
		{day(9, 5), nil, nil, nil, nil},
	} {
		for _, s := range report.SpendOf(l.Bill(), noon(tt.today))[0].Services {
			want := []*decimal.Decimal{tt.d1, tt.d1Before}
			if s.Service == "KV" {
				want = []*decimal.Decimal{tt.kv, tt.kvBefore}
			}
			if diff := cmp.Diff(want, []*decimal.Decimal{s.Today, s.Yesterday}); diff != "" {
				t.Errorf("%s on %s, today and yesterday (-want +got):\n%s", s.Service, tt.today, diff)
			}
		}
	}
}

func TestSpendOfNothing(t *testing.T) {
	if got := report.SpendOf(ledger().Bill(), noon(day(9, 1))); got != nil {
		t.Errorf("got %+v, want nothing", got)
	}
}

// A forecast needs a week of days. Days of the period before are as good.
func TestForecastIsNullAtFirst(t *testing.T) {
	for days, want := range map[int]bool{1: false, 6: false, 7: true} {
		for _, last := range []fetcher.Day{day(9, 10), day(9, 1)} {
			l := ledger(run("D1", last-fetcher.Day(days)+1, times(days, "1")))
			if got := report.SpendOf(l.Bill(), noon(last+1))[0].Forecast; (got != nil) != want {
				t.Errorf("after %d days to %s: got forecast %v, want one: %t", days, last, got, want)
			}
		}
	}
}

func TestSpendOfTwoCurrencies(t *testing.T) {
	l := ledger(run("D1", day(9, 1), times(10, "1")), []fetcher.Charge{row("KV", day(9, 1), day(9, 1), "7", "EUR")})
	got := report.SpendOf(l.Bill(), noon(day(9, 11)))
	if len(got) != 2 || got[0].Currency != "EUR" || got[1].Currency != "USD" {
		t.Fatalf("got %+v, want euros and dollars", got)
	}
	for i, want := range []struct{ service, total, forecast string }{{"KV", "7", "7"}, {"D1", "10", "30"}} {
		s := got[i]
		if !s.Total.Equal(dec(want.total)) || !s.Forecast.Total.Equal(dec(want.forecast)) || len(s.Services) != 1 || s.Services[0].Service != want.service {
			t.Errorf("%s: got %s, forecast %s, %v, want %s, %s of %s", s.Currency, s.Total, s.Forecast.Total, s.Services, want.total, want.forecast, want.service)
		}
	}
}

// Two subscriptions' periods are one sum, each forecast over its own days.
func TestSpendOfTwoOpenPeriods(t *testing.T) {
	var second []fetcher.Charge
	for d := day(8, 20); d <= day(9, 10); d++ {
		second = append(second, row("KV", d, day(8, 20), "3", "USD"))
	}
	s := report.SpendOf(ledger(run("D1", day(9, 1), times(10, "1")), second).Bill(), noon(day(9, 11)))[0]
	if s.Periods != 2 || !s.Total.Equal(dec("76")) || s.Period.Start != day(8, 20) || s.Period.End != day(9, 30) {
		t.Errorf("got %s in %d periods, %s to %s, want 76 in 2, 20 August to 30 September", s.Total, s.Periods, s.Period.Start, s.Period.End)
	}
	if want := dec("123"); !s.Forecast.Total.Equal(want) { // 30 days of D1 and 31 of KV
		t.Errorf("forecast %s, want %s", s.Forecast.Total, want)
	}
}

// A runaway may go on as on its newest day, as its alert says, or be fixed now;
// the forecast is between, and names it.
func TestForecastOfARunaway(t *testing.T) {
	l := ledger(run("D1", day(8, 1), times(40, "0.10")+"100"))
	got := report.SpendOf(l.Bill(), noon(day(9, 11)))[0].Forecast
	want := dec("100.90").Add(dec("2000")) // nine days at a dime, one at $100, twenty to come
	if got.GoesOn == nil || !got.GoesOn.Equal(want) || got.Hi.LessThan(want) {
		t.Fatalf("got %v, want %s if it goes on", got, want)
	}
	if fixed := dec("102.90"); got.Lo.GreaterThan(fixed) || got.Total.LessThan(fixed) || got.Total.GreaterThan(want) {
		t.Errorf("got %s (from %s), want it between %s and %s", got.Total, got.Lo, fixed, want)
	}
	if diff := cmp.Diff([]string{"D1"}, got.Incident); diff != "" {
		t.Errorf("what runs away (-want +got):\n%s", diff)
	}
	r := rulesOf(t, "- {name: month, budget: {amount: 5, period: billing_period}}")
	for _, f := range r.Evaluate(production, l.Bill(), noon(day(9, 11))) {
		if !f.Ended && !f.Projected.Equal(want) {
			t.Errorf("the alert says %s, the report %s", f.Projected, want)
		}
	}
}

func TestStaleSpend(t *testing.T) {
	l := ledger(run("D1", day(9, 1), "1 1 1"))
	for today, want := range map[fetcher.Day]bool{day(9, 6): false, day(9, 7): true} {
		if got := report.SpendOf(l.Bill(), noon(today))[0].Stale; got != want {
			t.Errorf("on %s: stale is %t, want %t", today, got, want)
		}
	}
}

func TestForecasts(t *testing.T) {
	l := ledger(run("D1 (first 5 included)", day(9, 1), "1 1 1 1 1 1"), run("KV", day(9, 5), "2 1"), run("R2", day(8, 30), "9"))
	want := map[string]string{ // KV is new: its days count from its first
		"*": "68.55292608", "D1 (first 5 included)": "30", "KV": "38.55292608", "R2": "0",
	}
	got := map[string]string{}
	for _, f := range report.Forecasts(l.Bill()) {
		got[f.Service] = f.Forecast.Total.String()
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("totals (-want +got):\n%s", diff)
	}
}
