package cloudflaretest

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/shopspring/decimal"

	"github.com/billbot/billbot/fetcher"
)

func load(t *testing.T, name string) Recording {
	t.Helper()
	r, err := Load(name)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestLoadUnknown(t *testing.T) {
	_, err := Load("../doc")
	if err == nil || !strings.Contains(err.Error(), strings.Join(Names(), ", ")) {
		t.Errorf("error %v, want one that names the recordings", err)
	}
}

func TestNames(t *testing.T) {
	if diff := cmp.Diff([]string{"core-guardian", "durable-object-loop"}, Names()); diff != "" {
		t.Errorf("names differ (-want +got):\n%s", diff)
	}
}

// total sums the charges that keep says, cost and priced quantity.
func total(charges []fetcher.Charge, keep func(fetcher.Charge) bool) (cost, priced decimal.Decimal) {
	for _, c := range charges {
		if keep(c) {
			cost, priced = cost.Add(c.ContractedCost.Decimal()), priced.Add(c.PricingQuantity.Decimal())
		}
	}
	return cost, priced
}

func TestDurableObjectLoop(t *testing.T) {
	const service = "Durable Objects Storage Rows Read"
	r := load(t, "durable-object-loop")
	all := r.At(noon(t, "2026-04-30"))
	from, to := date(t, "2026-04-03"), date(t, "2026-04-11")
	loop, _ := total(all, func(c fetcher.Charge) bool {
		return c.Service() == service && from <= c.ChargePeriodStart && c.ChargePeriodStart <= to
	})
	if want := "34895"; loop.String() != want {
		t.Errorf("the loop costs %s, want %s", loop, want)
	}
	for day := from - 47; day <= to+9; day++ {
		cost, _ := total(all, func(c fetcher.Charge) bool { return c.Service() == service && c.ChargePeriodStart == day })
		switch {
		case day < from || day > to+3:
			if !cost.IsZero() {
				t.Errorf("%s costs %s, want nothing", day, cost)
			}
		case day > to:
			if cost.LessThan(dec("0.01")) || cost.GreaterThan(dec("0.05")) {
				t.Errorf("%s costs %s, want 1 to 5 cents", day, cost)
			}
		default:
			if cost.LessThan(dec("400")) || cost.GreaterThan(dec("6000")) {
				t.Errorf("%s costs %s, want hundreds to thousands", day, cost)
			}
		}
	}
	onset := func(morning string) string { return costs(r.At(noon(t, morning)), service)["2026-04-03"] }
	if got, want := []string{onset("2026-04-04"), onset("2026-04-05")}, []string{"1018.926513098", "1264.38177432"}; !slices.Equal(got, want) {
		t.Errorf("3 April is told as %v, want %v", got, want)
	}
}

func TestCoreGuardian(t *testing.T) {
	const service = "Regular Twitch Neurons (RTN)"
	r := load(t, "core-guardian")
	period := date(t, "2026-08-19")
	inPeriod := func(c fetcher.Charge) bool { return c.BillingPeriodStart == period }
	for _, tt := range []struct{ morning, neurons, cost, cents string }{
		{"2026-09-19", "669729", "7.367019", "7.37"},
		{"2026-09-20", "671383", "7.385213", "7.39"},
	} {
		cost, _ := total(r.At(noon(t, tt.morning)), inPeriod)
		_, neurons := total(r.At(noon(t, tt.morning)), func(c fetcher.Charge) bool { return inPeriod(c) && c.Service() == service })
		got := []string{neurons.String(), cost.String(), cost.StringFixed(2)}
		if diff := cmp.Diff([]string{tt.neurons, tt.cost, tt.cents}, got); diff != "" {
			t.Errorf("neurons, cost and cents told on %s differ (-want +got):\n%s", tt.morning, diff)
		}
	}
	all := r.At(noon(t, "2026-09-30"))
	for day, want := range map[string]string{"2026-08-31": "0.00", "2026-09-01": "3.75", "2026-09-04": "0.79", "2026-09-07": "1.38"} {
		if got := dec(costs(all, service)[day]).StringFixed(2); got != want {
			t.Errorf("%s costs %s, want %s", day, got, want)
		}
	}
	for day := date(t, "2026-09-08"); day <= date(t, "2026-09-18"); day++ {
		got := dec(costs(all, service)[day.String()])
		if got.LessThan(dec("0.011")) || got.GreaterThan(dec("0.022")) {
			t.Errorf("%s costs %s, want 0.011 to 0.022", day, got)
		}
	}
	first := slices.IndexFunc(all, func(c fetcher.Charge) bool {
		return c.Service() == service && c.ChargePeriodStart == date(t, "2026-09-01")
	})
	if got := all[first]; got.ConsumedQuantity.String() != "519109" || got.PricingQuantity.String() != "340643" {
		t.Errorf("1 September: %s used and %s billed, want 519109 and 340643", got.ConsumedQuantity, got.PricingQuantity)
	}
}

// Besides its incident a recording is an ordinary small account.
func TestRecordingsAreOrdinary(t *testing.T) {
	incidents := map[string]string{
		"durable-object-loop": "Durable Objects Storage Rows Read",
		"core-guardian":       "Regular Twitch Neurons (RTN)",
	}
	for _, name := range Names() {
		t.Run(name, func(t *testing.T) {
			r := load(t, name)
			first, last := r.Days()
			all := r.At((last + 30).Time())
			ordinary := map[fetcher.Day]decimal.Decimal{}
			zero, services := 0, map[string]bool{}
			for _, c := range all {
				services[c.Service()] = true
				if c.ContractedCost.IsZero() {
					zero++
				}
				if c.Service() != incidents[name] {
					ordinary[c.ChargePeriodStart] = ordinary[c.ChargePeriodStart].Add(c.ContractedCost.Decimal())
				}
			}
			if len(services) < 9 || len(ordinary) != int(last-first)+1 || zero < len(all)*4/5 {
				t.Errorf("%d services, %d days from %s to %s, %d of %d rows without cost",
					len(services), len(ordinary), first, last, zero, len(all))
			}
			for day, cost := range ordinary {
				if cost.GreaterThan(dec("0.20")) {
					t.Errorf("%s costs %s besides the incident, want at most 0.20", day, cost)
				}
			}
			checkMornings(t, r)
		})
	}
}

// checkMornings looks for what makes a replay worth watching: restated rows,
// an empty answer, a day told late.
func checkMornings(t *testing.T, r Recording) {
	t.Helper()
	first, last := r.Days()
	restated, late := 0, 0
	for day := first + 2; day <= last+2; day++ {
		newest := fetcher.Day(0)
		for _, c := range r.At(day.Time().Add(Morning)) {
			newest = max(newest, c.ChargePeriodStart)
		}
		if newest == day-2 && day <= last+1 {
			late++
		}
	}
	seen := map[key]bool{}
	for _, l := range r.Lines {
		if seen[l.key()] {
			restated++
		}
		seen[l.key()] = true
	}
	if restated < 5 || late != 1 || len(r.Empty) != 1 {
		t.Errorf("%d rows restated, %d mornings late, %d empty; want several, 1 and 1", restated, late, len(r.Empty))
	}
	if got := r.At(r.Empty[0].Time().Add(Morning + time.Hour)); len(got) != 0 {
		t.Errorf("%d rows on the empty morning", len(got))
	}
}
