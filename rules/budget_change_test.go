package rules_test

import (
	"testing"

	"github.com/billbot/billbot/fetcher"
	"github.com/billbot/billbot/rules"
)

// budgeted is the life of an account whose rules file has another budget now.
func (l *life) budgeted(budget string) *life {
	l.t.Helper()
	l.rules = rulesOf(l.t, "- {name: whole, budget: {"+budget+"}}")
	return l
}

// A budget raised over what is spent ends its alert at once, and says so; one
// lowered under it fires at once.
func TestRaisedAndLoweredBudget(t *testing.T) {
	ledger := bill(line{service: "D1", from: "09-01", costs: "20 12"})
	now := morningAfter(day("09-02"))
	l := newLife(t, "").budgeted("amount: 25, period: month")
	l.look(ledger, now)
	l.check("09-03 fired 100% 32")
	l.budgeted("amount: 60, period: month").look(ledger, now)
	l.check("09-03 resolved 32")
	if a := l.newest(); a.Ended != rules.EndedRaised || !a.Finding.BudgetWas.Equal(dec("25")) || !a.Finding.Budget.Equal(dec("60")) {
		t.Errorf("ended %q, from %s to %s", a.Ended, a.Finding.BudgetWas, a.Finding.Budget)
	}
	l.look(bill(line{service: "D1", from: "09-01", costs: "20 12 29"}), morningAfter(day("09-03")))
	l.check("09-04 escalated 100% 61")

	l = newLife(t, "").budgeted("amount: 60, period: month")
	l.look(ledger, now)
	l.check()
	l.budgeted("amount: 30, period: month").look(ledger, now)
	l.check("09-03 fired 100% 32")
	if len(l.alerts) != 1 {
		t.Errorf("got %d alerts, want one", len(l.alerts))
	}
}

// A raised budget whose lower line is still passed goes on there, and passing
// the next one is news.
func TestRaisedBudgetStaysOnAtALowerLine(t *testing.T) {
	ledger := bill(line{service: "D1", from: "09-01", costs: "20 12 17"})
	l := newLife(t, "").budgeted("amount: 25, period: month, actual: [50%, 80%, 100%]")
	l.look(upTo(ledger, day("09-02")), morningAfter(day("09-02")))
	l.budgeted("amount: 60, period: month, actual: [50%, 80%, 100%]").look(upTo(ledger, day("09-02")), morningAfter(day("09-02")))
	l.check("09-03 fired 100% 32")
	if f := l.newest().Finding; f.Threshold != "50%" || !f.Limit.Equal(dec("60")) || !f.BudgetWas.Equal(dec("25")) {
		t.Errorf("got the line %s of %s, before %s", f.Threshold, f.Limit, f.BudgetWas)
	}
	l.look(ledger, morningAfter(day("09-03")))
	l.check("09-04 escalated 80% 49")
	if f := l.newest().Finding; !f.BudgetWas.Equal(dec("25")) {
		t.Errorf("the change is forgotten: before %s", f.BudgetWas)
	}
}

// A daily budget and a forecast follow the file too.
func TestRaisedBudgetOfADayAndOfAForecast(t *testing.T) {
	for was, is := range map[string]string{
		"amount: 20, period: day":                        "amount: 30, period: day",
		"amount: 90, period: month, forecast: [100%]":    "amount: 900, period: month, forecast: [100%]",
		"amount: {of: previous_period}, period: month":   "amount: {of: previous_period, times: 90}, period: month",
		"quantity: 50000, period: month":                 "quantity: 90000, period: month",
		"amount: 50, period: year, actual: [40%, 21.00]": "amount: 500, period: year, actual: [40%, 99.00]",
	} {
		ledger := bill(line{service: "D1", from: "08-01", costs: "0.1x31 5 25 25"})
		l := newLife(t, "").budgeted(was)
		l.look(ledger, morningAfter(day("09-03")))
		if len(l.alerts) != 1 {
			t.Fatalf("%s: got %d alerts", was, len(l.alerts))
		}
		l.budgeted(is).look(ledger, morningAfter(day("09-03")))
		if a := l.newest(); a.Ended != rules.EndedRaised || a.Finding.BudgetWas.IsZero() {
			t.Errorf("%s: %s, ended %q, before %s: %q", is, a.State, a.Ended, a.Finding.BudgetWas, l.said)
		}
	}
}

// An answer that cannot be trusted says nothing of what is spent: the alert
// waits for one that can.
func TestRaisedBudgetWaitsForTrust(t *testing.T) {
	ledger := bill(line{service: "D1", from: "09-01", costs: "20 12"})
	l := newLife(t, "").budgeted("amount: 25, period: month")
	l.look(ledger, morningAfter(day("09-02")))
	l.budgeted("amount: 60, period: month")
	ledger.Trust = fetcher.Trust{Verdict: fetcher.Untrusted, Reason: "rows are missing"}
	l.look(ledger, morningAfter(day("09-02")))
	l.check("09-03 fired 100% 32")
	ledger.Trust = fetcher.Trust{Verdict: fetcher.Trusted}
	l.look(ledger, morningAfter(day("09-02")))
	l.check("09-03 resolved 32")
}

// Other lines in the rules file do not make the line that was told a new one.
func TestLinesAreAdded(t *testing.T) {
	ledger := bill(line{service: "D1", from: "09-01", costs: "21 1"})
	l := newLife(t, "").budgeted("amount: 25, period: month, actual: [80%, 100%]")
	l.look(upTo(ledger, day("09-01")), morningAfter(day("09-01")))
	l.check("09-02 fired 80% 21")
	l.budgeted("amount: 25, period: month, actual: [20%, 50%, 80%, 100%]").look(ledger, morningAfter(day("09-02")))
	l.check()
	l.look(bill(line{service: "D1", from: "09-01", costs: "21 1 3"}), morningAfter(day("09-03")))
	l.check("09-04 escalated 100% 25")
}

// What is known of a quarter or a year may begin within it.
func TestKnownFrom(t *testing.T) {
	l := bill(line{service: "D1", from: "03-10", costs: "1x60"})
	asked := l
	asked.Terms.Reaches = day("01-01")
	for period, want := range map[string]fetcher.Day{"year": day("03-10"), "quarter": 0, "month": 0, "billing_period": 0} {
		r := rulesOf(t, "- {name: r, budget: {amount: 5, period: "+period+"}}")
		if got := r.Evaluate(production, l.Bill(), morningAfter(day("05-08")))[0].From; got != want {
			t.Errorf("%s: got %q, want %q", period, got, want)
		}
		if got := r.Evaluate(production, asked.Bill(), morningAfter(day("05-08")))[0].From; got != 0 {
			t.Errorf("%s, asked for: got %q", period, got)
		}
	}
}
