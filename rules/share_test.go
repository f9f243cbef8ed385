package rules_test

import (
	"fmt"
	"strings"
	"testing"
)

// Rules that ask the same of a service share its judging: ten cost little more
// than one.
func TestRulesShareWhatTheyJudge(t *testing.T) {
	ledger := manyServices()
	now := morningAfter(ledger.Through())
	allocations := func(spikes ...string) float64 {
		var written strings.Builder
		for i, spike := range spikes {
			fmt.Fprintf(&written, "- {name: s%d, spike: {%s}}\n", i, spike)
		}
		r := rulesOf(t, written.String())
		return testing.AllocsPerRun(3, func() { r.Evaluate(production, ledger.Bill(), now) })
	}
	one, same := allocations(""), allocations("", "above: 2x", "at_least: {amount: 1}")
	if same > 1.1*one {
		t.Errorf("three rules alike: %v allocations, one: %v", same, one)
	}
}

// Rules that ask something else are answered by themselves.
func TestRulesThatDifferShareNothing(t *testing.T) {
	ledger := bill(line{service: "D1", from: "08-11", costs: quiet + "5"})
	for _, tt := range []struct {
		spike string
		want  bool
	}{{"", true}, {"above: 60x", false}, {"at_least: {amount: 6}", false}, {"at_least: {share: 9000%}", false}} {
		l := newLife(t, "- {name: first, spike: {}}\n- {name: second, spike: {"+tt.spike+"}}")
		l.mornings(ledger, "08-11", "09-01")
		if got := len(l.said) == 2; got != tt.want {
			t.Errorf("a second rule with %q: said %q", tt.spike, l.said)
		}
	}
}
