package spend_test

import (
	"testing"

	"github.com/billbot/billbot/fetcher"
	"github.com/billbot/billbot/rules/spend"
)

// A guess is good enough for a forecast, and not told as an allowance.
func TestAllowancesToTell(t *testing.T) {
	free := terms{"500", "0.01"}
	called := func(s spend.Series, name string) spend.Series { s.Name = name; return s }
	for _, tt := range []struct {
		name     string
		series   spend.Series
		from     spend.Source
		quantity string
	}{
		{"never used", free.billing("0x10"), "", "0"},
		{"never billed", free.billing("10x20"), "", "0"},
		{"billed whole", free.billing("120x6"), spend.FromBill, "500"},
		{"nothing included", terms{"0", "0.001"}.billing("100x3"), spend.FromBill, "0"},
		{"the first billed day is the newest", free.billing("120x5"), "", "0"},
		{"and the name says", called(free.billing("120x5"), "Vectors (first 500 included)"), spend.FromName, "500"},
		{"and the name is wrong", called(free.billing("120x5"), "Vectors (first 900 included)"), "", "0"},
		{"named, and less than the list is told", called(free.billing("10x20"), "Vectors (first 500 included)"), spend.FromName, "500"},
		{"named, and refuted", called(terms{"1e9", "0"}.billing("120x5"), "Vectors (first 500 included)"), "", "0"},
		{"the bill comes before the name", called(free.billing("120x6"), "Vectors (first 900 included)"), spend.FromBill, "500"},
		{"history begins within a period", late(free.billing("120x30"), 2), "", "0"},
		{"and the name says what was left out", called(late(free.billing("120x30"), 2), "Vectors (first 500 included)"), spend.FromName, "500"},
		{"a whole period comes first", late(free.billing("120x60"), 2), spend.FromBill, "500"},
		{"days too cheap to be written down", cents(terms{"0", "0.00001"}.billing("400x10 2000x10")), spend.FromBill, "0"},
	} {
		if got := spend.Learn(tt.series).Allowance(); got.From != tt.from || !got.Quantity.Equal(dec(tt.quantity)) {
			t.Errorf("%s: got %s from %q, want %s from %q", tt.name, got.Quantity, got.From, tt.quantity, tt.from)
		}
	}
}

// A service that is billed in another currency from some day on was not free
// before.
func TestBilledInAnotherCurrency(t *testing.T) {
	var charges []fetcher.Charge
	for n := range 20 {
		c := charge(n, "D1", "1", "USD")
		if n >= 12 {
			c.BillingCurrency = "EUR"
		}
		charges = append(charges, c)
	}
	for _, both := range []bool{false, true} {
		if both {
			charges = append(charges, charge(12, "D1", "0.5", "USD"))
		}
		s := spend.AllSeries(billOf(charges), 0, all)[0]
		if since, free := spend.NewOutlook(s).BilledSince(fetcher.Period{Start: firstDay, End: firstDay + 29}); free || !since.IsZero() {
			t.Errorf("billed since %s, free before: %t, want never free", since, free)
		}
	}
}

func TestBilledSince(t *testing.T) {
	for _, tt := range []struct {
		name   string
		series spend.Series
		period int // of 30 days
		since  int // day of the series; -1 for none
		free   bool
	}{
		{"after an allowance", terms{"500", "0.01"}.billing("120x10"), 0, 4, true},
		{"in the next period as well", terms{"500", "0.01"}.billing("120x40"), 1, 34, true},
		{"used up on the first day of a period", terms{"500", "0.01"}.billing("10x30 900x2"), 1, 30, true},
		{"from the first unit on", terms{"0", "0.01"}.billing("120x40"), 1, -1, false},
		{"never", terms{"9e9", "0.01"}.billing("120x40"), 1, -1, false},
		{"new", terms{"0", "0.01"}.billing("0x10 120x4"), 0, 10, false},
		{"new, as all of the account is", terms{"0", "0.01"}.billing("0x2 120x4"), 0, -1, false},
		{"days too cheap to be written down", cents(terms{"0", "0.00001"}.billing("400x10 2000x10")), 0, -1, false},
	} {
		start := firstDay + fetcher.Day(30*tt.period)
		since, free := spend.NewOutlook(tt.series).BilledSince(fetcher.Period{Start: start, End: start + 29})
		want := fetcher.Day(0)
		if tt.since >= 0 {
			want = firstDay + fetcher.Day(tt.since)
		}
		if since != want || free != tt.free {
			t.Errorf("%s: got %s, free before %t, want %s, %t", tt.name, since, free, want, tt.free)
		}
	}
}
