package report_test

import (
	"testing"

	"github.com/billbot/billbot/rules/report"
)

func TestDescribe(t *testing.T) {
	for _, tt := range []struct{ rule, currency, want string }{
		{"budget: {amount: 25, actual: [50%, 80%, 100%]}", "USD", "$25.00 a billing period for every service, told at 50%, 80% and 100%"},
		{"budget: {amount: 25}", "", "25.00 a billing period for every service, told at 100%"},
		{"services: ['D1 - *'], budget: {amount: 20.50, currency: EUR, period: day, actual: [100%, 30.00]}", "USD",
			"€20.50 a day for D1 - *, told at 100% and €30.00"},
		{"exclude: ['Argo*', 'Workers Paid*'], per: service, budget: {amount: 10, period: week}", "USD",
			"$10.00 a week for every service except Argo*, Workers Paid*, each service by itself, told at 100%"},
		{"families: ['Workers*'], zones: ['a.com', '*.b.net'], per: zone, budget: {amount: 5, period: month}", "GBP",
			"£5.00 a month for every service of family Workers* in zones a.com, *.b.net, each zone by itself, told at 100%"},
		{"per: total, budget: {amount: 200}", "USD", "$200.00 a billing period for every service, all accounts together, told at 100%"},
		{"budget: {amount: 25, forecast: [100%, 30]}", "USD", "$25.00 a billing period for every service, told at 100%, and at a forecast of 100% and $30.00"},
		{"budget: {amount: {of: previous_period, times: 1.25}}", "USD", "1.25x the billing period before for every service, told at 100%"},
		{"budget: {amount: {of: mean, periods: 4}, period: quarter}", "USD", "1x the mean of the last 4 quarters for every service, told at 100%"},
		{"budget: {amount: [20, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11], period: month}", "USD", "$1.00 to $20.00 a month for every service, told at 100%"},
		{"services: [KV], budget: {quantity: 9000000, period: year, actual: [80%, 8500000]}", "USD",
			"a quantity of 9 million a year for KV, told at 80% and 8.5 million"},
		{"spike: ", "USD", "days of more than 2x usual, by at least $1.00 and 2% of the account's usual day, in every service"},
		{"services: ['D1 - *', 'KV'], spike: {above: 3x, at_least: {amount: 5.00, share: 5%}}", "USD",
			"days of more than 3x usual, by at least $5.00 and 5% of the account's usual day, in D1 - *, KV"},
	} {
		r := rulesOf(t, "- {name: x, "+tt.rule+"}")
		if got := report.Describe(r.Rules[0], tt.currency); got != tt.want {
			t.Errorf("%s:\n got %q\nwant %q", tt.rule, got, tt.want)
		}
	}
}
