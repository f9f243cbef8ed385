package spend_test

import (
	"slices"
	"testing"

	"github.com/billbot/billbot/fetcher"
	"github.com/billbot/billbot/rules/spend"
	"github.com/google/go-cmp/cmp"
	"github.com/shopspring/decimal"
	"pgregory.net/rapid"
)

// drawBill draws a service of several billing periods with an allowance,
// bursts, pauses, and at times a refund; billed by the unit, in steps, or in
// what seems to be steps.
func drawBill(t *rapid.T) spend.Series {
	s := drawTerms(t).billing(drawDays(t))
	switch rapid.SampledFrom([]string{"units", "units", "steps", "at random"}).Draw(t, "billed by") {
	case "steps":
		s = drawStairs(t).billing(drawDays(t))
	case "at random":
		for i := range s.Days {
			s.Days[i].Cost = number(dec(rapid.SampledFrom([]string{"0", "0", "0", "4.5", "9", "5"}).Draw(t, "cost")))
		}
	}
	if rapid.Bool().Draw(t, "restated early") {
		s = early(s, rapid.IntRange(1, 3).Draw(t, "days early"))
	}
	if rapid.Bool().Draw(t, "refund") {
		i := rapid.IntRange(0, len(s.Days)-1).Draw(t, "day of refund")
		s.Days[i].Cost = number(s.Days[i].Cost.Decimal().Sub(dec("5")))
	}
	return s
}

// early has the last days of each billing period belong to the next one.
func early(s spend.Series, days int) spend.Series {
	for i := range s.Days {
		if i%30 >= 30-days {
			s.Days[i].BillingPeriodStart += 30
		}
	}
	return s
}

func drawTerms(t *rapid.T) terms {
	return terms{
		rapid.SampledFrom([]string{"0", "1000", "9000", "90000"}).Draw(t, "included"),
		rapid.SampledFrom([]string{"1", "0.0003", "1e-9"}).Draw(t, "price"),
	}
}

func drawStairs(t *rapid.T) stairs {
	return stairs{
		rapid.SampledFrom([]string{"0", "1000", "9000"}).Draw(t, "included"),
		rapid.SampledFrom([]string{"700", "10000", "100000"}).Draw(t, "units of a step"), "4.50",
	}
}

func drawDays(t *rapid.T) (written string) {
	for range rapid.IntRange(1, 70).Draw(t, "days") {
		written += rapid.SampledFrom([]string{"0", "400", "500", "600", "12.5", "80000"}).Draw(t, "quantity") + " "
	}
	return written
}

func TestForecastIsWithinItsBand(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := drawBill(t)
		spent, p := spent(s)
		got := spend.NewOutlook(s).Ahead(p, p.End+fetcher.Day(rapid.IntRange(0, 40).Draw(t, "beyond"))).Plus(spent)
		if got.Lo.GreaterThan(got.Total) || got.Hi.LessThan(got.Total) || got.GoesOn.GreaterThan(got.Hi) {
			t.Errorf("%s, or %s, is not within %s to %s", got.Total, got.GoesOn, got.Lo, got.Hi)
		}
		if got.Lo.LessThan(spent) {
			t.Errorf("at least %s, less than the %s spent", got.Lo, spent)
		}
	})
}

// Nothing depends on the unit that money is counted in, but whether a runaway
// is worth a dollar.
func TestScaledMoneyScalesForecasts(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := drawBill(t)
		shift := rapid.Int32Range(-4, 6).Draw(t, "power of ten")
		want := forecast(s)
		scaled := s
		scaled.Days = slices.Clone(s.Days)
		for i := range scaled.Days {
			scaled.Days[i].Cost = number(s.Days[i].Cost.Decimal().Shift(shift))
		}
		got := forecast(scaled)
		if len(want.Incident)+len(got.Incident) > 0 {
			return
		}
		rounding := dec("1e-11").Shift(max(0, shift))
		checkClose(t, "total", want.Total.Shift(shift), got.Total, rounding)
		checkClose(t, "least", want.Lo.Shift(shift), got.Lo, rounding)
		checkClose(t, "most", want.Hi.Shift(shift), got.Hi, rounding)
	})
}

// A service counted in thousands costs what it cost counted in ones.
func TestScaledQuantitiesCostTheSame(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := drawBill(t)
		shift := rapid.Int32Range(0, 6).Draw(t, "power of ten")
		scaled := s
		scaled.Days = slices.Clone(s.Days)
		for i := range scaled.Days {
			scaled.Days[i].Quantity = number(s.Days[i].Quantity.Decimal().Shift(shift))
		}
		want, got := forecast(s), forecast(scaled)
		checkClose(t, "total", want.Total, got.Total, dec("1e-11"))
		checkClose(t, "least", want.Lo, got.Lo, dec("1e-11"))
		checkClose(t, "most", want.Hi, got.Hi, dec("1e-11"))
		if diff := cmp.Diff(want.Incident, got.Incident); diff != "" {
			t.Errorf("what runs away (-in ones +in others):\n%s", diff)
		}
	})
}

// checkClose allows for where an amount had to be divided.
func checkClose(t *rapid.T, what string, want, got, rounding decimal.Decimal) {
	t.Helper()
	allowed := decimal.Max(want.Abs().Mul(dec("1e-6")), rounding)
	if want.Sub(got).Abs().GreaterThan(allowed) {
		t.Errorf("%s: got %s, want %s", what, got, want)
	}
}

func TestOrderOfChargesDoesNotMatter(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var charges []fetcher.Charge
		for i, use := range drawBill(t).Days {
			for range 2 {
				c := charge(i, "Vectors", use.Cost.String(), "USD")
				c.ConsumedQuantity, c.BillingPeriodStart = use.Quantity, use.BillingPeriodStart
				charges = append(charges, c)
			}
		}
		want := forecast(spend.AllSeries(billOf(charges), 0, all)[0])
		got := forecast(spend.AllSeries(billOf(rapid.Permutation(charges).Draw(t, "order")), 0, all)[0])
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("forecast (-in order +in another):\n%s", diff)
		}
	})
}

// The tariff that a bill was made with is found in it, from the second billed
// day of a period on.
func TestTariffIsFoundInItsBill(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		terms := drawTerms(t)
		s := terms.billing(drawDays(t))
		billed := map[fetcher.Day]int{}
		most := 0
		for _, use := range s.Days {
			if use.Cost.IsPositive() {
				billed[use.BillingPeriodStart]++
				most = max(most, billed[use.BillingPeriodStart])
			}
		}
		got := spend.Learn(s)
		if most < 2 {
			return
		}
		if !got.Price().Equal(dec(terms.price)) || !got.Included.Equal(dec(terms.included)) {
			t.Errorf("got %s, %s included, want %s, %s", got.Price(), got.Included, terms.price, terms.included)
		}
	})
}
