package spend_test

import (
	"strconv"
	"strings"
	"testing"

	"github.com/billbot/billbot/fetcher"
	"github.com/billbot/billbot/rules/spend"
	"github.com/google/go-cmp/cmp"
	"github.com/shopspring/decimal"
)

func dec(digits string) decimal.Decimal { return decimal.RequireFromString(digits) }

// number is a decimal as a series has it.
func number(d decimal.Decimal) fetcher.Number { return fetcher.NumberOf(d) }

// decs reads decimals, one after the other; "0x20" is twenty zeros.
func decs(written string) []decimal.Decimal {
	var all []decimal.Decimal
	for _, word := range strings.Fields(written) {
		digits, times, repeated := strings.Cut(word, "x")
		n := 1
		if repeated {
			n, _ = strconv.Atoi(times)
		}
		for range n {
			all = append(all, dec(digits))
		}
	}
	return all
}

// firstDay is the first day of every series here, a Monday and the start of
// the billing period.
var firstDay = fetcher.NewDay(2026, 6, 1)

// used is a service by what it used each day, at 1000 a dollar and without an
// allowance.
func used(written string) spend.Series {
	s := spend.Series{Service: "D1", Currency: "USD", First: firstDay}
	for _, quantity := range decs(written) {
		s.Days = append(s.Days, spend.Use{Quantity: number(quantity), Cost: number(quantity.Shift(-3)), BillingPeriodStart: firstDay})
	}
	return s
}

// billed gives the days of a series other costs.
func billed(s spend.Series, costs string) spend.Series {
	for i, cost := range decs(costs) {
		s.Days[i].Cost = number(cost)
	}
	return s
}

// usual is the rule with its defaults: twice usual, a dollar more.
var usual = spend.Record{Above: dec("2"), Floor: dec("1")}

// flagged is which days of a series are flagged, counted from 0.
func flagged(r spend.Record, s spend.Series) []int {
	var days []int
	for i, d := range r.Judge(s) {
		if d.Flagged {
			days = append(days, i)
		}
	}
	return days
}

func checkFlagged(t *testing.T, r spend.Record, s spend.Series, want ...int) {
	t.Helper()
	if diff := cmp.Diff(want, flagged(r, s)); diff != "" {
		t.Errorf("flagged days (-want +got):\n%s", diff)
	}
}
