package report_test

import (
	"slices"
	"testing"

	"github.com/billbot/billbot/rules"
	"github.com/billbot/billbot/rules/report"
)

// Why an alert speaks begins with the rule that made it, whatever its kind.
func TestBecauseNamesTheRule(t *testing.T) {
	r := rulesOf(t, `- {name: whole, budget: {amount: 25, actual: [100%]}}
- {name: runaway, services: ["D1 - *"], spike: {above: 3x, at_least: {amount: 1, share: 5%}}}
- {name: allowances, allowance: {used: [80%], cost: 5}}
- {name: prices, services: [KV], price: {change: 15%}}
- {name: dark, stale: {after: 72h}}`)
	named := map[string]rules.Rule{}
	for _, rule := range r.Rules {
		named[rule.Name] = rule
	}
	for name, want := range map[string]string{
		"whole":      "Its rule, whole: $25.00 a billing period for every service, told at 100%.",
		"runaway":    "Its rule, runaway: days of more than 3x usual, by at least $1.00 and 5% of the account's usual day, in D1 - *.",
		"allowances": "Its rule, allowances: allowances that are used to 80%, or usage that was free and will cost at least $5.00, of every service.",
		"prices":     "Its rule, prices: unit prices that change by at least 15%, of KV.",
		"dark":       "Its rule, dark: data that cannot be read or trusted, or has no new charge day for 72h.",
		"gone":       "Its rule, gone.",
	} {
		f := rules.Finding{Rule: name, Kind: rules.KindAllowance, Included: &rules.Included{Currency: "USD"}}
		rule, known := named[name]
		if !known {
			rule = rules.Rule{Name: name}
		}
		if said := report.Because(rules.Alert{State: rules.Firing, Finding: f}, rule); !slices.Contains(said, want) {
			t.Errorf("got %q, want %q in it", said, want)
		}
	}
}
