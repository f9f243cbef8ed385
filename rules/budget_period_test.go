package rules_test

import (
	"fmt"
	"testing"

	"github.com/billbot/billbot/fetcher"
	"github.com/billbot/billbot/rules"
	"github.com/google/go-cmp/cmp"
)

// measured is what each period of a budget's findings holds: "2026-08-12 to
// 2026-09-11: 24 (2 periods)".
func measured(t *testing.T, written string, l fetcher.Ledger, today string) []string {
	t.Helper()
	var got []string
	for _, f := range rulesOf(t, written).Evaluate(production, l.Bill(), day(today).Time()) {
		text := fmt.Sprintf("%s to %s: %s", f.Period.Start, f.Period.End, f.Amount)
		if f.Spans > 1 {
			text += fmt.Sprintf(" (%d periods)", f.Spans)
		}
		got = append(got, text)
	}
	return got
}

func TestBudgetOfABillingPeriod(t *testing.T) {
	const rule = "- {name: whole, budget: {amount: 25, period: billing_period}}"
	midMonth := line{service: "D1", from: "09-01", costs: "1x20", anchor: 12}
	two := bill(
		line{service: "D1", from: "09-01", costs: "1x20", sub: "a"},
		line{service: "KV", from: "09-01", costs: "10x20", sub: "b", anchor: 12})
	for _, tt := range []struct {
		name   string
		ledger fetcher.Ledger
		today  string
		want   []string
	}{
		{"nothing yet", bill(), "09-01", nil},
		{"from the anchor on", bill(midMonth), "09-21", []string{"2026-09-12 to 2026-10-11: 9"}},
		{"and lately the one before", bill(midMonth), "09-15", []string{"2026-08-12 to 2026-09-11: 11", "2026-09-12 to 2026-10-11: 9"}},
		{"two subscriptions are one sum of what is open", two, "09-21", []string{"2026-09-12 to 2026-09-30: 110 (2 periods)"}},
		{"two before the second anchor", upTo(two, day("09-11")), "09-11", []string{"2026-09-01 to 2026-09-11: 121 (2 periods)"}},
		{"one of two, while the next has no rows", upTo(two, day("09-20")), "10-01",
			[]string{"2026-09-12 to 2026-09-30: 110 (2 periods)", "2026-10-01 to 2026-10-11: 90"}},
		{"two just after it", two, "09-13", []string{"2026-09-01 to 2026-09-11: 121 (2 periods)", "2026-09-12 to 2026-09-30: 110 (2 periods)"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, measured(t, rule, tt.ledger, tt.today)); diff != "" {
				t.Errorf("periods (-want +got):\n%s", diff)
			}
		})
	}
}

// Weeks begin on Monday; months and weeks are the calendar's, in UTC.
func TestBudgetOfACalendarPeriod(t *testing.T) {
	l := bill(line{service: "D1", from: "2026-12-20", costs: "1x40", anchor: 12})
	for _, tt := range []struct {
		period, today string
		want          []string
	}{
		{"month", "2026-12-31", []string{"2026-12-01 to 2026-12-31: 12"}},
		{"month", "2027-01-01", []string{"2026-12-01 to 2026-12-31: 12", "2027-01-01 to 2027-01-31: 28"}},
		{"month", "2027-01-05", []string{"2026-12-01 to 2026-12-31: 12", "2027-01-01 to 2027-01-31: 28"}},
		{"month", "2027-01-06", []string{"2027-01-01 to 2027-01-31: 28"}},
		{"week", "2027-01-02", []string{"2026-12-28 to 2027-01-03: 7"}},
		{"week", "2027-01-04", []string{"2026-12-28 to 2027-01-03: 7", "2027-01-04 to 2027-01-10: 7"}},
		{"week", "2026-12-26", []string{"2026-12-21 to 2026-12-27: 7"}},
		{"week", "2026-12-25", []string{"2026-12-14 to 2026-12-20: 1", "2026-12-21 to 2026-12-27: 7"}},
	} {
		got := measured(t, "- {name: r, budget: {amount: 100, period: "+tt.period+"}}", l, tt.today)
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("%s on %s (-want +got):\n%s", tt.period, tt.today, diff)
		}
	}
}

// Amounts of another currency are told beside the budget and never added.
func TestBudgetKeepsCurrenciesApart(t *testing.T) {
	l := bill(
		line{service: "D1", from: "09-01", costs: "20"},
		line{service: "D1", from: "09-02", costs: "15", currency: "EUR"},
		line{service: "KV", from: "09-02", costs: "1"})
	for _, tt := range []struct{ budget, currency, amount, others string }{
		{"{amount: 25, period: month}", "USD", "21", "[{15 EUR}]"},
		{"{amount: 25, period: month, currency: EUR}", "EUR", "15", "[{21 USD}]"},
		{"{amount: 25, period: month, currency: GBP}", "GBP", "0", "[{15 EUR} {21 USD}]"},
		{"{amount: 5, period: day, currency: EUR}", "EUR", "15", "[{1 USD}]"},
	} {
		findings := rulesOf(t, "- {name: r, budget: "+tt.budget+"}").Evaluate(production, l.Bill(), morningAfter(day("09-02")))
		f := findings[len(findings)-1]
		if others := fmt.Sprint(f.Others); f.Currency != tt.currency || !f.Amount.Equal(dec(tt.amount)) || others != tt.others {
			t.Errorf("%s: got %s %s beside %s, want %s %s beside %s", tt.budget, f.Amount, f.Currency, others, tt.amount, tt.currency, tt.others)
		}
	}
}

func TestCausesAreTheDearestServices(t *testing.T) {
	l := bill(
		line{service: "R2", from: "09-01", costs: "1"},
		line{service: "KV", from: "09-01", costs: "2 1"},
		line{service: "D1", from: "09-01", costs: "2 -5 10"},
		line{service: "Refund", from: "09-01", costs: "-4"},
		line{service: "Queues", from: "09-01", costs: "0.5"},
		line{service: "D1", from: "08-01", costs: "99"})
	f := rulesOf(t, "- {name: r, budget: {amount: 1, period: month}}").Rules[0].Explain(production, l.Bill(), nil, morningAfter(day("09-10")))[0].Finding
	var got []string
	for _, c := range f.Causes {
		got = append(got, c.Service+" "+c.Amount.String())
	}
	if diff := cmp.Diff([]string{"D1 7", "KV 3", "R2 1"}, got); diff != "" {
		t.Errorf("causes (-want +got):\n%s", diff)
	}
}

// What the period will cost goes on as the last weeks did, or as the newest day
// did where a service runs away.
func TestProjectedCost(t *testing.T) {
	steady := line{service: "D1", from: "08-01", costs: "2x41"} // through 10 September
	for _, tt := range []struct {
		name   string
		ledger fetcher.Ledger
		want   string
	}{
		{"steady", bill(steady), "60"},
		{"a service runs away", bill(steady, line{service: "KV", from: "09-10", costs: "50"}), "1110"},
		{"it ran away and is over", bill(steady, line{service: "KV", from: "09-04", costs: "50 0x6"}), "110"},
		{"a steady service ran away for a day", bill(line{service: "D1", from: "08-01", costs: "2x37 50 2x3"}), "108"},
	} {
		f := rulesOf(t, "- {name: r, budget: {amount: 1, period: month}}").Evaluate(production, tt.ledger.Bill(), morningAfter(day("09-10")))[0]
		if !f.Projected.Equal(dec(tt.want)) {
			t.Errorf("%s: got %s, want %s", tt.name, f.Projected, tt.want)
		}
	}
}

// A rule that sees one zone of a service forecasts that zone, and does not
// spoil the forecast of the rules that see all of it.
func TestProjectedCostOfAZone(t *testing.T) {
	l := bill(line{service: "D1", zone: "a.com", from: "08-01", costs: "2x41"}, line{service: "D1", zone: "b.com", from: "08-01", costs: "3x41"})
	r := rulesOf(t, "- {name: zone, zones: [a.com], budget: {amount: 1, period: month}}\n- {name: all, budget: {amount: 1, period: month}}\n- {name: spike, zones: [a.com], spike: {}}")
	got := map[string]string{}
	for _, f := range r.Evaluate(production, l.Bill(), morningAfter(day("09-10"))) {
		if f.Kind == rules.KindBudget {
			got[f.Rule] = f.Projected.String()
		}
	}
	if diff := cmp.Diff(map[string]string{"zone": "60", "all": "150"}, got); diff != "" {
		t.Errorf("projected (-want +got):\n%s", diff)
	}
}
