package spend_test

import (
	"testing"

	"github.com/billbot/billbot/fetcher"
	"github.com/billbot/billbot/rules/spend"
	"github.com/google/go-cmp/cmp"
	"github.com/shopspring/decimal"
	"pgregory.net/rapid"
)

// charge is a row of the n-th day.
func charge(n int, service, cost, currency string) fetcher.Charge {
	return fetcher.Charge{
		ServiceName: service, BillingCurrency: currency, BillingPeriodStart: firstDay,
		ChargePeriodStart: firstDay + fetcher.Day(n), ContractedCost: fetcher.NumberOf(dec(cost)), ConsumedQuantity: fetcher.NumberOf(dec("10")),
	}
}

func all(*fetcher.Line) bool { return true }

// billOf is the bill of charges, whatever their order.
func billOf(charges []fetcher.Charge) fetcher.Bill {
	return fetcher.Ledger{Charges: fetcher.Sorted(charges)}.Bill()
}

// bill is charges of two services, in two currencies, with a gap of two days.
func bill() []fetcher.Charge {
	return []fetcher.Charge{
		charge(1, "KV", "0.10", "USD"),
		charge(1, "KV", "0.20", "USD"),
		charge(0, "D1 (first 5 included)", "1", "USD"),
		charge(0, "D1", "-0.25", "USD"),
		charge(0, "D1", "7", "EUR"),
		charge(4, "KV", "0.30", "USD"),
	}
}

func TestSumsKeepCurrenciesApart(t *testing.T) {
	got := spend.Sum(billOf(bill()), all)
	want := spend.Sums{"USD": dec("1.35"), "EUR": dec("7")}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("sums (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"EUR", "USD"}, got.Currencies()); diff != "" {
		t.Errorf("currencies (-want +got):\n%s", diff)
	}
	if got := spend.Sum(billOf(bill()), func(l *fetcher.Line) bool { return l.Service == "KV" }); len(got) != 1 || !got["USD"].Equal(dec("0.6")) {
		t.Errorf("sum of KV: got %v, want 0.6 USD", got)
	}
}

func TestByServiceIsDearestFirst(t *testing.T) {
	want := []spend.ServiceCost{
		{Service: "D1", Cost: dec("0.75"), Quantity: dec("20")},
		{Service: "KV", Cost: dec("0.60"), Quantity: dec("30")},
	}
	if diff := cmp.Diff(want, spend.ByService(billOf(bill()), "USD", all)); diff != "" {
		t.Errorf("services (-want +got):\n%s", diff)
	}
	equal := []fetcher.Charge{charge(0, "b", "1", "USD"), charge(0, "c", "2", "USD"), charge(0, "a", "1", "USD")}
	var names string
	for _, s := range spend.ByService(billOf(equal), "USD", all) {
		names += s.Service
	}
	if names != "cab" {
		t.Errorf("order: got %s, want cab", names)
	}
}

func TestCurrencyIsThatOfTheNewestCharge(t *testing.T) {
	for _, tt := range []struct {
		want    string
		charges []fetcher.Charge
	}{
		{"", nil},
		{"USD", bill()},
		{"EUR", bill()[4:5]},
		{"EUR", append(bill(), charge(5, "D1", "1", "EUR"))},
	} {
		if got := spend.Currency(billOf(tt.charges)); got != tt.want {
			t.Errorf("currency of %d charges: got %q, want %q", len(tt.charges), got, tt.want)
		}
	}
}

func TestDailyCost(t *testing.T) {
	first, numbers := spend.DailyCost(billOf(bill()), "USD", 0)
	var costs []decimal.Decimal
	for _, n := range numbers {
		costs = append(costs, n.Decimal())
	}
	if diff := cmp.Diff(decs("0.75 0.30 0 0 0.30"), costs); diff != "" || first != firstDay {
		t.Errorf("costs from %s (-want +got):\n%s", first, diff)
	}
	if first, costs := spend.DailyCost(billOf(nil), "USD", 0); first != 0 || costs != nil {
		t.Errorf("costs of nothing: got %s, %v", first, costs)
	}
}

// Every service's series has all the days of the account: a day without a row
// is a day of nothing.
func TestSeriesHaveNoGaps(t *testing.T) {
	got := spend.AllSeries(billOf(bill()), 0, all)
	if len(got) != 2 || got[0].Service != "D1" || got[1].Service != "KV" {
		t.Fatalf("got series %v, want D1 and KV", got)
	}
	for i, want := range []struct{ currency, costs, quantities string }{
		{"USD", "0.75 0 0 0 0", "30 0 0 0 0"},
		{"USD", "0 0.30 0 0 0.30", "0 20 0 0 10"},
	} {
		s := got[i]
		costs, quantities := decs(want.costs), decs(want.quantities)
		if s.Currency != want.currency || s.First != firstDay || len(s.Days) != len(costs) {
			t.Fatalf("%s: got %s from %s, %d days", s.Service, s.Currency, s.First, len(s.Days))
		}
		for d, use := range s.Days {
			if !use.Cost.Equal(number(costs[d])) || !use.Quantity.Equal(number(quantities[d])) {
				t.Errorf("%s on %s: got %s for %s, want %s for %s", s.Service, s.Day(d), use.Cost, use.Quantity, costs[d], quantities[d])
			}
		}
	}
	if got := got[1].At(firstDay + 4); !got.Cost.Equal(number(dec("0.3"))) || got.BillingPeriodStart != firstDay {
		t.Errorf("KV on the last day: got %+v", got)
	}
	if got := got[1].At(firstDay + 5); got != (spend.Use{}) {
		t.Errorf("KV after the last day: got %+v, want nothing", got)
	}
}

// A quantity in another unit is not the same thing.
func TestSeriesKeepUnitsApart(t *testing.T) {
	rows, thousands := charge(1, "D1", "1", "USD"), charge(0, "D1", "1", "USD")
	rows.ConsumedUnit, thousands.ConsumedUnit = "rows", "thousand rows"
	s := spend.AllSeries(billOf([]fetcher.Charge{rows, thousands}), 0, all)[0]
	if s.Unit != "rows" || !s.Days[0].Quantity.IsZero() || !s.Days[0].Cost.Equal(number(dec("1"))) || !s.Days[1].Quantity.Equal(number(dec("10"))) {
		t.Errorf("got %+v, want 10 rows on the second day alone, and a dollar on both", s)
	}
}

// Rules that share a walk find what each finds by itself.
func TestEpisodesAreThoseOfEachRule(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := drawSeries(t)
		var rules []spend.Record
		for _, floor := range rapid.SliceOfN(rapid.SampledFrom([]string{"0.01", "1", "3", "50"}), 1, 3).Draw(t, "floors") {
			rules = append(rules, spend.Record{Above: dec("2"), Floor: dec(floor)})
		}
		var room spend.Room
		for k, got := range spend.Episodes(&room, s, rules) {
			want, _ := spend.LastEpisode(rules[k].Judge(s))
			if diff := cmp.Diff(want, got); diff != "" {
				t.Fatalf("at least %s (-alone +together):\n%s", rules[k].Floor, diff)
			}
		}
	})
}

func TestLastEpisode(t *testing.T) {
	for _, tt := range []struct {
		name, days     string
		start, flagged int
		extra          string
		open           bool
		none           bool
	}{
		{name: "no flagged day", days: "100x30", none: true},
		{name: "today", days: "100x20 9100", start: 20, flagged: 1, extra: "9", open: true},
		{name: "one day back", days: "100x20 9100 100", start: 20, flagged: 1, extra: "9", open: true},
		{name: "two days back", days: "100x20 9100 100x2", start: 20, flagged: 1, extra: "9"},
		{name: "a run", days: "100x20 9100x3", start: 20, flagged: 3, extra: "27", open: true},
		{name: "a gap of seven days", days: "100x20 9100 100x6 9100", start: 20, flagged: 2, extra: "18", open: true},
		{name: "a gap of eight", days: "100x20 9100 100x7 9100", start: 28, flagged: 1, extra: "9", open: true},
	} {
		e, found := spend.LastEpisode(usual.Judge(used(tt.days)))
		if found == tt.none {
			t.Errorf("%s: found %t", tt.name, found)
		}
		if !found {
			continue
		}
		if e.Start != firstDay+fetcher.Day(tt.start) || e.Days != tt.flagged || !e.Extra.Equal(dec(tt.extra)) || e.Open != tt.open {
			t.Errorf("%s: got from %s, %d days, %s extra, open %t", tt.name, e.Start, e.Days, e.Extra, e.Open)
		}
	}
}
