package rules_test

import (
	"testing"

	"github.com/billbot/billbot/fetcher"
	"github.com/billbot/billbot/rules"
)

var staging = rules.Account{Name: "staging", ID: "s1", Tags: []string{"client-b"}}

// A rule per total is measured over all accounts it is about, and only there.
func TestTotals(t *testing.T) {
	watched := []rules.Watched{
		{Account: production, Bill: bill(line{service: "D1", from: "09-01", costs: "10 1", currency: "EUR"}, line{service: "D1", from: "09-02", costs: "10"}).Bill()},
		{Account: staging, Bill: bill(line{service: "D1", from: "09-02", costs: "6"}, line{service: "KV", from: "09-02", costs: "4"}).Bill()},
	}
	for written, want := range map[string]string{
		``:                             "20",
		`accounts: [staging], `:        "10",
		`accounts: ["tag:client-a"], `: "10",
		`services: [KV], `:             "4",
	} {
		r := rulesOf(t, "- {"+written+"name: fleet, per: total, budget: {amount: 20, period: month, currency: USD}}\n- {name: each, budget: {amount: 1}}")
		if !r.HasTotals() {
			t.Fatalf("%s: no totals", written)
		}
		now := morningAfter(day("09-10"))
		findings := r.EvaluateTotals(watched, now)
		if len(findings) != 1 || findings[0].Rule != "fleet" || findings[0].Subject != (rules.Subject{}) || !findings[0].Amount.Equal(dec(want)) {
			t.Errorf("%s: got %+v, want one finding of %s", written, findings, want)
		}
		for _, f := range r.Evaluate(production, watched[0].Bill, now) {
			if f.Rule == "fleet" {
				t.Errorf("%s: one account was measured for the total", written)
			}
		}
		_, events := rules.Advance(rules.FleetID, nil, findings, now)
		if fired := len(events) == 1; fired != (want == "20") {
			t.Errorf("%s: fired %t at %s of 20", written, fired, want)
		}
	}
	if rulesOf(t, "- {name: each, budget: {amount: 1}}").HasTotals() {
		t.Error("a rule per account is per total")
	}
}

// Accounts billed in different currencies have a total for each, with an alert
// of its own.
func TestTotalsOfEachCurrency(t *testing.T) {
	watched := []rules.Watched{
		{Account: production, Bill: bill(line{service: "D1", from: "09-01", costs: "10 1", currency: "EUR"}).Bill()},
		{Account: staging, Bill: bill(line{service: "D1", from: "09-02", costs: "6"}, line{service: "KV", from: "09-02", costs: "4"}).Bill()},
	}
	r := rulesOf(t, "- {name: fleet, per: total, budget: {amount: 10, period: month}}")
	now := morningAfter(day("09-10"))
	findings := r.EvaluateTotals(watched, now)
	if len(findings) != 2 {
		t.Fatalf("got %d findings, want one for each currency", len(findings))
	}
	for i, want := range []string{"EUR 11", "USD 10"} {
		f := findings[i]
		if got := f.Subject.Currency + " " + f.Amount.String(); got != want || f.Currency != f.Subject.Currency || len(f.Others) > 0 {
			t.Errorf("got %s in %s beside %v, want %s", got, f.Currency, f.Others, want)
		}
	}
	alerts, events := rules.Advance(rules.FleetID, nil, findings, now)
	if len(events) != 2 || alerts[0].ID == alerts[1].ID {
		t.Errorf("got %d events of alerts %+v, want two of two", len(events), alerts)
	}
}

// What all accounts cost together can be trusted if each of them can.
func TestTrustInTotals(t *testing.T) {
	good, bad := bill(line{service: "D1", from: "09-01", costs: "10"}), bill(line{service: "D1", from: "09-01", costs: "10"})
	bad.Trust = fetcher.Trust{Verdict: fetcher.Untrusted, Reason: "rows are missing"}
	r := rulesOf(t, "- {name: fleet, per: total, accounts: [production], budget: {amount: 20, period: month}}\n- {name: all, per: total, budget: {amount: 20, period: month}}")
	findings := r.EvaluateTotals([]rules.Watched{{Account: production, Bill: good.Bill()}, {Account: staging, Bill: bad.Bill()}}, morningAfter(day("09-10")))
	if !findings[0].Trusted || findings[1].Trusted {
		t.Errorf("trusted: got %t without and %t with the account that cannot be", findings[0].Trusted, findings[1].Trusted)
	}
}

// A total's forecast is that of its currency's services.
func TestForecastOfATotal(t *testing.T) {
	r := rulesOf(t, "- {name: all, per: total, budget: {amount: 100, period: month, forecast: [100%]}}")
	known := bill(line{service: "D1", from: "08-20", costs: "5x20"}).Bill()
	findings := r.EvaluateTotals([]rules.Watched{{Account: production, Bill: known}}, morningAfter(day("09-08")))
	if len(findings) != 1 || findings[0].Kind != rules.KindForecast || !findings[0].Projected.Equal(dec("150")) {
		t.Errorf("got %+v, want a forecast of 150", findings)
	}
}
