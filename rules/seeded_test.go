package rules_test

import (
	"testing"

	"github.com/billbot/billbot/rules"
)

// TestSeededAlertGrows: what was on already when its account was first seen is
// told in passing; it gets a message of its own once it goes on or grows worse.
func TestSeededAlertGrows(t *testing.T) {
	for _, tt := range []struct {
		name, rules, costs string
		fresh              []bool // of the events of the days after the first look
	}{
		{"a spike with another day", `- {name: runaway, spike: {}}`, "0x20 50 60", []bool{true}},
		{"a spike that is over", `- {name: runaway, spike: {}}`, "0x20 50 0 0", []bool{false, false}},
		{"a budget that is over and rises", `- {name: all, budget: {amount: 40, actual: [50%, 100%]}}`, "0x20 50 1", []bool{true}},
		{"a budget that is not over", `- {name: all, budget: {amount: 90, actual: [50%, 100%]}}`, "0x20 50 1", []bool{false}},
		{"a budget that passes the next line", `- {name: all, budget: {amount: 90, actual: [50%, 100%]}}`, "0x20 50 45", []bool{true}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := rulesOf(t, tt.rules)
			ledger := bill(line{service: "D1", from: "03-01", costs: tt.costs})
			first := day("03-21")
			alerts, _ := rules.Advance(production.ID, nil, r.Evaluate(production, upTo(ledger, first).Bill(), morningAfter(first)), morningAfter(first))
			if len(alerts) != 1 {
				t.Fatalf("alerts at the first look: got %d, want 1", len(alerts))
			}
			alerts[0].Seeded = true
			var fresh []bool
			for d := first + 1; d <= ledger.Through(); d++ {
				changed, events := rules.Advance(production.ID, alerts, r.Evaluate(production, upTo(ledger, d).Bill(), morningAfter(d)), morningAfter(d))
				if len(changed) > 0 {
					alerts = changed
				}
				for _, e := range events {
					fresh = append(fresh, e.Fresh)
					if e.Fresh == e.Alert.Seeded {
						t.Errorf("%s on %s: fresh %v and seeded %v", e.Type, d, e.Fresh, e.Alert.Seeded)
					}
				}
			}
			if len(fresh) != len(tt.fresh) {
				t.Fatalf("events: got %v, want %v", fresh, tt.fresh)
			}
			for i := range fresh {
				if fresh[i] != tt.fresh[i] {
					t.Errorf("event %d: fresh %v, want %v", i, fresh[i], tt.fresh[i])
				}
			}
		})
	}
}
