package rules

import (
	"strings"
	"testing"
)

const twoAccounts = "accounts: [{name: a, id: 11111111111111111111111111111111}, {name: b, id: 22222222222222222222222222222222, tags: [x]}]\n"

func TestDoubts(t *testing.T) {
	for _, tc := range []struct{ name, data, want string }{
		{"what is excluded is what is chosen", "rules: [{name: r, services: [D1 - Rows Read], exclude: ['D1 *'], spike: {}}]",
			`f:1:56: rule "r" can never fire: "exclude" takes away every service that it chooses`},
		{"everything is excluded", "rules: [{name: r, exclude: ['*'], spike: {}}]", "can never fire"},
		{"by case and allowance", "rules: [{name: r, services: [D1 - Rows Read (first 25 billion included)], exclude: [d1 - rows read], spike: {}}]", "can never fire"},
		{"something is left", "rules: [{name: r, services: [D1 - Rows Read, KV], exclude: ['D1 *'], spike: {}}]", ""},
		{"longer ones are left", "rules: [{name: r, services: ['D1*'], exclude: ['D1?'], spike: {}}]", ""},
		{"shorter ones are left", "rules: [{name: r, services: ['D1*'], exclude: ['D1?*'], spike: {}}]", ""},

		{"a second stale rule", "rules: [{name: s, stale: }, {name: t, stale: {after: 96h}}]",
			`f:1:36: rule "t" never speaks: of stale rules the first counts, which is "s" for all of its accounts`},
		{"of the same accounts", "rules: [{name: s, accounts: [a, b], stale: }, {name: t, accounts: [B], stale: }]", `rule "t" never speaks`},
		{"of other accounts", "rules: [{name: s, accounts: [a], stale: }, {name: t, stale: }]", ""},
		{"of all accounts in turn", twoAccounts + "rules: [{name: s, accounts: [a], stale: }, {name: t, accounts: ['tag:x'], stale: }, {name: u, stale: }]",
			`rule "u" never speaks: of stale rules the first counts, which is "s" or "t" for all of its accounts`},
		{"of an account that is left", twoAccounts + "rules: [{name: s, accounts: [a], stale: }, {name: t, stale: }]", ""},

		{"the same spike", "rules: [{name: r, services: [A, B], spike: }, {name: q, services: [b, a], spike: {above: 2.0x}, severity: critical}]",
			`f:1:54: rule "q" says the same as "r", on line 1: everything is told twice`},
		{"the same budget in other words", "rules: [{name: r, budget: {amount: 20, actual: [50%, 100%]}}, {name: q, budget: {amount: 20.00, actual: [10, 100%], period: billing_period}}]", "says the same"},
		{"another channel", "rules: [{name: r, spike: }, {name: q, spike: , channel: C0123456}]", ""},
		{"another amount", "rules: [{name: r, budget: {amount: 20}}, {name: q, budget: {amount: 21}}]", ""},
		{"a quantity", "rules: [{name: r, services: [KV], budget: {amount: 20}}, {name: q, services: [KV], budget: {quantity: 20}}]", ""},
		{"other months", "rules: [{name: r, budget: {amount: [1,2,3,4,5,6,7,8,9,1,2,3]}}, {name: q, budget: {amount: [1,2,3,4,5,6,7,8,9,1,2,4]}}]", ""},
		{"another factor", "rules: [{name: r, budget: {amount: {of: previous_period}}}, {name: q, budget: {amount: {of: previous_period, times: 2}}}]", ""},
		{"another part", "rules: [{name: r, services: [D1], spike: }, {name: q, exclude: [D1], spike: }]", ""},
	} {
		r, err := Load("f", []byte(tc.data))
		if err != nil {
			t.Errorf("%s: %v", tc.name, err)
			continue
		}
		var got []string
		for _, w := range r.Warnings {
			got = append(got, w.String())
		}
		if text := strings.Join(got, "\n"); tc.want == "" && text != "" || !strings.Contains(text, tc.want) || len(got) > 1 {
			t.Errorf("%s: got %q, want %q", tc.name, got, tc.want)
		}
	}
}

func TestSourceKnowsPlaces(t *testing.T) {
	r := mustLoad(t, "rules:\n  - name: a\n    budget:\n      amount: 5\n      actual: [50%]\n")
	for _, tc := range []struct{ path, want string }{
		{"budget.actual", "rules.yaml:5:15: x"}, {"budget.forecast", "rules.yaml:4:7: x"}, {"exclude", "rules.yaml:2:11: x"}, {"name", "rules.yaml:2:11: x"},
	} {
		if got := r.Source.OfRule("a", tc.path, "x"); got.String() != tc.want || got.Rule != "a" {
			t.Errorf("%s: got %s of rule %q, want %s", tc.path, got, got.Rule, tc.want)
		}
	}
	if got := (Source{File: "f"}).OfRule("b", "budget.actual", "x").String(); got != "f:1:1: x" {
		t.Errorf("got %s", got)
	}
}
