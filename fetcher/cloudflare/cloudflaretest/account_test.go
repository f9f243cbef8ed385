package cloudflaretest

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/shopspring/decimal"
	"pgregory.net/rapid"

	"github.com/billbot/billbot/fetcher"
)

func TestAllowanceOfEachPeriod(t *testing.T) {
	requests := Series{
		Service:  Service{Name: "Workers Standard Requests (first 10M are included)", Family: "Workers"},
		Price:    decimal.New(30, -2).Shift(-6),
		Included: dec("10000000"),
		From:     date(t, "2026-03-12"),
		Daily:    []decimal.Decimal{dec("7000000"), dec("5000001"), dec("1"), dec("9000000"), dec("1000002")},
	}
	r := Account{ID: "a", Anchor: 15, Series: []Series{requests}}.Recording()
	var got [][2]string
	for _, l := range r.Lines {
		got = append(got, [2]string{l.Billed.String(), l.Cost.String()})
	}
	want := [][2]string{{"0", "0"}, {"2000001", "0.6000003"}, {"1", "0.0000003"}, {"0", "0"}, {"2", "0.0000006"}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("billed quantity and cost differ (-want +got):\n%s", diff)
	}
}

func TestSeriesOfOneServiceAddUp(t *testing.T) {
	from := date(t, "2026-03-01")
	r := Account{ID: "a", Series: []Series{Steady("S", from, 1, dec("1")), Steady("S", from, 1, dec("2"))}}.Recording()
	got := r.At(noon(t, "2026-03-02"))
	if len(got) != 2 {
		t.Fatalf("%d rows, want 2", len(got))
	}
	if sum := costs(got, "S")["2026-03-01"]; sum != "3" {
		t.Errorf("they cost %s, want 3", sum)
	}
}

func TestOnAndWeekly(t *testing.T) {
	sunday := date(t, "2026-03-01")
	s := Weekly("S", sunday, 3, [7]decimal.Decimal{dec("1"), dec("2"), dec("3")})
	changed := s.On(sunday+1, dec("20")).On(sunday+4, dec("5")).On(sunday-1, dec("9"))
	var got []string
	for _, q := range changed.Daily {
		got = append(got, q.String())
	}
	if diff := cmp.Diff([]string{"1", "20", "3", "0", "5"}, got); diff != "" {
		t.Errorf("quantities differ (-want +got):\n%s", diff)
	}
	if !s.Daily[1].Equal(dec("2")) {
		t.Errorf("On changed the series it was called on")
	}
}

// Whatever the days, what is billed in a period is what was consumed past its
// allowance.
func TestBilledIsConsumedPastTheAllowance(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := Series{
			Service:  Service{Name: "S"},
			Price:    decimal.New(rapid.Int64Range(0, 1000).Draw(t, "price"), -6),
			Included: decimal.NewFromInt(rapid.Int64Range(0, 500).Draw(t, "included")),
			From:     fetcher.NewDay(2026, 1, 1),
		}
		for _, q := range rapid.SliceOfN(rapid.Int64Range(0, 100), 1, 28).Draw(t, "daily") {
			s.Daily = append(s.Daily, decimal.NewFromInt(q))
		}
		r := Account{ID: "a", Series: []Series{s}}.Recording()
		var consumed, cost decimal.Decimal
		for _, l := range r.Lines {
			consumed, cost = consumed.Add(l.Consumed), cost.Add(l.Cost)
		}
		want := decimal.Max(decimal.Zero, consumed.Sub(s.Included)).Mul(s.Price)
		if !cost.Equal(want) {
			t.Errorf("the period costs %s, want %s", cost, want)
		}
	})
}
