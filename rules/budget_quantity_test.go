package rules_test

import (
	"testing"

	"github.com/billbot/billbot/fetcher"
	"github.com/billbot/billbot/rules"
)

const quota = `- {name: quota, services: ["Workers*"], budget: {quantity: 9000000, period: billing_period, actual: [80%, 100%, 12000000]}}`

// requests is a bill of requests, in thousands a day, of which nothing is
// billed: the allowance covers them.
func requests(unit, thousands string) fetcher.Ledger {
	l := bill(line{service: "Workers Requests (first 10M are included)", from: "09-01", costs: thousands})
	for i := range l.Charges {
		c := &l.Charges[i]
		c.ConsumedQuantity, c.ContractedCost, c.ConsumedUnit = fetcher.NumberOf(c.ContractedCost.Decimal().Shift(3)), fetcher.Number{}, unit
	}
	return l
}

// A quantity is told while the allowance still hides it from the bill.
func TestQuantityOfABillingPeriod(t *testing.T) {
	l := newLife(t, quota)
	l.mornings(requests("Count", "2000 3000 2200 1800 3000"), "09-01", "09-05")
	l.check("09-04 fired 80% 7200000", "09-05 escalated 100% 9000000", "09-06 escalated 12000000 12000000")
	f := l.newest().Finding
	if !f.Quantity || f.Currency != "" || f.Unit != "" || !f.Causes[0].Quantity.Equal(dec("12000000")) || len(f.Others) > 0 {
		t.Errorf("got %+v", f)
	}
	if !f.Projected.IsZero() {
		t.Errorf("projected %s after five days", f.Projected)
	}
	l.mornings(requests("Count", "2000 3000 2200 1800 3000 2400x2"), "09-06", "09-07")
	f = l.newest().Finding // 2.4 million a day, 23 days more
	if off := f.Projected.Sub(dec("72000000")).Abs(); off.GreaterThan(dec("1000000")) {
		t.Errorf("projected %s, want about 72 million", f.Projected)
	}
	if !f.ProjectedLo.LessThan(f.Projected) || !f.ProjectedHi.GreaterThan(f.Projected) || f.ProjectedLo.LessThan(f.Amount) {
		t.Errorf("projected %s, with a band of %s to %s", f.Projected, f.ProjectedLo, f.ProjectedHi)
	}
}

func TestQuantityOfADay(t *testing.T) {
	l := newLife(t, `- {name: quota, budget: {quantity: 2500000, period: day}}`)
	l.mornings(requests("", "2000 3000 200 100 100"), "09-01", "09-06")
	l.check("09-03 fired 100% 3000000", "09-07 resolved 100% 3000000 (09-02)")
	if f := l.newest().Finding; !f.Newest.Equal(dec("100000")) || !f.Quantity || f.Currency != "" {
		t.Errorf("got %s, quantity %t in %q", f.Newest, f.Quantity, f.Currency)
	}
}

// Units are never added. Rows that used nothing have no unit to speak of, and
// things are counted in two ways.
func TestQuantityInSeveralUnits(t *testing.T) {
	for _, tt := range []struct {
		units [2]string
		used  string
		want  rules.Unjudged
	}{
		{[2]string{"GB-months", "GB-seconds"}, "9000 9000", rules.SeveralUnits},
		{[2]string{"GB-months", "GB-seconds"}, "0 0", ""},
		{[2]string{"GB-months", "GB-months"}, "9000 9000", ""},
		{[2]string{"Count", ""}, "9000 9000", ""},
	} {
		for _, period := range []string{"month", "day"} {
			l := requests(tt.units[0], "9000 9000")
			l.Charges = append(l.Charges, requests(tt.units[1], tt.used).Charges...)
			fetcher.SortCharges(l.Charges)
			findings := rulesOf(t, "- {name: r, budget: {quantity: 5, period: "+period+"}}").Evaluate(production, l.Bill(), morningAfter(day("09-02")))
			f := findings[len(findings)-1]
			if f.Unjudged != tt.want || f.Open != (tt.want == "") {
				t.Errorf("%q, %s a %s: got %q, open %t", tt.units, tt.used, period, f.Unjudged, f.Open)
			}
		}
	}
}

// A second unit neither fires nor resolves what was told.
func TestSecondUnitResolvesNothing(t *testing.T) {
	l := newLife(t, quota)
	ledger := requests("", "9000")
	l.look(ledger, morningAfter(day("09-01")))
	ledger.Charges = append(ledger.Charges, requests("GB", "1 1 1 1").Charges...)
	fetcher.SortCharges(ledger.Charges)
	l.look(ledger, morningAfter(day("09-04")))
	l.look(ledger, morningAfter(day("09-05")))
	l.check("09-02 fired 100% 9000000")
	if a := l.newest(); a.State != rules.Firing {
		t.Errorf("got %s", a.State)
	}
	l.look(ledger, morningAfter(day("10-10")))
	l.check("10-11 period_ended 100% 9000000 (09-01)")
}
