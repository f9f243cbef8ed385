package spend

import (
	"slices"
	"testing"

	"github.com/billbot/billbot/fetcher"
	"github.com/shopspring/decimal"
	"pgregory.net/rapid"
)

// A window's median is that of the last days, whatever came and went.
func TestWindow(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		days := rapid.SliceOfN(rapid.Float64Range(0, 5), 1, 100).Draw(t, "days")
		var w window
		for i := range days {
			w.slide(days, i)
			last := slices.Sorted(slices.Values(days[max(0, i-UsualDays+1) : i+1]))
			if got, want := w.median(), median(last); got != want {
				t.Fatalf("after %d days: got %v, want %v", i+1, got, want)
			}
		}
	})
}

// A rank is the number itself, to the last bits of a float.
func TestRank(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := decimal.New(rapid.Int64().Draw(t, "coefficient"), rapid.Int32Range(-25, 25).Draw(t, "exponent"))
		got, want := rank(fetcher.NumberOf(d)), d.InexactFloat64()
		if diff := got - want; max(diff, -diff) > max(want, -want)*1e-15 {
			t.Errorf("%s: got %v, want %v", d, got, want)
		}
	})
	if got := rank(fetcher.Number{}); got != 0 {
		t.Errorf("zero: got %v", got)
	}
}
