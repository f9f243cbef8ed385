package report_test

import (
	"fmt"
	"testing"

	"github.com/billbot/billbot/fetcher"
	"github.com/billbot/billbot/rules"
	"github.com/billbot/billbot/rules/report"
	"github.com/google/go-cmp/cmp"
)

func steady() []fetcher.Charge { return run("D1", day(8, 20), times(22, "2")) } // through 10 September

// A summary is short when nothing is open, nothing moved, and the data is
// fresh and believed.
func TestQuietSummary(t *testing.T) {
	quiet := watched(steady())
	alerted, untrusted, failed, moved := watched(steady()), watched(steady()), watched(steady()), watched(steady(), run("KV", day(9, 10), "5"))
	alerted.Alerts = []rules.Alert{{ID: "a", State: rules.Firing}}
	untrusted.Poll.Trust = fetcher.Trust{Verdict: fetcher.Untrusted, Reason: "rows are missing"}
	failed.Poll.Failure = "no route"
	over := watched(steady())
	over.Alerts = []rules.Alert{{ID: "a", State: rules.Resolved}}
	noData := watched(steady())
	noData.Poll.Trust.Verdict = fetcher.NoData
	for _, tt := range []struct {
		name     string
		accounts []report.Watched
		today    fetcher.Day
		want     bool
	}{
		{"as usual", []report.Watched{quiet}, day(9, 11), true},
		{"no account", nil, day(9, 11), true},
		{"an alert that is over", []report.Watched{over}, day(9, 11), true},
		{"an open alert", []report.Watched{alerted}, day(9, 11), false},
		{"a mover", []report.Watched{moved}, day(9, 11), false},
		{"data of three days ago", []report.Watched{quiet}, day(9, 13), true},
		{"old data", []report.Watched{quiet}, day(9, 14), false},
		{"an answer that is not believed", []report.Watched{untrusted}, day(9, 11), false},
		{"a poll that failed", []report.Watched{failed}, day(9, 11), false},
		{"no data since an anchor", []report.Watched{noData}, day(9, 11), true},
		{"no data at all", []report.Watched{watched()}, day(9, 11), false},
		{"one of two", []report.Watched{quiet, alerted}, day(9, 11), false},
	} {
		s := report.SummaryOf(&rules.Rules{}, tt.accounts, report.Totals{}, "2026-09-11", noon(tt.today))
		if s.Short != tt.want {
			t.Errorf("%s: short is %t, want %t", tt.name, s.Short, tt.want)
		}
	}
}

func TestSummaryOf(t *testing.T) {
	w := watched(steady(), run("KV", day(9, 10), "5"))
	w.Alerts = []rules.Alert{{ID: "low", State: rules.Firing, Finding: rules.Finding{Severity: rules.Info}},
		{ID: "over", State: rules.Resolved}, {ID: "high", State: rules.Firing, Finding: rules.Finding{Severity: rules.Critical}}}
	r := rulesOf(t, "- {name: month, budget: {amount: 50, period: month}}\n- {name: day, budget: {amount: 6, period: day}}")
	a := report.SummaryOf(r, []report.Watched{w}, report.Totals{}, "2026-09-11", noon(day(9, 11))).Accounts[0]
	if a.Day != day(9, 10) || !a.Cost.Equal(dec("7")) || !a.Usual.Equal(dec("2")) || !a.ToDate.Equal(dec("25")) || a.Quiet {
		t.Errorf("got %s on %s, usually %s, %s to date, quiet %t, want 7 on 10 September, 2, 25", a.Cost, a.Day, a.Usual, a.ToDate, a.Quiet)
	}
	if want := []report.Mover{{Service: "KV", Cost: dec("5")}}; !cmp.Equal(want, a.Movers) {
		t.Errorf("movers (-want +got):\n%s", cmp.Diff(want, a.Movers))
	}
	if len(a.Open) != 2 || a.Open[0].ID != "high" || a.Open[1].ID != "low" {
		t.Errorf("open alerts: got %v, want high and low", a.Open)
	}
	var budgets []string
	for _, b := range a.Budgets {
		budgets = append(budgets, fmt.Sprintf("%s: %s of %s, %s to %s", b.Rule, b.Spent, b.Limit, b.Period.Start, b.Period.End))
	}
	want := []string{"month: 25 of 50, 2026-09-01 to 2026-09-30", "day: 7 of 6, 2026-09-10 to 2026-09-10"}
	if diff := cmp.Diff(want, budgets); diff != "" {
		t.Errorf("budgets (-want +got):\n%s", diff)
	}
}

// Movers are the services furthest from usual, up or down, at most five, and
// none for cents.
func TestMovers(t *testing.T) {
	runs := [][]fetcher.Charge{run("down", day(9, 1), times(9, "4")+"-"), run("cents", day(9, 1), times(9, "0.01")+"0.50"),
		run("up a bit", day(9, 1), times(9, "0")+"0.79")}
	for i, cost := range []string{"1", "2", "3", "5"} {
		runs = append(runs, run(fmt.Sprint("up ", i), day(9, 1), times(9, "0")+cost))
	}
	if diff := cmp.Diff([]string{
		"up 3 5, usually 0", "down 0, usually 4", "up 2 3, usually 0", "up 1 2, usually 0", "up 0 1, usually 0",
	}, moversOf(watched(runs...))); diff != "" {
		t.Errorf("movers (-want +got):\n%s", diff)
	}
	half := run("half", day(9, 1), times(9, "0.01")+"0.51")
	if diff := cmp.Diff([]string{"half 0.51, usually 0.01"}, moversOf(watched(runs[1], half))); diff != "" {
		t.Errorf("of cents (-want +got):\n%s", diff)
	}
	large := run("large", day(9, 1), times(10, "10"))
	for cost, want := range map[string]int{"1.99": 0, "2": 1} { // a fifth of the account's day
		if got := moversOf(watched(large, run("KV", day(9, 1), times(9, "0")+cost))); len(got) != want {
			t.Errorf("beside $10.00 a day, $%s: got %v, want %d", cost, got, want)
		}
	}
}

func moversOf(w report.Watched) []string {
	var got []string
	for _, m := range report.SummaryOf(&rules.Rules{}, []report.Watched{w}, report.Totals{}, "", noon(day(9, 11))).Accounts[0].Movers {
		got = append(got, fmt.Sprintf("%s %s, usually %s", m.Service, m.Cost, m.Usual))
	}
	return got
}

// What an open spike says is not said again, and each alert is told in one
// currency's part.
func TestOpenAlertsAreToldOnce(t *testing.T) {
	w := watched(steady(), run("KV", day(9, 10), "5"), []fetcher.Charge{row("R2", day(9, 10), day(9, 1), "3", "EUR")})
	spiked := rules.Finding{Kind: rules.KindSpike, Subject: rules.Subject{Account: "production", Service: "KV"}, Currency: "USD", Amount: dec("5")}
	w.Alerts = []rules.Alert{{ID: "s", State: rules.Firing, Finding: spiked}, {ID: "odd", State: rules.Firing}}
	euros, dollars := report.SummaryOf(&rules.Rules{}, []report.Watched{w}, report.Totals{}, "", noon(day(9, 11))).Accounts[0], report.AccountSummary{}
	for _, a := range report.SummaryOf(&rules.Rules{}, []report.Watched{w}, report.Totals{}, "", noon(day(9, 11))).Accounts {
		if a.Currency == "USD" {
			dollars = a
		}
	}
	if len(euros.Open) != 1 || euros.Open[0].ID != "odd" || len(dollars.Open) != 1 || dollars.Open[0].ID != "s" || len(dollars.Movers) != 0 {
		t.Errorf("got %v in euros, %v and movers %v in dollars, want one each and no mover", euros.Open, dollars.Open, dollars.Movers)
	}
}

// An account without data says so, and one in two currencies has two parts.
func TestSummaryParts(t *testing.T) {
	mixed := watched(steady(), []fetcher.Charge{row("KV", day(9, 10), day(9, 1), "3", "EUR")})
	r := rulesOf(t, "- {name: dollars, budget: {amount: 50, period: month, currency: USD}}")
	s := report.SummaryOf(r, []report.Watched{watched(), mixed}, report.Totals{}, "", noon(day(9, 11)))
	if len(s.Accounts) != 3 || !s.Accounts[0].Day.IsZero() || s.Accounts[0].Account != "production" {
		t.Fatalf("got %+v, want no data, euros, dollars", s.Accounts)
	}
	if euros, dollars := s.Accounts[1], s.Accounts[2]; euros.Currency != "EUR" || len(euros.Budgets) != 0 || dollars.Currency != "USD" || len(dollars.Budgets) != 1 {
		t.Errorf("got budgets %v in %s and %v in %s, want one in dollars", euros.Budgets, euros.Currency, dollars.Budgets, dollars.Currency)
	}
}

// A budget whose period is over stands nowhere.
func TestBudgetLinesOfWhatIsOn(t *testing.T) {
	lines := report.BudgetLines([]rules.Finding{
		{Rule: "ended", Kind: rules.KindBudget, Ended: true}, {Rule: "spike", Kind: rules.KindSpike}, {Rule: "on", Kind: rules.KindBudget},
	})
	if len(lines) != 1 || lines[0].Rule != "on" {
		t.Errorf("got %v, want the one that is on", lines)
	}
}

func TestWelcomeOf(t *testing.T) {
	r := rulesOf(t, `
- {name: whole, budget: {amount: 25, currency: USD}}
- {name: d1, services: ["D1", "R2 *"], budget: {amount: 6, currency: EUR, period: day}}
- {name: runaway, spike: }
- {name: others, services: ["KV"], spike: }`)
	fired := []rules.Alert{
		{ID: "s", State: rules.Firing, Finding: rules.Finding{Kind: rules.KindSpike, Severity: rules.Warning}},
		{ID: "b", State: rules.Firing, Finding: rules.Finding{Kind: rules.KindBudget, Amount: dec("30"), Budget: dec("25"), Severity: rules.Critical}},
		{ID: "p", State: rules.Firing, Finding: rules.Finding{Kind: rules.KindBudget, Amount: dec("20"), Budget: dec("25")}},
	}
	w := report.WelcomeOf(r, production, ledger(steady()).Bill(), fired, noon(day(9, 11)))
	want := []string{
		"whole: $25.00 a billing period for every service, told at 100%", "d1: €6.00 a day for D1, R2 *, told at 100%",
		"runaway: days of more than 2x usual, by at least $1.00 and 2% of the account's usual day, in every service",
		"others: days of more than 2x usual, by at least $1.00 and 2% of the account's usual day, in KV",
		"stale: data that cannot be read or trusted, or has no new charge day for 72h",
	}
	if diff := cmp.Diff(want, w.Rules); diff != "" {
		t.Errorf("rules (-want +got):\n%s", diff)
	}
	if w.Through != day(9, 10) || !w.ToDate.Equal(dec("20")) || w.Currency != "USD" || w.Period.Start != day(9, 1) || len(w.Budgets) != 2 {
		t.Errorf("got %+v, want $20 through 10 September and two budgets", w)
	}
	if len(w.Spikes) != 1 || w.Spikes[0].ID != "s" || len(w.Passed) != 2 {
		t.Errorf("got spikes %v and budgets %v, want one and two", w.Spikes, w.Passed)
	}
	title := report.WelcomeEmoji(w) + " " + report.WelcomeTitle(w)
	if want := "🔴 billbot now watches production: 1 budget is over, 1 budget is past a line, 1 spike is on"; title != want {
		t.Errorf("title: got %q, want %q", title, want)
	}
	if got, want := report.WelcomeSpend(report.Welcome{Through: day(9, 10)}), "Nothing is billed in a period that is open."; got != want {
		t.Errorf("between two periods: got %q, want %q", got, want)
	}
	if calm := report.WelcomeOf(r, production, ledger().Bill(), nil, noon(day(9, 11))); report.WelcomeEmoji(calm)+report.WelcomeTitle(calm) != "👋billbot now watches production" {
		t.Errorf("got %q for a calm account", report.WelcomeTitle(calm))
	}
	if w := report.WelcomeOf(r, production, ledger().Bill(), nil, noon(day(9, 11))); !w.Through.IsZero() || len(w.Rules) != 5 || w.Currency != "" {
		t.Errorf("without data: got %+v", w)
	}
}

// What the rules across accounts say stands in the summary, and an alert of
// theirs makes it a long one.
func TestTotalsInASummary(t *testing.T) {
	total := rules.Finding{
		Rule: "fleet", Kind: rules.KindBudget, PeriodKind: rules.ByMonth, Severity: rules.Warning,
		Amount: dec("30"), Limit: dec("25"), Budget: dec("25"), Currency: "USD", Open: true, Step: 1,
		Period: fetcher.Period{Start: day(9, 1), End: day(9, 30)}, Through: day(9, 10),
	}
	alert := rules.Alert{ID: "aaaaaaaa", Finding: total, State: rules.Firing}
	quiet := report.SummaryOf(&rules.Rules{}, []report.Watched{watched()}, report.TotalsOf([]rules.Finding{total}, nil), "2026-09-11", noon(day(9, 11)))
	if got := report.TotalsLines(quiet.Totals); len(got) != 1 || got[0] != "• Budget fleet: $30.00 of $25.00 (120%), 1 Sep to 30 Sep" {
		t.Errorf("totals without an alert: %q", got)
	}
	loud := report.SummaryOf(&rules.Rules{}, []report.Watched{watched()}, report.TotalsOf([]rules.Finding{total}, []rules.Alert{alert}), "2026-09-11", noon(day(9, 11)))
	if loud.Short || report.SummaryTitle(loud) != "Summary for Fri 11 Sep: 1 alert open, 1 account without data yet" {
		t.Errorf("with an alert: short %t, %q", loud.Short, report.SummaryTitle(loud))
	}
}

// A budget in a currency that the account is not billed in is not zero: it is
// not judged.
func TestBudgetInAnotherCurrency(t *testing.T) {
	lines := report.BudgetLines([]rules.Finding{{
		Rule: "eur", Kind: rules.KindBudget, PeriodKind: rules.ByBillingPeriod, Limit: dec("10"), Budget: dec("10"), Currency: "EUR",
		Others: []rules.Money{{Amount: dec("42"), Currency: "USD"}},
	}})
	want := "Budget eur: not judged, it is in EUR and the charges are in USD"
	if len(lines) != 1 || report.BudgetText(lines[0]) != want {
		t.Errorf("got %+v, want %q", lines, want)
	}
}
