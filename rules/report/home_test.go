package report_test

import (
	"testing"
	"time"

	"github.com/billbot/billbot/rules"
	"github.com/billbot/billbot/rules/report"
	"github.com/google/go-cmp/cmp"
)

func TestHomeOf(t *testing.T) {
	r := rulesOf(t, "- {name: month, budget: {amount: 50, period: month, forecast: [150%]}}\n- {name: day, budget: {amount: 2, period: day}}")
	r.Poll = 90 * time.Minute
	r.Summaries = []rules.Summary{
		{Every: rules.EveryDay, At: 9 * time.Hour}, {Every: rules.EveryWeek, At: 10*time.Hour + 30*time.Minute},
		{Every: rules.EveryMonth}, {Every: rules.EveryBillingPeriod, At: 9 * time.Hour},
	}
	w := watched(steady())
	w.Alerts = []rules.Alert{
		{ID: "low", State: rules.Firing, Finding: rules.Finding{Severity: rules.Info}}, {ID: "over", State: rules.Resolved},
	}
	together := []rules.Alert{{ID: "high", State: rules.Firing, Finding: rules.Finding{Severity: rules.Critical}}}
	h := report.HomeOf(r, []report.Watched{w}, report.Totals{}, together, noon(day(9, 11)))
	if len(h.Alerts) != 2 || h.Alerts[0].ID != "high" || h.Alerts[1].ID != "low" {
		t.Errorf("alerts: got %v, want high and low", h.Alerts)
	}
	want := []string{
		"▓▓▓▓░░░░░░ Budget month: $20.00 of $50.00 (40%), 1 Sep to 30 Sep; heading for about $60.00 ($54.34 to $66.59), 120%",
		"▓▓▓▓▓▓▓▓▓▓ Budget day: $2.00 of $2.00 (100%), Thu 10 Sep",
	}
	if diff := cmp.Diff(want, report.HomeBudgets(h)); diff != "" {
		t.Errorf("budgets (-want +got):\n%s", diff)
	}
	want = []string{
		"Bills are asked for every 1h30m.", "Summary every day at 09:00 UTC.", "Summary of the week on Mondays at 10:30 UTC.",
		"Summary of the month on the 1st at 00:00 UTC.", "Close of a billing period six days after its end at 09:00 UTC.",
	}
	if diff := cmp.Diff(want, h.Schedule); diff != "" {
		t.Errorf("schedule (-want +got):\n%s", diff)
	}
	if got := report.HomeTitle(report.Home{}); got != "Nothing has been read yet" {
		t.Errorf("got %q", got)
	}
}
