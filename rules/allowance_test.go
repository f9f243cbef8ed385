package rules_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/billbot/billbot/fetcher"
	"github.com/billbot/billbot/rules"
	"github.com/billbot/billbot/rules/spend"
	"github.com/shopspring/decimal"
)

// metered is a service by what it used each day from a day on: so much is
// included in each billing period, the rest has a price.
type metered struct {
	service, from   string
	used            string
	included, price string
	unit            string
	anchor          int
}

// charges prices what was used. The rows of a billing period that begin within
// it count from its first row.
func (m metered) charges() []fetcher.Charge {
	days := line{service: m.service, from: m.from, costs: m.used, quantities: m.used, anchor: m.anchor}.charges()
	var used decimal.Decimal
	for i := range days {
		if i == 0 || days[i].BillingPeriodStart != days[i-1].BillingPeriodStart {
			used = decimal.Zero
		}
		before := decimal.Max(decimal.Zero, used.Sub(dec(m.included)))
		used = used.Add(days[i].ConsumedQuantity.Decimal())
		cost := decimal.Max(decimal.Zero, used.Sub(dec(m.included))).Sub(before).Mul(dec(m.price))
		days[i].ContractedCost, days[i].ConsumedUnit = fetcher.NumberOf(cost), m.unit
	}
	return days
}

// billOf is a trusted ledger of metered services.
func billOf(services ...metered) fetcher.Ledger {
	l := fetcher.Ledger{Trust: fetcher.Trust{Verdict: fetcher.Trusted}}
	for _, m := range services {
		l.Charges = append(l.Charges, m.charges()...)
	}
	fetcher.SortCharges(l.Charges)
	return l
}

const allowances = "- {name: allowances, allowance: }"

// One message a service and billing period, raised from 80% to 100%, ended with
// the period. The allowance is learned in the first period.
func TestAllowanceLife(t *testing.T) {
	l := newLife(t, allowances)
	l.mornings(billOf(metered{service: "Vectors", from: "08-01", used: "100x61", included: "2000", price: "0.01"}), "09-01", "10-01")
	l.check(
		"09-17 fired Vectors 80% 1600",
		"09-21 escalated Vectors 100% 2000",
		"10-01 period_ended Vectors 100% 3000",
	)
}

// What an allowance is known from is told; what is only guessed is not used.
func TestAllowanceSources(t *testing.T) {
	for _, tt := range []struct {
		name     string
		bill     metered
		through  string
		from     spend.Source
		quantity string
		unjudged rules.Unjudged
		said     []string
	}{
		{"learned", metered{service: "Vectors", from: "08-01", used: "100x50", included: "2000", price: "0.01"}, "09-18",
			spend.FromBill, "2000", "", []string{"09-19 fired Vectors 80% 1800"}},
		{"named", metered{service: "Vectors (first 2 thousand included)", from: "09-01", used: "100x18", included: "2000", price: "0.01"}, "09-18",
			spend.FromName, "2000", "", []string{"09-19 fired Vectors 80% 1800"}},
		{"listed", metered{service: "Workers KV Writes", from: "09-01", used: "45000x18", included: "1000000", price: "0.000005"}, "09-18",
			spend.FromList, "1000000", "", []string{"09-19 fired Workers KV Writes 80% 810000"}},
		{"listed in other units", metered{service: "Workers KV Writes", from: "09-01", used: "45000x18", included: "1000000", price: "0.000005", unit: "million writes"}, "09-18",
			"", "0", rules.NoAllowance, nil},
		{"nobody knows", metered{service: "Vectors", from: "09-01", used: "100x18", included: "2000", price: "0.01"}, "09-18",
			"", "0", rules.NoAllowance, nil},
		{"the bill refutes the list", metered{service: "Workers KV Writes", from: "09-01", used: "60000x18", included: "9e6", price: "0.01"}, "09-18",
			"", "0", rules.NoAllowance, nil},
		{"the bill begins within the period", metered{service: "Vectors", from: "08-05", used: "100x45", included: "2000", price: "0.01"}, "09-18",
			"", "0", rules.NoAllowance, nil},
		{"the bill begins within the period, but the name says", metered{service: "Vectors (first 1,800 included)", from: "08-05", used: "100x45", included: "1600", price: "0.01"}, "09-15",
			spend.FromName, "1800", "", []string{"09-16 fired Vectors 80% 1500"}},
		{"nothing is included", metered{service: "Vectors", from: "08-01", used: "100x50", included: "0", price: "0.01"}, "09-18",
			spend.FromBill, "0", rules.NothingIncluded, nil},
		{"new, and billed at once", metered{service: "Vectors", from: "09-11", used: "100x8", included: "0", price: "0.01"}, "09-18",
			spend.FromBill, "0", rules.NothingIncluded, nil},
		{"the first billed day: used up, of who knows how much", metered{service: "Vectors", from: "09-01", used: "100x18", included: "1750", price: "0.01"}, "09-18",
			"", "0", "", []string{"09-19 fired Vectors 100% 1800"}},
	} {
		l := newLife(t, allowances)
		services := []metered{tt.bill}
		if strings.HasPrefix(tt.name, "new") { // in an account that is not
			services = append(services, metered{service: "Known", from: "08-01", used: "1x50", included: "0", price: "0.01"})
		}
		ledger := upTo(billOf(services...), day(tt.through))
		l.look(ledger, morningAfter(day(tt.through)))
		l.check(tt.said...)
		findings := l.rules.Evaluate(production, ledger.Bill(), morningAfter(day(tt.through)))
		f := findings[len(findings)-1]
		if f.Included.From != tt.from || f.Budget.String() != tt.quantity || f.Unjudged != tt.unjudged {
			t.Errorf("%s: got %q %s, unjudged %q, want %q %s, %q", tt.name, f.Included.From, f.Budget, f.Unjudged, tt.from, tt.quantity, tt.unjudged)
		}
	}
}

// At this pace: a hundred a day.
func TestAllowanceLasts(t *testing.T) {
	ledger := billOf(metered{service: "Vectors", from: "08-01", used: "100x61", included: "2000", price: "0.01"})
	r := rulesOf(t, allowances)
	for through, want := range map[string]string{"09-10": "09-20", "09-16": "09-20", "09-20": "09-20"} {
		findings := r.Evaluate(production, upTo(ledger, day(through)).Bill(), morningAfter(day(through)))
		if got := findings[len(findings)-1].Included.Lasts; got != day(want) {
			t.Errorf("through %s: lasts until %s, want %s", through, got, want)
		}
	}
}

// A cost is told once it will be so much, above the lines of what is used, and
// is not taken back while the forecast wavers.
func TestAllowanceCost(t *testing.T) {
	vectors := metered{service: "Vectors", from: "08-01", used: "100x61", included: "2000", price: "0.01"}
	for _, tt := range []struct {
		name, rule string
		want       []string
	}{
		{"a floor that is passed", "{cost: 5.00}", []string{"09-22 fired Vectors 5.00 2100", "10-01 period_ended Vectors 5.00 3000"}},
		{"a floor that is not", "{cost: 12}", nil},
		{"above the lines", "{used: [80%, 100%], cost: 5.00}", []string{
			"09-17 fired Vectors 80% 1600", "09-21 escalated Vectors 100% 2000", "09-22 escalated Vectors 5.00 2100", "10-01 period_ended Vectors 5.00 3000"}},
	} {
		l := newLife(t, "- {name: allowances, allowance: "+tt.rule+"}")
		l.mornings(billOf(vectors), "09-01", "10-01")
		t.Log(tt.name)
		l.check(tt.want...)
	}
	vectors.used = "100x31 100x21 400 20x8"
	l := newLife(t, "- {name: allowances, allowance: {cost: 8}}")
	l.mornings(billOf(vectors), "09-01", "10-01")
	if fired := len(slices.DeleteFunc(l.said, func(s string) bool { return !strings.Contains(s, "fired") })); fired != 1 || slices.ContainsFunc(l.said, func(s string) bool { return strings.Contains(s, "resolved") }) {
		t.Errorf("a forecast that wavers: got %q, want one fired and none resolved", l.said)
	}
}

// A service that is new, and costs at once.
func TestAllowanceOfANewService(t *testing.T) {
	base := metered{service: "Workers", from: "08-01", used: "1x50", included: "0", price: "0.01"}
	fresh := metered{service: "Vectors", from: "09-10", used: "1000x8", included: "0", price: "0.01"}
	l := newLife(t, "- {name: allowances, services: [Vectors], allowance: {used: [80%, 100%], cost: 5.00}}")
	l.mornings(billOf(base, fresh), "09-08", "09-12")
	l.check("09-11 fired Vectors 5.00 1000")
}

// Two billing periods that begin on the 31st, or the last day: each has an
// allowance and an alert of its own. The last days of one come late.
func TestAllowancePeriods(t *testing.T) {
	vectors := metered{service: "Vectors (first 1,000 included)", from: "02-10", used: "50x60", included: "1000", price: "0.01", anchor: 10}
	l := newLife(t, allowances)
	l.mornings(billOf(vectors), "02-10", "04-09")
	l.check(
		"02-26 fired Vectors 80% 800",
		"03-02 escalated Vectors 100% 1000",
		"03-10 period_ended Vectors 100% 1400",
		"03-26 fired Vectors 80% 800",
		"03-30 escalated Vectors 100% 1000",
		"04-10 period_ended Vectors 100% 1550",
	)
}

// A restatement takes the line back: seen on two charge days, as with budgets.
func TestAllowanceRestated(t *testing.T) {
	vectors := metered{service: "Vectors (first 1,000 included)", from: "09-01", used: "100x8", included: "1000", price: "0.01"}
	l := newLife(t, allowances)
	l.look(billOf(vectors), morningAfter(day("09-08")))
	l.check("09-09 fired Vectors 80% 800")
	vectors.used = "100x7 10x2"
	l.look(billOf(vectors), morningAfter(day("09-09")))
	l.check()
	vectors.used = "100x7 10x3"
	l.look(billOf(vectors), morningAfter(day("09-10")))
	l.check("09-11 resolved Vectors 80% 730")
	again := billOf(metered{service: "Vectors (first 1,000 included)", from: "09-01", used: "100x7 30x4", included: "1000", price: "0.01"})
	l.look(again, morningAfter(day("09-11")))
	l.check() // the same episode: its message is edited
}
