package spend_test

import (
	"testing"

	"github.com/billbot/billbot/fetcher"
	"github.com/billbot/billbot/rules/spend"
	"github.com/shopspring/decimal"
)

// stairs is a service that is billed in whole steps of so many units, past what
// is included.
type stairs struct{ included, units, price string }

// billing is what terms.billing is, in steps.
func (st stairs) billing(written string) spend.Series {
	s := terms{"0", "0"}.billing(written)
	var used, paid decimal.Decimal
	for i := range s.Days {
		if i%30 == 0 {
			used, paid = decimal.Zero, decimal.Zero
		}
		used = used.Add(s.Days[i].Quantity.Decimal())
		due := decimal.Max(decimal.Zero, used.Sub(dec(st.included))).Div(dec(st.units)).RoundCeil(0).Mul(dec(st.price))
		s.Days[i].Cost, paid = number(due.Sub(paid)), due
	}
	return s
}

func classA(s spend.Series) spend.Series {
	s.Service, s.Unit = "R2 Storage Class A Operations", "Operations"
	return s
}

// A step a period, or two, tell what a step holds, over three periods.
func TestLearnSteps(t *testing.T) {
	millions := stairs{"0", "1000000", "4.50"}
	for _, tt := range []struct {
		name            string
		series          spend.Series
		price, included string
		exact           bool
	}{
		{"two a period", millions.billing("60000x90"), "0.0000045", "0", true},
		{"two a period, past an allowance", stairs{"400000", "700000", "2"}.billing("60000x90"), "0.00000285714285714286", "400000", true},
		{"one a period", millions.billing("30000x90"), "0.000005", "0", false},
		{"one a period, on the list", classA(stairs{"1000000", "1000000", "4.50"}.billing("60000x90")), "0.0000045", "1000000", true},
		{"the first is the newest day, on the list", classA(stairs{"1000000", "1000000", "4.50"}.billing("110000x10")), "0.0000045", "1000000", true},
		{"the second is the newest day", millions.billing("60000x17"), "0.0000045", "0", true},
		{"several every day are units", millions.billing("1400000 2300000 1700000 900000 2900000 1100000 3300000 1600000 1900000 700000"), "0.00000439", "0", true},
	} {
		got := spend.Learn(tt.series)
		if !got.Price().Equal(dec(tt.price)) || !got.Included.Equal(dec(tt.included)) || got.Exact() != tt.exact {
			t.Errorf("%s: got %s, %s included, exact %t, want %s, %s, %t", tt.name, got.Price(), got.Included, got.Exact(), tt.price, tt.included, tt.exact)
		}
	}
}

// A forecast buys whole steps, and uses up the one that is paid for.
func TestForecastInSteps(t *testing.T) {
	listed := stairs{"1000000", "1000000", "4.50"}
	for _, tt := range []struct {
		name   string
		series spend.Series
		want   string
	}{
		{"the first is the newest day", classA(listed.billing("110000x10")), "13.5"},
		{"a step that will do", classA(listed.billing("60000x17")), "4.5"},
		{"the second period", classA(listed.billing("110000x40")), "13.5"},
		{"nothing included", stairs{"0", "1000000", "4.50"}.billing("60000x30 60000x10"), "9"},
		{"not on the list, ten days after the first", stairs{"0", "1000000", "4.50"}.billing("60000x11"), "13.5"},
	} {
		if got := forecast(tt.series); !got.Total.Equal(dec(tt.want)) || got.Lo.GreaterThan(got.Total) || got.Hi.LessThan(got.Total) {
			t.Errorf("%s: got %s (%s to %s), want %s", tt.name, got.Total, got.Lo, got.Hi, tt.want)
		}
	}
}

// A bill that no tariff explains is forecast all the same: a price without a
// cost is none.
func TestBillThatNothingExplains(t *testing.T) {
	for _, costs := range []string{"4.50 0x9 4.50 0x20 4.50 0x27 4.50 0x4", "4.50 0x9 7 0x20 4.50 5 0x60", "1 2 3.3 0x60", "0.01 0 0.03 0x60"} {
		s := billed(terms{"0", "0"}.billing("60000x64"), "0x64")
		for i, cost := range decs(costs) {
			if i < len(s.Days) {
				s.Days[i].Cost = number(cost)
			}
		}
		for n := 1; n <= len(s.Days); n++ {
			known := s
			known.Days = s.Days[:n]
			sum, p := spent(known)
			if got := spend.NewOutlook(known).Ahead(p, p.End+40).Plus(sum); got.Lo.LessThan(sum) || got.Hi.LessThan(got.Total) {
				t.Errorf("%s on day %d: got %s (%s to %s)", costs, n, got.Total, got.Lo, got.Hi)
			}
		}
	}
}

// A runaway is priced by the steps it buys.
func TestIncidentInSteps(t *testing.T) {
	s := classA(stairs{"1000000", "1000000", "4.50"}.billing("60000x39 40000000"))
	o := spend.NewOutlook(s)
	p := fetcher.Period{Start: firstDay + 30, End: firstDay + 59}
	if got := o.Ahead(p, p.End); !o.Incident || !got.GoesOn.Equal(dec("3600")) { // twenty days of forty steps
		t.Errorf("got %s if it goes on, incident %t, want 3600", got.GoesOn, o.Incident)
	}
}
