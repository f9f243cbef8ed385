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

// twentyBudgets is fixed budgets of all sorts, some of them passed.
func twentyBudgets(t testing.TB) *rules.Rules {
	written := ""
	for i := range 5 {
		written += fmt.Sprintf("- {name: all%d, budget: {amount: %d, actual: [50%%, 80%%, 100%%]}}\n", i, 1000*(i+1))
		written += fmt.Sprintf("- {name: one%d, services: [Service %d], budget: {amount: %d, period: month}}\n", i, i, 50*(i+1))
		written += fmt.Sprintf("- {name: some%d, services: ['Service 1*'], exclude: ['*%d'], budget: {amount: %d}}\n", i, i, 500*(i+1))
		written += fmt.Sprintf("- {name: day%d, budget: {amount: %d, period: day}}\n", i, 20*(i+1))
	}
	return rulesOf(t, written)
}

// BenchmarkBudgets is one of a thousand accounts: twenty fixed budgets over a
// billing period of thirty services. Beside it stands the least that could be
// done, a scan of its 900 rows for each rule.
func BenchmarkBudgets(b *testing.B) {
	r := twentyBudgets(b)
	var lines []line
	for i := range 30 {
		lines = append(lines, line{service: fmt.Sprintf("Service %d (first 10M are included)", i), from: "2026-05-12", costs: "0.123456789x30", anchor: 12})
	}
	ledger := bill(lines...)
	now := morningAfter(ledger.Through())
	known := ledger.Bill()
	b.Run("evaluate", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if findings := r.Evaluate(production, known, now); len(findings) < 20 {
				b.Fatal(len(findings))
			}
		}
	})
	b.Run("int64", func(b *testing.B) {
		costs := make([]int64, len(ledger.Charges))
		for i, c := range ledger.Charges {
			costs[i], _, _ = c.ContractedCost.Parts()
		}
		for b.Loop() {
			for range r.Rules {
				var sum int64
				for _, cost := range costs {
					sum += cost
				}
				if sum == 0 {
					b.Fatal(sum)
				}
			}
		}
	})
}

// BenchmarkEvaluate is one account's evaluation: twenty rules, half of them
// spikes.
func BenchmarkEvaluate(b *testing.B) {
	written := ""
	for i := range 10 {
		written += fmt.Sprintf("- {name: b%d, budget: {amount: %d, actual: [50%%, 80%%, 100%%]}}\n- {name: s%d, spike: {}}\n", i, 100*(i+1), i)
	}
	r := rulesOf(b, written)
	known := manyServices().Bill()
	now := morningAfter(known.Through())
	b.ReportAllocs()
	for b.Loop() {
		if findings := r.Evaluate(production, known, now); len(findings) < 300 {
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
		r.NewReach().See(production, ledger.Bill())
	}
}
