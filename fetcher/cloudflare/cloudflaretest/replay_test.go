package cloudflaretest

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/billbot/billbot/fetcher"
)

// costs sums the rows of one service by day.
func costs(charges []fetcher.Charge, service string) map[string]string {
	sums := map[string]string{}
	for _, c := range charges {
		if c.Service() != service {
			continue
		}
		day := c.ChargePeriodStart.String()
		if sums[day] == "" {
			sums[day] = "0"
		}
		sums[day] = dec(sums[day]).Add(c.ContractedCost.Decimal()).String()
	}
	return sums
}

func TestRowsAreToldOnTheirMorning(t *testing.T) {
	first := date(t, "2026-03-01")
	steady := Account{ID: "a", Anchor: 1, Series: []Series{Steady("S", first, 3, dec("2.5"))}}.Recording()
	steady.Lines[2].Seen = first + 4 // two days late
	restated := steady.With(
		Line{Day: first, Seen: first + 3, Service: Service{Name: "S"}, Cost: dec("2.75")},
		Line{Day: first + 1, Seen: first + 3, Service: Service{Name: "S"}, Gone: true},
	).WithEmpty(first + 5)
	tests := []struct {
		name string
		at   time.Time
		want map[string]string
	}{
		{"the day itself", noon(t, "2026-03-01"), map[string]string{}},
		{"before the morning", noon(t, "2026-03-02").Add(-6*time.Hour - time.Second), map[string]string{}},
		{"on the morning", noon(t, "2026-03-02").Add(-6 * time.Hour), map[string]string{"2026-03-01": "2.5"}},
		{"next morning", noon(t, "2026-03-03"), map[string]string{"2026-03-01": "2.5", "2026-03-02": "2.5"}},
		{"restated, gone, late", noon(t, "2026-03-04"), map[string]string{"2026-03-01": "2.75"}},
		{"the late row", noon(t, "2026-03-05"), map[string]string{"2026-03-01": "2.75", "2026-03-03": "2.5"}},
		{"empty morning", noon(t, "2026-03-06"), map[string]string{}},
		{"the morning after", noon(t, "2026-03-07"), map[string]string{"2026-03-01": "2.75", "2026-03-03": "2.5"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, costs(restated.At(tt.at), "S")); diff != "" {
				t.Errorf("costs at %s differ (-want +got):\n%s", tt.at, diff)
			}
		})
	}
}

func TestLaterLineHoldsWhateverTheOrder(t *testing.T) {
	first := date(t, "2026-03-01")
	s := Service{Name: "S"}
	r := Recording{AccountID: "a", Lines: []Line{
		{Day: first, Seen: first + 3, Service: s, Cost: dec("3")},
		{Day: first, Seen: first + 1, Service: s, Cost: dec("1")},
	}}
	for day, want := range map[string]string{"2026-03-02": "1", "2026-03-04": "3"} {
		if got := costs(r.At(noon(t, day)), "S")["2026-03-01"]; got != want {
			t.Errorf("cost told on %s is %s, want %s", day, got, want)
		}
	}
}

func TestCumulatedColumnsRestartWithThePeriod(t *testing.T) {
	// Two rows a day, of two zones, over an anchor that February clamps.
	series := Steady("S", date(t, "2026-02-27"), 3, dec("0.5"))
	zoned := series
	zoned.Zone = Zone{"z", "example.com"}
	r := Account{ID: "a", Anchor: 31, Series: []Series{series, zoned}}.Recording()
	type row struct{ Period, Day, Zone, Cost, Quantity string }
	var got []row
	for _, c := range r.At(noon(t, "2026-03-10")) {
		got = append(got, row{
			c.BillingPeriodStart.String(), c.ChargePeriodStart.String(), c.ZoneID,
			c.CumulatedContractedCost.String(), c.CumulatedPricingQuantity.String(),
		})
	}
	want := []row{
		{"2026-01-31", "2026-02-27", "", "0.5", "0.5"},
		{"2026-01-31", "2026-02-27", "z", "1", "1"},
		{"2026-02-28", "2026-02-28", "", "0.5", "0.5"},
		{"2026-02-28", "2026-02-28", "z", "1", "1"},
		{"2026-02-28", "2026-03-01", "", "1.5", "1.5"},
		{"2026-02-28", "2026-03-01", "z", "2", "2"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("rows differ (-want +got):\n%s", diff)
	}
}

func TestPricingQuantity(t *testing.T) {
	series := Steady("S", date(t, "2026-03-01"), 2, dec("6"))
	series.Included = dec("10")
	for pricing, want := range map[Pricing][]string{
		"":              {"0", "2"},
		PricingBilled:   {"0", "2"},
		PricingConsumed: {"6", "6"},
	} {
		r := Account{ID: "a", Pricing: pricing, Series: []Series{series}}.Recording()
		var got []string
		for _, c := range r.At(noon(t, "2026-03-10")) {
			got = append(got, c.PricingQuantity.String())
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("pricing %q: quantities differ (-want +got):\n%s", pricing, diff)
		}
	}
}

func TestPeriod(t *testing.T) {
	tests := []struct {
		anchor           int
		day, start, last string
	}{
		{15, "2026-04-14", "2026-03-15", "2026-04-14"},
		{15, "2026-04-15", "2026-04-15", "2026-05-14"},
		{31, "2026-02-27", "2026-01-31", "2026-02-27"},
		{31, "2026-02-28", "2026-02-28", "2026-03-30"},
		{0, "2026-12-31", "2026-12-01", "2026-12-31"},
	}
	for _, tt := range tests {
		got := Recording{Anchor: tt.anchor}.Period(date(t, tt.day))
		want := fetcher.Period{Start: date(t, tt.start), End: date(t, tt.last)}
		if got != want {
			t.Errorf("anchor %d: the period of %s is %v, want %v", tt.anchor, tt.day, got, want)
		}
	}
}
