package fetcher_test

import (
	"testing"

	"github.com/billbot/billbot/fetcher"
	"github.com/google/go-cmp/cmp"
)

// TestRunningSums: the source's own running sum is compared with ours, and a
// difference is told once.
func TestRunningSums(t *testing.T) {
	told := func(a fetcher.Answer, sums ...string) fetcher.Answer {
		for i, sum := range sums {
			a.Charges[i].CumulatedContractedCost = fetcher.NumberOf(dec(sum))
		}
		return a
	}
	const d1 = "2026-09-01 D1 1.25\n2026-09-02 D1 2"
	const zones = "2026-09-01 D1 1 zone=a\n2026-09-01 D1 2 zone=b\n2026-09-02 D1 1 zone=a\n2026-09-02 D1 2 zone=b"
	const wrong = "D1 in the billing period from 2026-09-01: the charges sum up to 3.25 USD, Cloudflare's own running sum says 3.5"
	for _, tt := range []struct {
		name   string
		answer fetcher.Answer
		want   []string
	}{
		{"agrees", told(answer("2026-09-03", d1), "1.25", "3.25"), nil},
		{"agrees but for a float's rest", told(answer("2026-09-03", d1), "1.25", "3.2500000000000004"), nil},
		{"is not kept", answer("2026-09-03", d1), nil},
		{"disagrees", told(answer("2026-09-03", d1), "1.25", "3.5"), []string{wrong}},
		{"across zones", told(answer("2026-09-03", zones), "1", "3", "4", "6"), nil},
		{"by zone", told(answer("2026-09-03", zones), "1", "2", "2", "4"), nil},
		{"by subscription, across zones", told(answer("2026-09-03", "2026-09-01 D1 1 zone=a sub=x\n2026-09-01 D1 2 zone=b sub=x\n2026-09-01 D1 4 zone=a sub=y"), "1", "3", "4"), nil},
		{"in no way", told(answer("2026-09-03", zones), "1", "2", "2", "5"), []string{
			"D1 in the billing period from 2026-09-01: the charges sum up to 6 USD, Cloudflare's own running sum says 7"}},
	} {
		l, change := fetcher.Ledger{}.Merge(tt.answer)
		if diff := cmp.Diff(tt.want, change.Notes); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.name, diff)
		}
		if _, change = l.Merge(tt.answer); len(change.Notes) > 0 {
			t.Errorf("%s: told again: %q", tt.name, change.Notes)
		}
	}
}

// TestDisagreements: what disagrees can be asked for as long as it does.
func TestDisagreements(t *testing.T) {
	a := answer("2026-09-03", "2026-09-01 D1 1.25\n2026-09-01 KV 1\n2026-09-02 D1 2")
	a.Charges[2].CumulatedContractedCost = fetcher.NumberOf(dec("3.5"))
	l := ledger(a)
	want := []fetcher.Disagreement{{
		BillingPeriodStart: fetcher.NewDay(2026, 9, 1), Service: "D1", Currency: "USD", Charges: dec("3.25"), Told: dec("3.5"),
	}}
	if diff := cmp.Diff(want, l.Disagreements(fetcher.NewDay(2026, 9, 1))); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if got := l.Disagreements(fetcher.NewDay(2026, 8, 1)); len(got) != 0 {
		t.Errorf("of another period: %v", got)
	}
}

// TestRunningQuantities: what is billed by is compared too, as near as floats of
// its size are.
func TestRunningQuantities(t *testing.T) {
	const rows = "2026-09-01 D1 1 quantity=30000000000000\n2026-09-02 D1 2 quantity=5000000000000"
	for sum, want := range map[string][]string{
		"35000000000000.0039": nil,
		"35000000100000": {"D1 in the billing period from 2026-09-01: the quantities priced sum up to 35000000000000, " +
			"Cloudflare's own running sum says 35000000100000"},
	} {
		a := answer("2026-09-03", rows)
		for i := range a.Charges {
			a.Charges[i].PricingQuantity = a.Charges[i].ConsumedQuantity
		}
		a.Charges[1].CumulatedPricingQuantity = fetcher.NumberOf(dec(sum))
		l, change := fetcher.Ledger{}.Merge(a)
		if diff := cmp.Diff(want, change.Notes); diff != "" {
			t.Errorf("%s (-want +got):\n%s", sum, diff)
		}
		if _, change = l.Merge(a); len(change.Notes) > 0 {
			t.Errorf("%s: told again: %q", sum, change.Notes)
		}
	}
}
