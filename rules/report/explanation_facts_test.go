package report_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/billbot/billbot/fetcher"
	"github.com/billbot/billbot/rules"
	"github.com/billbot/billbot/rules/report"
	"github.com/billbot/billbot/rules/ruletest"
)

// inputOf is the text of an input that an explanation has.
func inputOf(e report.Explanation, name string) string {
	i := slices.IndexFunc(e.Inputs, func(in report.Input) bool { return in.Name == name })
	if i < 0 {
		return ""
	}
	return e.Inputs[i].Text
}

// An allowance that is used up says since when, not that it lasts.
func TestExplanationOfAnAllowance(t *testing.T) {
	for _, tt := range []struct{ used, lasts, usedUp string }{
		{"120x5", "", "Sun 5 Apr"},
		{"120x9", "", "Sun 5 Apr"},
		{"20x10", "Sat 25 Apr", ""},
	} {
		e := explained(t, "allowance: {cost: 900}", "{quantity: 120x31 "+tt.used+", price: 0.01, included: 500}")
		if lasts, usedUp := inputOf(e, "lasts until"), inputOf(e, "used up on"); lasts != tt.lasts || usedUp != tt.usedUp {
			t.Errorf("%s: got lasts until %q, used up on %q, want %q, %q", tt.used, lasts, usedUp, tt.lasts, tt.usedUp)
		}
	}
}

// A budget over two subscriptions says that it holds more than the days shown.
func TestExplanationOfTwoSubscriptions(t *testing.T) {
	r, err := rules.Load("r", []byte("rules: [{name: r, budget: {amount: 100}}]"))
	if err != nil {
		t.Fatal(err)
	}
	var charges []fetcher.Charge
	for _, anchor := range []int{1, 15} {
		for day := fetcher.NewDay(2026, 3, 15); day <= fetcher.NewDay(2026, 4, 20); day++ {
			start := fetcher.NewDay(2026, day.Time().Month(), anchor)
			if start > day {
				start = fetcher.NewDay(2026, day.Time().Month()-1, anchor)
			}
			charges = append(charges, fetcher.Charge{
				ServiceName: "D1", BillingCurrency: "USD", ChargePeriodStart: day, BillingPeriodStart: start,
				SubscriptionID: start.String()[8:], ContractedCost: fetcher.NewNumber(1, 0), ConsumedQuantity: fetcher.NewNumber(1, 0),
			})
		}
	}
	ledger := fetcher.Ledger{Charges: fetcher.Sorted(charges), Trust: fetcher.Trust{Verdict: fetcher.Trusted}}
	all := r.Rules[0].Explain(rules.Account{Name: "a", ID: "a"}, ledger.Bill(), nil, ledger.Through().Time().AddDate(0, 0, 1))
	newest := report.ExplanationOf(all[len(all)-1])
	if got, want := inputOf(newest, "adds up"), "2 billing periods of different subscriptions, each from its first day on"; got != want || inputOf(newest, "spent") != "$26.00" {
		t.Errorf("got %q of %s, want %q of $26.00", got, inputOf(newest, "spent"), want)
	}
}

// A rule that chooses nothing on a usage file would be told, at its level.
func TestExplanationOfNothingChosen(t *testing.T) {
	r, err := rules.Load("r", []byte("rules: [{name: r, services: [R2], budget: {amount: 100}}]"))
	if err != nil {
		t.Fatal(err)
	}
	file, err := ruletest.Load("t", []byte("tests: [{name: t, start: 2026-03-01, services: {D1: 1x20}}]"), r)
	if err != nil {
		t.Fatal(err)
	}
	bill := file.Tests[0].Bills()[0]
	ledger := fetcher.Ledger{Charges: fetcher.Sorted(bill.Charges)}
	reach := r.NewReach()
	reach.See(bill.Account, ledger.Bill())
	e := report.ExplanationOf(reach.Explain(r.Rules[0], nil, ledger.Through().Time().AddDate(0, 0, 1))[0])
	if text := report.Explanations([]report.Explanation{e}); len(e.Held) > 0 || e.Level != rules.Info || !strings.Contains(text, ": fired, info\n") {
		t.Errorf("got %q, held back: %q", text, e.Held)
	}
}
