package fetcher_test

import (
	"math"
	"math/big"
	"testing"

	"github.com/billbot/billbot/fetcher"
	"github.com/shopspring/decimal"
	"pgregory.net/rapid"
)

// drawNumber draws numbers as bills have them, and such as no bill should.
func drawNumber() *rapid.Generator[decimal.Decimal] {
	return rapid.Custom(func(t *rapid.T) decimal.Decimal {
		exponent := rapid.Int32Range(-30, 12).Draw(t, "exponent")
		if rapid.IntRange(0, 3).Draw(t, "long") == 0 {
			digits := new(big.Int).SetBytes(rapid.SliceOfN(rapid.Byte(), 8, 16).Draw(t, "digits"))
			return decimal.NewFromBigInt(digits, exponent)
		}
		edges := rapid.SampledFrom([]int64{0, 1, -1, math.MaxInt64, math.MinInt64, math.MaxInt64 - 1, 922337203685477580})
		return decimal.New(rapid.OneOf(rapid.Int64(), rapid.Int64Range(-1000, 1000), edges).Draw(t, "coefficient"), exponent)
	})
}

func TestNumberIsItsDecimal(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := drawNumber().Draw(t, "a"), drawNumber().Draw(t, "b")
		n, m := fetcher.NumberOf(a), fetcher.NumberOf(b)
		if back := n.Decimal(); back.Exponent() != a.Exponent() || back.Coefficient().Cmp(a.Coefficient()) != 0 {
			t.Fatalf("%s came back as %s", a, back)
		}
		if n.Cmp(m) != a.Cmp(b) || n.Equal(m) != a.Equal(b) || n.Sign() != a.Sign() || n.IsZero() != a.IsZero() {
			t.Fatalf("%s against %s: got %d, sign %d", a, b, n.Cmp(m), n.Sign())
		}
	})
}

func TestSumIsExact(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var sum, half, whole fetcher.Sum
		var want decimal.Decimal
		for i, d := range rapid.SliceOfN(drawNumber(), 0, 20).Draw(t, "numbers") {
			sum.Add(fetcher.NumberOf(d))
			want = want.Add(d)
			if got := sum.Decimal(); !got.Equal(want) {
				t.Fatalf("got %s, want %s", got, want)
			}
			if i%2 == 0 {
				whole.Add(fetcher.NumberOf(d))
			} else {
				half.Add(fetcher.NumberOf(d))
			}
		}
		whole.Merge(half)
		if got := whole.Number(); !got.Decimal().Equal(want) {
			t.Fatalf("of two halves: got %s, want %s", got, want)
		}
	})
}

// Adding up a bill makes nothing that has to be collected.
func TestSumAllocatesNothing(t *testing.T) {
	numbers := []fetcher.Number{fetcher.NewNumber(257, -6), fetcher.NewNumber(3, 0), fetcher.NewNumber(-1250, -2), {}}
	var sum fetcher.Sum
	if allocs := testing.AllocsPerRun(100, func() {
		for _, n := range numbers {
			sum.Add(n)
		}
	}); allocs > 0 {
		t.Errorf("got %v allocations, want none", allocs)
	}
}

// Sums and products of numbers are those of the decimals they stand for.
func TestNumberArithmetic(t *testing.T) {
	draw := func(t *rapid.T, name string) decimal.Decimal {
		return decimal.New(rapid.Int64().Draw(t, name), rapid.Int32Range(-30, 30).Draw(t, name+"'s exponent"))
	}
	rapid.Check(t, func(t *rapid.T) {
		a, b := draw(t, "a"), draw(t, "b")
		n, m := fetcher.NumberOf(a), fetcher.NumberOf(b)
		if got, want := n.Add(m).Decimal(), a.Add(b); !got.Equal(want) {
			t.Errorf("%s + %s: got %s, want %s", a, b, got, want)
		}
		if got, want := n.Times(m).Decimal(), a.Mul(b); !got.Equal(want) {
			t.Errorf("%s * %s: got %s, want %s", a, b, got, want)
		}
		if n.IsPositive() != a.IsPositive() || n.IsNegative() != a.IsNegative() || !n.Decimal().Equal(a) {
			t.Errorf("%s: got %s", a, n)
		}
	})
}
