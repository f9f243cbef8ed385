package rules_test

import (
	"fmt"
	"testing"

	"github.com/billbot/billbot/rules"
)

// everyRule is twenty rules, half of them spikes, the others budgets that are
// forecast.
func everyRule(t testing.TB) *rules.Rules {
	written := ""
	for i := range 10 {
		written += fmt.Sprintf("- {name: b%d, budget: {amount: %d, actual: [50%%, 80%%, 100%%], forecast: [100%%]}}\n", i, 100*(i+1))
		written += fmt.Sprintf("- {name: s%d, spike: {at_least: {amount: %d, share: 2%%}}}\n", i, i%2+1)
	}
	return rulesOf(t, written)
}

// BenchmarkEveryRule is one account's evaluation by twenty rules of the dearest
// kinds.
func BenchmarkEveryRule(b *testing.B) {
	r := everyRule(b)
	known := manyServices().Bill()
	now := morningAfter(known.Through())
	b.ReportAllocs()
	for b.Loop() {
		if findings := r.Evaluate(production, known, now); len(findings) < 300 {
			b.Fatal(len(findings))
		}
	}
}

// What an evaluation allocates is held at a fifth above what it was when it was
// last looked at: times are anything on a busy machine.
func TestEvaluateAllocations(t *testing.T) {
	for _, tt := range []struct {
		name  string
		rules *rules.Rules
		most  float64
	}{
		{"every rule", everyRule(t), 5800},
		{"fixed budgets", twentyBudgets(t), 600},
	} {
		known := manyServices().Bill()
		now := morningAfter(known.Through())
		if got := testing.AllocsPerRun(3, func() { tt.rules.Evaluate(production, known, now) }); got > tt.most {
			t.Errorf("%s: got %v allocations, want at most %v", tt.name, got, tt.most)
		}
	}
}
