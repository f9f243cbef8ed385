package spend_test

import (
	"testing"

	"github.com/billbot/billbot/fetcher"
	"github.com/billbot/billbot/rules/spend"
	"github.com/google/go-cmp/cmp"
	"github.com/shopspring/decimal"
)

// terms is what a service costs, to make bills with.
type terms struct{ included, price string }

// billing is a service by what it used each day, with billing periods of 30
// days from the first day on.
func (t terms) billing(written string) spend.Series {
	s := spend.Series{Service: "Vectors", Currency: "USD", First: firstDay}
	var used decimal.Decimal
	for i, quantity := range decs(written) {
		if i%30 == 0 {
			used = decimal.Zero
		}
		before := decimal.Max(decimal.Zero, used.Sub(dec(t.included)))
		used = used.Add(quantity)
		s.Days = append(s.Days, spend.Use{
			Quantity: number(quantity), Cost: number(decimal.Max(decimal.Zero, used.Sub(dec(t.included))).Sub(before).Mul(dec(t.price))),
			BillingPeriodStart: firstDay + fetcher.Day(i/30*30),
		})
	}
	return s
}

// and goes on with other days, whose first is the start of a billing period.
func and(s spend.Series, more spend.Series) spend.Series {
	begin := firstDay + fetcher.Day(len(s.Days))
	for _, use := range more.Days {
		use.BillingPeriodStart += begin - firstDay
		s.Days = append(s.Days, use)
	}
	return s
}

// cents rounds what each day cost.
func cents(s spend.Series) spend.Series {
	for i := range s.Days {
		s.Days[i].Cost = number(s.Days[i].Cost.Decimal().Round(2))
	}
	return s
}

// late leaves the first days out, as where history begins within a period.
func late(s spend.Series, days int) spend.Series {
	s.First += fetcher.Day(days)
	s.Days = s.Days[days:]
	return s
}

func TestLearn(t *testing.T) {
	free := terms{"500", "0.01"}
	for _, tt := range []struct {
		name            string
		series          spend.Series
		price, included string // "" where they cannot be known
	}{
		{"never used", free.billing("0x10"), "", ""},
		{"never billed", free.billing("10x20"), "", ""},
		{"no allowance", terms{"0", "0.001"}.billing("100x3"), "0.001", "0"},
		{"its first day alone", terms{"0", "0.001"}.billing("100"), "0.001", "0"},
		{"the allowance ends within a day", free.billing("120x6"), "0.01", "500"},
		{"the first billed day is the newest", free.billing("120x5"), "0.00833333333333333333", "480"},
		{"free again in the next period", free.billing("120x30 10x3"), "0.01", "500"},
		{"a tiny price", terms{"25e9", "1e-9"}.billing("1734072413x20"), "0.000000001", "25000000000"},
		{"costs in cents", cents(terms{"5000", "0.0005"}.billing("16849 17619 17472 18202 17941")), "0.0005", "5000"},
		{"quantities with fractions", terms{"10", "0.015"}.billing("12.5 3.25 8.125"), "0.015", "10"},
		{"another price within the period", and(free.billing("120x30"), billed(used("100x6"), "1 1 1 2 2 2")), "0.02", "0"},
		{"one odd day is no other price", and(free.billing("120x30"), billed(used("100x5"), "1 1 1 1 2.5")), "0.01", "0"},
		{"a lower allowance in the next period", and(free.billing("120x30"), terms{"300", "0.01"}.billing("120x6")), "0.01", "300"},
		{"a refund", and(free.billing("120x30"), billed(used("100x5"), "1 1 -3 1 1")), "0.01", "0"},
		{"history begins within a period", late(free.billing("120x30"), 2), "0.01", "260"},
		{"a whole period comes first", late(free.billing("120x60"), 2), "0.01", "500"},
		{"whole thousands", stairs{"0", "1000", "1"}.billing("400x30"), "0.001", "0"},
	} {
		got := spend.Learn(tt.series)
		if got.Known() != (tt.price != "") || got.IncludedKnown != (tt.included != "") {
			t.Errorf("%s: got price %s, included %s (known: %t, %t)", tt.name, got.Price(), got.Included, got.Known(), got.IncludedKnown)
			continue
		}
		if tt.price != "" && (!got.Price().Equal(dec(tt.price)) || !got.Included.Equal(dec(tt.included))) {
			t.Errorf("%s: got %s, %s included, want %s, %s", tt.name, got.Price(), got.Included, tt.price, tt.included)
		}
	}
}

func TestPriceChange(t *testing.T) {
	got := spend.Learn(and(terms{"500", "0.01"}.billing("120x30"), billed(used("100x6"), "1 1 1 2 2 2")))
	if want := firstDay + 33; got.Since != want || !got.Before.Equal(dec("0.01")) {
		t.Errorf("got since %s, before it %s, want since %s and 0.01", got.Since, got.Before, want)
	}
}

// Cents that are rounded make prices, and no change of them.
func TestRoughPricesDoNotChange(t *testing.T) {
	minutes := terms{"0", "0.001"}
	s := and(cents(minutes.billing("5.9x28 52789.509 5.9")), cents(minutes.billing("52790 52780x5")))
	if got := spend.Learn(s); !got.Before.IsZero() {
		t.Errorf("got %s, and %s before it", got.Price(), got.Before)
	}
}

// Before a service is billed, Cloudflare's list says what it will cost; unless
// it was used beyond what the list includes.
func TestListPrices(t *testing.T) {
	for _, tt := range []struct{ service, unit, days, price, included string }{
		{"D1 - Rows Read", "Rows", "1e9x20", "0.000000001", "25e9"},
		{"D1 Rows Read", "", "1e9x20", "0.000000001", "25e9"},
		{"D1 Rows Read", "", "1e9x26", "", ""},
		{"D1 Rows Read", "million rows", "1000x20", "", ""},
		{"Workers KV Reads", "Operations", "1000x20", "0.0000005", "1e7"},
		{"R2 Storage Class A Operations", "Operations", "1000x20", "0.0000045", "1e6"},
		{"Durable Objects Compute Duration", "GB-seconds", "1000x20", "0.0000125", "400000"},
		{"Durable Objects Compute Duration", "ms", "1000x20", "", ""},
		{"Workers CPU ms", "ms", "1000x20", "0.00000002", "3e7"},
		{"Something new", "", "1000x20", "", ""},
	} {
		s := terms{"1e99", "0"}.billing(tt.days)
		s.Service, s.Unit = tt.service, tt.unit
		got := spend.Learn(s)
		if got.Listed != (tt.price != "") || got.Listed && (!got.Price().Equal(dec(tt.price)) || !got.Included.Equal(dec(tt.included))) {
			t.Errorf("%s in %s: got %s, %s included, listed %t, want %q, %q", tt.service, tt.unit, got.Price(), got.Included, got.Listed, tt.price, tt.included)
		}
	}
}

// A day that is billed in part does not show the price; the list does, if what
// it includes fits that day.
func TestPriceOfThePartlyBilledDay(t *testing.T) {
	s := terms{"1000000", "0.000005"}.billing("90000x12")
	if got := spend.Learn(s); got.Exact() {
		t.Errorf("nobody knows: got %s, told as exact", got.Price())
	}
	s.Service = "Workers KV Writes"
	if got := spend.Learn(s); !got.Exact() || !got.Price().Equal(dec("0.000005")) || !got.Included.Equal(dec("1000000")) {
		t.Errorf("listed: got %s, %s included, want 0.000005, 1000000", got.Price(), got.Included)
	}
}

func TestTariffCost(t *testing.T) {
	tariff := spend.Learn(terms{"500", "0.01"}.billing("120x6"))
	for _, tt := range []struct{ used, more, left, cost string }{
		{"0", "100", "500", "0"}, {"0", "500", "500", "0"}, {"0", "501", "500", "0.01"},
		{"450", "100", "50", "0.50"}, {"500", "100", "0", "1"}, {"900", "100", "0", "1"},
	} {
		if left, cost := tariff.Left(dec(tt.used)), tariff.Cost(dec(tt.used), dec(tt.more)); !left.Equal(dec(tt.left)) || !cost.Equal(dec(tt.cost)) {
			t.Errorf("%s more after %s: got %s left, %s, want %s, %s", tt.more, tt.used, left, cost, tt.left, tt.cost)
		}
	}
	if cost := (spend.Tariff{}).Cost(dec("0"), dec("1e9")); !cost.IsZero() {
		t.Errorf("without a price: got %s", cost)
	}
}

// Some rows count only billed units as PricingQuantity, others all. The tariff
// is the same.
func TestBothKindsOfPricingQuantity(t *testing.T) {
	var billedOnly, allUnits []fetcher.Charge
	for i, use := range (terms{"500", "0.01"}).billing("120x20").Days {
		c := charge(i, "Vectors", use.Cost.String(), "USD")
		c.ConsumedQuantity, c.PricingQuantity = use.Quantity, number(use.Cost.Decimal().Shift(2))
		billedOnly = append(billedOnly, c)
		c.PricingQuantity = c.ConsumedQuantity
		allUnits = append(allUnits, c)
	}
	a, b := spend.AllSeries(billOf(billedOnly), 0, all)[0], spend.AllSeries(billOf(allUnits), 0, all)[0]
	for _, s := range []spend.Series{a, b} {
		if got := spend.Learn(s); !got.Price().Equal(dec("0.01")) || !got.Included.Equal(dec("500")) {
			t.Errorf("got %s, %s included, want 0.01, 500", got.Price(), got.Included)
		}
	}
	p := fetcher.Period{Start: firstDay, End: firstDay + 29}
	if diff := cmp.Diff(spend.NewOutlook(a).Ahead(p, p.End), spend.NewOutlook(b).Ahead(p, p.End)); diff != "" {
		t.Errorf("forecasts (-billed units +all units):\n%s", diff)
	}
}
