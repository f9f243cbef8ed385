package rules_test

import (
	"fmt"
	"testing"

	"github.com/billbot/billbot/fetcher"
	"github.com/billbot/billbot/rules"
)

// manyServices is an account of thirty services over 150 days.
func manyServices() fetcher.Ledger {
	var lines []line
	for i := range 30 {
		lines = append(lines, line{service: fmt.Sprintf("Service %d (first 10M are included)", i), from: "2026-01-01", costs: "0.1x20 0.3x100 0.2x30", anchor: 12})
	}
	return bill(lines...)
}

// BenchmarkEvaluate is one account's evaluation: twenty rules, half of them
// spikes.
func BenchmarkEvaluate(b *testing.B) {
	written := ""
	for i := range 10 {
		written += fmt.Sprintf("- {name: b%d, budget: {amount: %d, actual: [50%%, 80%%, 100%%]}}\n- {name: s%d, spike: {}}\n", i, 100*(i+1), i)
	}
	r := rulesOf(b, written)
	ledger := manyServices()
	now := morningAfter(ledger.Through())
	b.ReportAllocs()
	for b.Loop() {
		if findings := r.Evaluate(production, ledger, now); len(findings) < 300 {
			b.Fatal(len(findings))
		}
	}
}

// BenchmarkEvaluateTrust is what each poll of that account costs besides.
func BenchmarkEvaluateTrust(b *testing.B) {
	r := rulesOf(b, "")
	w := rules.Watched{Account: production, Ledger: manyServices(), Poll: polled("01 00:00", "")}
	w.Ledger.Terms.Anchors = []fetcher.Day{day("2025-03-12")}
	now := morningAfter(w.Ledger.Through())
	b.ReportAllocs()
	for b.Loop() {
		if findings := r.EvaluateTrust(w, now); len(findings) == 0 {
			b.Fatal(findings)
		}
	}
}

// BenchmarkReach is the same for rules that choose nothing.
func BenchmarkReach(b *testing.B) {
	r := rulesOf(b, "- {name: a, services: [Nothing], spike: }\n- {name: b, services: ['Stream*'], spike: }")
	ledger := manyServices()
	b.ReportAllocs()
	for b.Loop() {
		r.NewReach().See(production, ledger)
	}
}
