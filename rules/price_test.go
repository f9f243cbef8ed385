package rules_test

import (
	"strings"
	"testing"

	"github.com/billbot/billbot/fetcher"
	"github.com/shopspring/decimal"
)

const prices = "- {name: prices, price: }"

// billedAt is a service billed a million units a day, each day at the price
// that is written for it.
func billedAt(from, written string) fetcher.Ledger {
	costs := make([]string, 0, len(written))
	quantities := make([]string, 0, len(written))
	for _, price := range words(written) {
		if price == "-" {
			costs, quantities = append(costs, "-"), append(quantities, "-")
			continue
		}
		costs, quantities = append(costs, dec(price).Shift(6).String()), append(quantities, "1000000")
	}
	return bill(line{service: "Vectors", from: from, costs: strings.Join(costs, " "), quantities: strings.Join(quantities, " ")})
}

// A change is told once, on the second day that shows it, and ends with the
// billing period.
func TestPriceChange(t *testing.T) {
	for _, tt := range []struct {
		name, prices string // from 1 August on
		want         []string
	}{
		{"a rise", "0.001x40 0.0015x25", []string{"09-12 fired Vectors 0.0015", "10-01 period_ended Vectors 0.0015 (09-13)"}},
		{"a fall", "0.001x40 0.0005x25", []string{"09-12 fired Vectors 0.0005", "10-01 period_ended Vectors 0.0005 (09-13)"}},
		{"less than a tenth", "0.001x40 0.00109x25", nil},
		{"just a tenth", "0.001x40 0.0011x25", []string{"09-12 fired Vectors 0.0011", "10-01 period_ended Vectors 0.0011 (09-13)"}},
		{"a day of both", "0.001x40 0.00125 0.0015x24", []string{"09-13 fired Vectors 0.0015", "10-01 period_ended Vectors 0.0015 (09-14)"}},
		{"one odd day", "0.001x40 0.002 0.001x24", nil},
		{"odd days, now and then", "0.001x40 0.002 0.001x4 0.0017 0.001x19", nil},
		{"whole blocks", "0.001 0 0 0.002 0 0.001 0.003 0 0 0.001 0 0.002 0 0 0.001 0.002 0 0.001 0 0.003 0 0 0.001x2 0 0.002 0 0 0.001 0 0 0.001 0 0 0.002 0 0.001 0.003 0 0 0.001 0 0.002 0 0 0.001 0.002 0 0.001 0 0.003 0 0 0.001x2 0 0.002 0 0 0.001", nil},
		{"learned more finely", "0.0009998x5 0.0010001x5 0.001x54", nil},
		{"it comes back", "0.001x40 0.0015x5 0.001x20", []string{"09-12 fired Vectors 0.0015", "09-18 resolved Vectors 0.0015 (09-13)"}},
		{"two prices in each period", "0.001x10 0.0015x21 0.001x10 0.0015x20", []string{"08-13 fired Vectors 0.0015", "09-01 period_ended Vectors 0.0015 (08-14)"}},
		{"twice", "0.001x40 0.0015x5 0.002x20", []string{
			"09-12 fired Vectors 0.0015", "09-17 fired Vectors 0.002", "09-17 resolved Vectors 0.0015 (09-13)", "10-01 period_ended Vectors 0.002 (09-18)"}},
		{"on the first day of a period", "0.001x31 0.0015x32", []string{"09-04 fired Vectors 0.0015", "10-01 period_ended Vectors 0.0015 (09-05)"}},
		{"used now and then", "0.001x36 - - - 0.0015 - - 0.0015 - - 0.0015 - - 0.0015x14", []string{"09-13 fired Vectors 0.0015", "10-01 period_ended Vectors 0.0015 (09-18)"}},
	} {
		l := newLife(t, prices)
		l.mornings(billedAt("08-01", tt.prices), "08-05", "10-01")
		if t.Log(tt.name); true {
			l.check(tt.want...)
		}
	}
}

// An old change is no news to whoever starts today; a price that falls matters
// less than one that rises.
func TestPriceSeverity(t *testing.T) {
	l := newLife(t, prices)
	l.look(billedAt("08-01", "0.001x20 0.0015x20"), morningAfter(day("09-09")))
	l.check()
	for prices, want := range map[string]string{"0.001x20 0.0005x3": "info", "0.001x20 0.0015x3": "critical"} {
		l := newLife(t, "- {name: prices, severity: critical, price: {change: 20%}}")
		l.look(billedAt("08-01", prices), morningAfter(day("08-23")))
		if got := l.newest().Finding.Severity; string(got) != want {
			t.Errorf("%s: got %s, want %s", prices, got, want)
		}
	}
}

// Some rows count only billed units as PricingQuantity, others all: a bill that
// turns from one to the other has no other price.
func TestPriceInBothEncodings(t *testing.T) {
	ledger := billOf(metered{service: "Vectors", from: "08-01", used: "100x61", included: "1000", price: "0.01"})
	for i := range ledger.Charges {
		c := &ledger.Charges[i]
		if c.PricingQuantity = c.ConsumedQuantity; c.ChargePeriodStart >= day("09-15") {
			c.PricingQuantity = fetcher.NumberOf(c.ContractedCost.Decimal().Mul(decimal.NewFromInt(100)))
		}
	}
	l := newLife(t, prices)
	l.mornings(ledger, "09-01", "10-01")
	l.check()
}

// A change that a restatement takes back ends, on two charge days.
func TestPriceRestated(t *testing.T) {
	l := newLife(t, prices)
	l.look(billedAt("08-01", "0.001x24 0.0015x2"), morningAfter(day("08-26")))
	l.check("08-27 fired Vectors 0.0015")
	l.look(billedAt("08-01", "0.001x27"), morningAfter(day("08-27")))
	l.check()
	l.look(billedAt("08-01", "0.001x28"), morningAfter(day("08-28")))
	l.check("08-29 resolved Vectors 0.0015 (08-26)")
}
