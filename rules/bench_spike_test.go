package rules_test

import "testing"

// BenchmarkSpikes is one account of thirty services judged by the default rule
// over the whole of what an evaluation looks at.
func BenchmarkSpikes(b *testing.B) {
	r := rulesOf(b, "- {name: runaway, spike: {}}")
	ledger := manyServices()
	now := morningAfter(ledger.Through())
	b.ReportAllocs()
	for b.Loop() {
		if findings := r.Evaluate(production, ledger.Bill(), now); len(findings) != 30 {
			b.Fatal(len(findings))
		}
	}
}
