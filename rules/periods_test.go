package rules_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/billbot/billbot/fetcher"
	"github.com/google/go-cmp/cmp"
)

// A budget of a billing period through February: anchors at the end of a month
// clamp to its last day, and come back to theirs in March.
func TestBudgetThroughFebruary(t *testing.T) {
	for _, tt := range []struct {
		anchor int
		from   string // the first of three periods
		want   []string
	}{
		{29, "2026-01-29", []string{"02-18 fired 100% 20", "02-28 period_ended 100% 30", "03-20 fired 100% 20", "03-29 period_ended 100% 29", "04-18 fired 100% 20"}},
		{30, "2026-01-30", []string{"02-19 fired 100% 20", "02-28 period_ended 100% 29", "03-20 fired 100% 20", "03-30 period_ended 100% 30", "04-19 fired 100% 20"}},
		{31, "2026-01-31", []string{"02-20 fired 100% 20", "02-28 period_ended 100% 28", "03-20 fired 100% 20", "03-31 period_ended 100% 31", "04-20 fired 100% 20"}},
		{29, "2028-01-29", []string{"02-18 fired 100% 20", "02-29 period_ended 100% 31", "03-20 fired 100% 20", "03-29 period_ended 100% 29", "04-18 fired 100% 20"}},
		{31, "2028-01-31", []string{"02-20 fired 100% 20", "02-29 period_ended 100% 29", "03-20 fired 100% 20", "03-31 period_ended 100% 31", "04-20 fired 100% 20"}},
	} {
		l := newLife(t, "- {name: whole, budget: {amount: 20, period: billing_period}}")
		ledger := anchored(tt.anchor, tt.from, "1x82")
		ledger.Terms.Anchors = []fetcher.Day{fetcher.NewDay(2025, 10, tt.anchor)}
		first := day(tt.from)
		for d := first; d < first+82; d++ {
			l.look(upTo(ledger, d), morningAfter(d))
		}
		l.check(tt.want...)
	}
}

// The period turns between the answer and its evaluation: the old one stands as
// it was, and no new one is made up.
func TestPeriodTurnsBeforeTheEvaluation(t *testing.T) {
	const rule = "- {name: whole, budget: {amount: 20, period: billing_period, actual: [50%, 100%]}}"
	l := newLife(t, rule)
	ledger := bill(line{service: "D1", from: "09-12", costs: "0.5x29", anchor: 12}) // through 10 October
	midnight := day("10-12").Time()
	l.look(ledger, midnight.Add(-time.Minute))
	l.check("10-11 fired 50% 14.5")
	l.look(ledger, midnight.Add(time.Minute))
	l.check()
	if diff := cmp.Diff([]string{"2026-09-12 to 2026-10-11: 14.5"}, measured(t, rule, ledger, "10-12")); diff != "" {
		t.Errorf("measured (-want +got):\n%s", diff)
	}
	late := bill(line{service: "D1", from: "09-12", costs: "0.5x29 8", anchor: 12})
	l.look(late, midnight.Add(6*time.Hour))
	l.look(late, midnight.Add(30*time.Hour))
	l.check("10-12 escalated 100% 22.5")
	l.look(bill(line{service: "D1", from: "09-12", costs: "0.5x29 8 0.1", anchor: 12}), midnight.Add(30*time.Hour))
	l.check("10-13 period_ended 100% 22.5")
}

// An answer with the last day of a period and the first of the next: each is
// measured by itself, and each has its alert.
func TestPeriodThatBeginsMidPoll(t *testing.T) {
	l := newLife(t, "- {name: whole, budget: {amount: 20, period: billing_period}}")
	l.look(bill(line{service: "D1", from: "10-01", costs: "1x9", anchor: 12}), morningAfter(day("10-09")))
	l.look(bill(line{service: "D1", from: "10-01", costs: "1x10 15 30", anchor: 12}), day("10-12").Time().Add(20*time.Hour))
	l.check("10-12 fired 100% 25 (10-12)", "10-12 fired 100% 30 (10-12)")
	if len(l.alerts) != 2 {
		t.Errorf("got %d alerts, want one for each period", len(l.alerts))
	}
}

// The last day is restated in the next period, down and up again.
func TestLastDayRestatedInTheNextPeriod(t *testing.T) {
	l := newLife(t, "- {name: whole, budget: {amount: 20, period: billing_period, forecast: [100%]}}")
	bills := func(last, next string) fetcher.Ledger {
		return bill(line{service: "D1", from: "09-12", costs: "0.5x29 " + last + " " + next, anchor: 12})
	}
	l.look(bills("8", ""), morningAfter(day("10-11")))
	l.check("10-12 fired 100% 22.5")
	l.look(bills("2", "0.1"), morningAfter(day("10-12")))
	l.check("10-13 period_ended 100% 16.5")
	l.look(bills("9", "0.1 0.1"), morningAfter(day("10-13")))
	l.check()
}

// A refund in the next period is that period's, and makes it no budget to
// exceed.
func TestRefundInTheNextPeriod(t *testing.T) {
	l := newLife(t, "- {name: whole, budget: {amount: 20, period: billing_period, forecast: [100%]}}\n"+
		"- {name: grows, budget: {amount: {of: previous_period}, period: month}}")
	l.mornings(bill(line{service: "D1", from: "08-01", costs: "1x31 -60 0.5x29 5x3"}), "08-01", "10-03")
	l.check("08-08 fired forecast 100% 7", "08-21 fired 100% 20", "09-01 period_ended 100% 31",
		"10-02 fired forecast 100% 5")
}

// Quarters and years are the calendar's, in UTC.
func TestQuartersAndYears(t *testing.T) {
	l := bill(line{service: "D1", from: "2026-06-20", costs: "1x200", anchor: 12})
	for _, tt := range []struct {
		period, today string
		want          []string
	}{
		{"quarter", "2026-06-30", []string{"2026-04-01 to 2026-06-30: 11"}},
		{"quarter", "2026-07-05", []string{"2026-04-01 to 2026-06-30: 11", "2026-07-01 to 2026-09-30: 5"}},
		{"quarter", "2026-12-31", []string{"2026-10-01 to 2026-12-31: 92"}},
		{"year", "2026-12-31", []string{"2026-01-01 to 2026-12-31: 195"}},
		{"year", "2027-01-05", []string{"2026-01-01 to 2026-12-31: 195", "2027-01-01 to 2027-12-31: 5"}},
	} {
		got := measured(t, "- {name: r, budget: {amount: 1000, period: "+tt.period+"}}", upTo(l, day(tt.today)), tt.today)
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("%s on %s (-want +got):\n%s", tt.period, tt.today, diff)
		}
	}
}

// The ledger has to reach back as far as the rules look, and no further.
func TestReach(t *testing.T) {
	for budget, want := range map[string]string{
		"amount: 5":                                                   "2026-02-02",
		"amount: {of: previous_period}":                               "2026-02-02",
		"amount: {of: mean, periods: 12}":                             "2025-04-20",
		"amount: 5, period: quarter":                                  "2026-02-02",
		"amount: 5, period: year":                                     "2026-01-01",
		"amount: {of: previous_period}, period: year":                 "2024-12-01",
		"amount: {of: mean, periods: 4}, period: quarter":             "2025-03-01",
		"amount: {of: mean, periods: 60}, period: day":                "2026-02-02",
		"quantity: {of: mean, periods: 12}, period: month":            "2025-05-01",
		"amount: {of: mean, periods: 12}, period: week, actual: [9%]": "2026-02-02",
	} {
		r := rulesOf(t, "- {name: r, budget: {"+budget+"}}\n- {name: s, spike: }")
		if got := r.Reach(day("07-03")); got != day(want) {
			t.Errorf("%s: got %s, want %s", budget, got, want)
		}
	}
	if r := rulesOf(t, "- {name: r, budget: {amount: 5, period: year}}"); r.Reach(day("2027-01-03")) != day("2026-01-01") {
		t.Errorf("a year that ended lately: got %s", r.Reach(day("2027-01-03")))
	}
}

// A ledger cut at what the rules reach says what the whole one does.
func TestReachIsEnough(t *testing.T) {
	whole := bill(line{service: "D1", from: "2024-01-01", costs: "1x1000", anchor: 12})
	for _, budget := range []string{
		"amount: 500, period: year, actual: [10%]", "amount: {of: previous_period}, period: year, actual: [10%]",
		"amount: {of: mean, periods: 12}, actual: [10%]", "amount: {of: mean, periods: 4, times: 2}, period: quarter, actual: [10%]",
		"amount: {of: mean, periods: 12}, period: month", "amount: {of: mean, periods: 60, times: 2}, period: day", "quantity: 5, forecast: [100%]",
	} {
		r := rulesOf(t, "- {name: r, budget: {"+budget+"}}")
		for _, today := range []string{"2026-01-03", "2026-02-28", "2026-07-01", "2026-07-14"} {
			known := upTo(whole, day(today)-1)
			cut := known
			cut.Charges = nil
			for _, c := range known.Charges {
				if c.ChargePeriodStart >= r.Reach(day(today)) {
					cut.Charges = append(cut.Charges, c)
				}
			}
			want, got := r.Evaluate(production, known.Bill(), day(today).Time()), r.Evaluate(production, cut.Bill(), day(today).Time())
			if diff := cmp.Diff(want, got, sameFindings); diff != "" {
				t.Errorf("%s on %s (-whole +cut):\n%s", budget, today, diff)
			}
			if f := got[len(got)-1]; f.Unjudged != "" {
				t.Errorf("%s on %s: %s", budget, today, fmt.Sprint(f.Unjudged))
			}
		}
	}
}
