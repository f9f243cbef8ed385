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
		{"across zones", told(answer("2026-09-03", "2026-09-01 D1 1 zone=a\n2026-09-01 D1 2 zone=b"), "3", "3"), nil},
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
