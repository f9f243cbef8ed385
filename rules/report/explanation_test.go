package report_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/billbot/billbot/fetcher"
	"github.com/billbot/billbot/rules"
	"github.com/billbot/billbot/rules/report"
	"github.com/billbot/billbot/rules/ruletest"
)

// explained lives the days of a service from 1 March 2026 on, and explains the
// one rule on the last.
func explained(t *testing.T, rule, series string) report.Explanation {
	t.Helper()
	r, err := rules.Load("r", []byte("rules: [{name: r, "+rule+"}]"))
	if err != nil {
		t.Fatal(err)
	}
	file, err := ruletest.Load("t", []byte("tests: [{name: t, start: 2026-03-01, services: {D1: "+series+"}}]"), r)
	if err != nil {
		t.Fatal(err)
	}
	test := file.Tests[0]
	bill := test.Bills()[0]
	var alerts []rules.Alert
	for day := test.Start; ; day++ {
		ledger := fetcher.Ledger{Trust: fetcher.Trust{Verdict: fetcher.Trusted}}
		for _, c := range bill.Charges {
			if c.ChargePeriodStart <= day {
				ledger.Charges = append(ledger.Charges, c)
			}
		}
		now := (day + 1).Time().Add(6 * time.Hour)
		if day == test.End() {
			return report.ExplanationOf(r.Rules[0].Explain(bill.Account, ledger.Bill(), alerts, now)[0])
		}
		changed, _ := rules.Advance(bill.Account.ID, alerts, r.Evaluate(bill.Account, ledger.Bill(), now), now)
		if len(changed) > 0 {
			alerts = changed
		}
	}
}

func TestExplanationSaysWhatHeldItBack(t *testing.T) {
	for _, tt := range []struct{ name, rule, series, want string }{
		{"a spike that fires", "spike: {}", "0.10x20 5", "fired: "},
		{"not above usual", "spike: {}", "0.10x20 0.10", ": usage on Sat 21 Mar is not above usual"},
		{"not far above usual", "spike: {}", "1x20 1.5", ": usage is 1.5x usual, above asks for more than 2x; it does not creep: of the last four days three must be over usual, the newest more than 1.41 times"},
		{"too cheap", "spike: {}", "0.10x20 0.52", ": the rise is worth $0.42, at_least is $1.00"},
		{"too cheap for the account", "spike: {at_least: {amount: 1.00, share: 500%}}", "1x20 4", ": the rise is worth $3.00, the share of at_least is $5.00"},
		{"little history", "spike: {}", "0.10x5 2", ": the rise is worth $1.90, at_least is $1.00, and three times that on 5 days of history"},
		{"there were such rises", "spike: {}", "10x15 19 10x10 21", ": 21 is not more than 1.5 times the biggest day of the last six weeks, 19; it does not creep: of the last four days three must be over usual, the newest more than 1.41 times"},
		{"within its spread", "spike: {}", "1 3 0.5 2.5 0.7 3.5 0.9 2.8 0.6 3.2 0.8 2.6 1 3 0.5 2.5 7", ": 7 lies within the service's own spread, five deviations over the middle of its days; three times the biggest day of the last six weeks, 3.5, would be a spike on any service; it does not creep: the last four days do not lie 1.75 deviations over usual"},
		{"a run", "spike: {}", "2x20 3.2 3.3 3.4", "fired: "},
		{"a short history", "spike: {}", "2x5 3.9", ": usage is 1.95x usual, above asks for more than 2x; what creeps is found by its last four days, from eight days of history on"},
		{"never billed", "spike: {}", "{quantity: 10x20 5000, price: 1, included: 1M}", ": nothing of it was ever billed, so it has no price, and what its rise is worth is not known"},
		{"a spike that goes on", "spike: {}", "0.10x20 3 2", "updated: within 7 days of the episode from Sat 21 Mar: same alert, its message is edited"},
		{"a spike that comes again", "spike: {}", "0.10x20 1.20 0.10 1.30", "updated: within 7 days of the episode from Sat 21 Mar: same alert, its message is edited"},
		{"a budget that is kept", "budget: {amount: 25, actual: [50%, 100%]}", "1x9", ": $9.00 spent is $3.50 below the lowest threshold, $12.50"},
		{"a budget that was told", "budget: {amount: 25, actual: [50%, 100%]}", "1x14", "updated: the alert of Fri 13 Mar tells it already: same alert, its message is edited"},
		{"a budget that escalates", "budget: {amount: 25, actual: [50%, 100%]}", "1x25", "escalated: "},
		{"a quantity", "services: [D1], budget: {quantity: 40}", "{quantity: 3x9, cost: 1x9}", ": 27 used is 13 below the lowest threshold, 40"},
		{"no earlier period", "budget: {amount: {of: previous_period}}", "1x9", ": no limit yet, as no earlier period is known whole"},
		{"a forecast", "budget: {amount: 100, forecast: [100%]}", "1x9", ": $9.00 spent is $91.00 below the lowest threshold, $100.00; the forecast, $31.00, is $69.00 below the lowest forecast line, $100.00"},
		{"no forecast yet", "budget: {amount: 100, forecast: [100%]}", "1x2", ": $2.00 spent is $98.00 below the lowest threshold, $100.00; there is no forecast yet: it is given once a week of the account is known, or as many days as a tenth of a longer period"},
		{"a day under its budget", "budget: {amount: 2, period: day}", "1x9", ": $1.00 spent is $1.00 below the lowest threshold, $2.00"},
	} {
		e := explained(t, tt.rule, tt.series)
		if got := fmt.Sprint(e.Said, ": ", strings.Join(e.Held, "; ")); got != tt.want {
			t.Errorf("%s: got %q, want %q", tt.name, got, tt.want)
		}
	}
}

// The ID is that of the alert which the episode has, told or not.
func TestExplanationNamesTheAlert(t *testing.T) {
	first, later := explained(t, "spike: {}", "0.10x20 5"), explained(t, "spike: {}", "0.10x20 5 0.10x5")
	if first.Alert == "" || first.Alert != later.Alert || first.Level != rules.Warning || later.Over {
		t.Errorf("got %+v, then %+v", first, later)
	}
	kept := explained(t, "budget: {amount: 25}", "1x9")
	if kept.Alert == "" || kept.Level != "" || !strings.Contains(report.Explanations([]report.Explanation{kept}), kept.Alert+", if it is told") {
		t.Errorf("got %+v, want the ID that it would have", kept)
	}
}

// What was told and taken back is said by the database: the days lived again have
// the restated figures from the start.
func TestExplanationOfWhatWasWithdrawn(t *testing.T) {
	day := fetcher.NewDay(2026, time.March, 20)
	x := rules.Explained{
		Rule: rules.Rule{Name: "r", Spike: &rules.Spike{}}, Spike: &rules.SpikeInputs{},
		Finding:   rules.Finding{Rule: "r", Kind: rules.KindSpike, Through: day + 1, Trusted: true},
		Withdrawn: &rules.Alert{ID: "abcd", Day: day, Finding: rules.Finding{Day: day, Withdrawn: true}},
	}
	want := report.Input{Name: "withdrawn", Value: "2026-03-20", Text: "Fri 20 Mar was told, then restated, and is as usual: alert abcd was withdrawn"}
	if got := report.ExplanationOf(x).Inputs; !slices.Contains(got, want) {
		t.Errorf("got %+v, want %+v", got, want)
	}
}
