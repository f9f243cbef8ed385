package fetcher_test

import (
	"testing"

	"github.com/billbot/billbot/fetcher"
	"github.com/google/go-cmp/cmp"
	"github.com/shopspring/decimal"
	"pgregory.net/rapid"
)

// drawColumnNumber draws numbers that share few exponents, that overflow, and that
// are too long for one.
func drawColumnNumber(t *rapid.T) fetcher.Number {
	switch rapid.IntRange(0, 9).Draw(t, "kind") {
	case 0:
		return fetcher.NumberOf(dec("12345678901234567890.123456789"))
	case 1:
		return fetcher.NewNumber(rapid.Int64().Draw(t, "any"), rapid.Int32Range(-20, 6).Draw(t, "exponent"))
	}
	return fetcher.NewNumber(rapid.Int64Range(-5, 1e6).Draw(t, "coefficient"), rapid.Int32Range(-4, 0).Draw(t, "exponent"))
}

func TestColumnIsItsNumbers(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		numbers := rapid.SliceOfN(rapid.Custom(drawColumnNumber), 1, 40).Draw(t, "numbers")
		c := fetcher.ColumnOf(numbers)
		for i, n := range numbers {
			if got := c.At(i); !got.Equal(n) {
				t.Fatalf("number %d is %s, want %s", i, got, n)
			}
		}
		from := rapid.IntRange(0, len(numbers)).Draw(t, "from")
		to := rapid.IntRange(from, len(numbers)).Draw(t, "to")
		checkSum(t, c, numbers, from, to)
		checkSum(t, c.Until(to), numbers[:to], from, to)
	})
}

func checkSum(t *rapid.T, c fetcher.Column, numbers []fetcher.Number, from, to int) {
	t.Helper()
	var want decimal.Decimal
	for _, n := range numbers[from:to] {
		want = want.Add(n.Decimal())
	}
	var got fetcher.Sum
	c.AddTo(&got, from, to)
	if !got.Decimal().Equal(want) || c.Len() != len(numbers) {
		t.Fatalf("%d numbers, %d to %d sum up to %s, want %d and %s", c.Len(), from, to, got.Decimal(), len(numbers), want)
	}
}

// Lines hold what the charges say, whatever rows there are: gaps, twins, other
// units and currencies.
func TestLinesAreTheCharges(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var l fetcher.Ledger
		for _, a := range drawAnswers(t) {
			l, _ = l.Merge(a)
		}
		bill := l.Bill()
		if got, want := bill.Through(), l.Through(); got != want {
			t.Fatalf("through %s, want %s", got, want)
		}
		if diff := cmp.Diff(l.Calendar(), bill.Calendar()); diff != "" {
			t.Fatalf("calendar (-ledger +bill):\n%s", diff)
		}
		if diff := cmp.Diff(daysOfCharges(l.Charges), daysOfLines(bill)); diff != "" {
			t.Fatalf("days (-charges +lines):\n%s", diff)
		}
		until := day("2026-09-15")
		if diff := cmp.Diff(daysOfCharges(through(l.Charges, until)), daysOfLines(bill.Until(until))); diff != "" {
			t.Fatalf("days until %s (-charges +lines):\n%s", until, diff)
		}
	})
}

// A bill whose periods are replaced is the bill of the merged ledger.
func TestBillWith(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var l fetcher.Ledger
		bill := l.Bill()
		for _, a := range drawAnswers(t) {
			var change fetcher.Change
			l, change = l.Merge(a)
			bill = bill.With(l, change.Periods)
			if diff := cmp.Diff(daysOfLines(l.Bill()), daysOfLines(bill)); diff != "" {
				t.Fatalf("days (-whole +replaced):\n%s", diff)
			}
		}
	})
}

func through(charges []fetcher.Charge, last fetcher.Day) []fetcher.Charge {
	var kept []fetcher.Charge
	for _, c := range charges {
		if c.ChargePeriodStart <= last {
			kept = append(kept, c)
		}
	}
	return kept
}

// daySums is what each day of an item cost and used, as text; twins add up.
type daySums map[fetcher.Item][2]string

func (s daySums) add(i fetcher.Item, cost, quantity decimal.Decimal) {
	was := s[i]
	for k, d := range []decimal.Decimal{cost, quantity} {
		if was[k] != "" {
			d = d.Add(dec(was[k]))
		}
		was[k] = d.String()
	}
	s[i] = was
}

func daysOfCharges(charges []fetcher.Charge) daySums {
	sums := daySums{}
	for _, c := range charges {
		sums.add(item(c), c.ContractedCost.Decimal(), c.ConsumedQuantity.Decimal())
	}
	return sums
}

func daysOfLines(b fetcher.Bill) daySums {
	sums := daySums{}
	for _, l := range b.Lines {
		for day := l.First; day <= l.Last(); day++ {
			var cost, quantity fetcher.Sum
			l.Cost(&cost, day, day)
			l.Quantity(&quantity, day, day)
			sums.add(fetcher.Item{
				BillingPeriodStart: l.BillingPeriodStart, Day: day, Service: l.Service,
				SubscriptionID: l.SubscriptionID, ZoneID: l.ZoneID,
			}, cost.Decimal(), quantity.Decimal())
		}
	}
	return sums
}
