package rules_test

import (
	"testing"

	"github.com/billbot/billbot/fetcher"
	"github.com/billbot/billbot/rules"
	"github.com/google/go-cmp/cmp"
)

// spending is three services in two zones, one of them without a zone.
func spending() fetcher.Ledger {
	return bill(
		line{service: "D1 (first 5 included)", from: "09-01", costs: "1 2", family: "D1"},
		line{service: "D1", from: "09-03", costs: "4", family: "D1"},
		line{service: "Argo", from: "09-01", costs: "10", zone: "a.com", family: "Argo"},
		line{service: "Argo", from: "09-01", costs: "20", zone: "b.com", family: "Argo"},
		line{service: "KV", from: "09-02", costs: "40", family: "Workers"})
}

// A rule has an alert for each of what it is per, over the charges it is about.
func TestSubjects(t *testing.T) {
	for written, want := range map[string][]string{
		`{}`:                             {"77"},
		`{per: account}`:                 {"77"},
		`{per: service}`:                 {"Argo 30", "D1 7", "KV 40"},
		`{per: zone}`:                    {"a.com 10", "b.com 20", "no zone 47"},
		`{per: service, zones: ["b.*"]}`: {"Argo 20"},
		`{services: ["D1", "KV"]}`:       {"47"},
		`{exclude: [Argo]}`:              {"47"},
		`{families: [D1, Argo], exclude: [Argo]}`: {"7"},
		`{per: service, services: ["D*"]}`:        {"D1 7"},
		`{services: ["R2 *"]}`:                    {"0"},
		`{per: service, services: ["R2 *"]}`:      nil,
		`{accounts: ["tag:client-a"]}`:            {"77"},
		`{accounts: ["tag:client-b"]}`:            nil,
	} {
		inside := written[1 : len(written)-1]
		if inside != "" {
			inside += ", "
		}
		r := rulesOf(t, "- {"+inside+"name: r, budget: {amount: 1, period: billing_period}}")
		var got []string
		for _, f := range r.Evaluate(production, spending().Bill(), morningAfter(day("09-10"))) {
			subject := f.Subject.Service + f.Subject.Zone
			if subject != "" {
				subject += " "
			}
			got = append(got, subject+f.Amount.String())
			if f.Subject.Account != "production" {
				t.Errorf("%s: the account is %q", written, f.Subject.Account)
			}
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", written, diff)
		}
	}
}

func TestSpikesAreForEachServiceTheRuleIsAbout(t *testing.T) {
	ledger := bill(
		line{service: "D1", from: "08-11", costs: quiet + "9"},
		line{service: "KV", from: "08-11", costs: quiet + "9", zone: "a.com"},
		line{service: "KV", from: "08-11", costs: quiet + "0.1", zone: "b.com"},
		line{service: "R2", from: "08-11", costs: quiet + "0.1"})
	for written, want := range map[string][]string{
		``:                   {"09-02 fired D1 critical 9", "09-02 fired KV critical 9.1"},
		`exclude: [D1], `:    {"09-02 fired KV critical 9.1"},
		`services: ["D*"], `: {"09-02 fired D1 critical 9"},
		`zones: [a.com], `:   {"09-02 fired KV critical 9"},
		`zones: [b.com], `:   nil,
	} {
		l := newLife(t, "- {"+written+"name: runaway, spike: }")
		l.look(ledger, morningAfter(day("09-01")))
		l.check(want...)
	}
}

// The same episode has the same ID wherever it is found, and another one
// another.
func TestAlertIDs(t *testing.T) {
	first, again := newLife(t, monthly), newLife(t, monthly)
	first.mornings(bill(line{service: "D1", from: "09-01", costs: "15 10 10"}), "09-01", "09-03")
	again.look(bill(line{service: "D1", from: "09-01", costs: "15 10 10"}), morningAfter(day("09-03")))
	id := first.newest().ID
	if again.newest().ID != id || len(id) != 8 {
		t.Errorf("the same episode: got %s and %s, want one ID of 8", id, again.newest().ID)
	}
	ids := map[string]string{id: "whole"}
	for _, tt := range []struct{ rule, month string }{
		{monthly, "10"},
		{"- {name: other, budget: {amount: 25, period: month}}", "09"},
		{"- {name: whole, per: service, budget: {amount: 25, period: month}}", "09"},
		{"- {name: whole, per: zone, budget: {amount: 25, period: month}}", "09"},
	} {
		l := newLife(t, tt.rule)
		l.look(bill(line{service: "D1", from: tt.month + "-01", costs: "15 10 10"}), morningAfter(day(tt.month+"-03")))
		got := l.newest().ID
		if ids[got] != "" {
			t.Errorf("%s in %s has the ID of %s", tt.rule, tt.month, ids[got])
		}
		ids[got] = tt.rule
	}
	_, events := rules.Advance("p2", nil, first.rules.Evaluate(production, bill(line{service: "D1", from: "09-01", costs: "30"}).Bill(), morningAfter(day("09-03"))), morningAfter(day("09-03")))
	if ids[events[0].Alert.ID] != "" {
		t.Error("two accounts share an ID")
	}
}
