package rules_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// argo and workers are subscriptions whose billing periods begin on different
// days.
var (
	argo    = line{service: "Argo", from: "03-20", costs: "1x14 30 1x60", anchor: 20, sub: "argo"}
	workers = line{service: "Workers", from: "03-05", costs: "0.1x90", anchor: 5, sub: "workers"}
)

// TestOneServiceHasItsOwnPeriods: a budget of one service follows that
// service's billing periods, whatever else the account has.
func TestOneServiceHasItsOwnPeriods(t *testing.T) {
	life := newLife(t, `- {name: argo, services: [Argo], budget: {amount: 40, period: billing_period}}`)
	life.mornings(bill(argo, workers), "03-25", "05-24")
	if len(life.alerts) != 1 || life.newest().Finding.Period.Start != day("03-20") || life.newest().Ended == "" {
		t.Errorf("want one alert, for the period from 20 March, ended with it: %q", life.said)
	}
}

// TestCurrencyChangeResolvesNothing: a budget stays in the currency its period
// began in.
func TestCurrencyChangeResolvesNothing(t *testing.T) {
	life := newLife(t, `- {name: all, budget: {amount: 60, period: month, actual: [50%]}}`)
	dollars := line{service: "D1", from: "04-01", costs: "5x9"}
	euros := line{service: "D1", from: "04-10", costs: "2x10", currency: "EUR"}
	life.mornings(bill(dollars, euros), "04-01", "04-19")
	alert := life.newest()
	if alert.State != "firing" || alert.Finding.Currency != "USD" || !alert.Finding.Amount.Equal(dec("45")) {
		t.Errorf("got %s at %s %s, want firing at 45 USD", alert.State, alert.Finding.Amount, alert.Finding.Currency)
	}
	if diff := cmp.Diff("20", alert.Finding.Others[0].Amount.String()); diff != "" {
		t.Errorf("euros told beside it (-want +got):\n%s", diff)
	}
}
