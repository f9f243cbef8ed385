package cloudflaretest

import (
	"slices"
	"time"

	"github.com/shopspring/decimal"

	"github.com/billbot/billbot/fetcher"
)

// At returns every row the API would tell at moment t, over all billing
// periods, in the order of [fetcher.SortCharges]. It is empty on an empty
// morning and for an account that is not covered.
func (r Recording) At(t time.Time) []fetcher.Charge {
	morning := morningOf(t)
	if r.Uncovered || slices.Contains(r.Empty, morning) {
		return nil
	}
	var charges []fetcher.Charge
	for _, l := range r.told(morning) {
		charges = append(charges, r.charge(l))
	}
	fetcher.SortCharges(charges)
	cumulate(charges)
	return charges
}

// morningOf is the last morning whose rows are told at moment t.
func morningOf(t time.Time) fetcher.Day { return fetcher.DayOf(t.Add(-Morning)) }

// told returns the lines that hold on a morning, one for each row.
func (r Recording) told(morning fetcher.Day) []Line {
	latest := map[key]Line{}
	for _, l := range r.Lines {
		if r.seen(l) > morning {
			continue
		}
		if before, ok := latest[l.key()]; !ok || r.seen(before) <= r.seen(l) {
			latest[l.key()] = l
		}
	}
	lines := make([]Line, 0, len(latest))
	for _, l := range latest {
		if !l.Gone {
			lines = append(lines, l)
		}
	}
	return lines
}

func (r Recording) charge(l Line) fetcher.Charge {
	c := fetcher.Charge{
		BillingAccountID:   r.AccountID,
		BillingCurrency:    r.Currency,
		ServiceName:        l.Service.Name,
		ServiceFamilyName:  l.Service.Family,
		SubscriptionID:     l.Subscription,
		ZoneID:             l.Zone.ID,
		ZoneName:           l.Zone.Name,
		BillingPeriodStart: periodStart(l.Day, r.anchorOf(l.Subscription)),
		ChargePeriodStart:  l.Day,
		ConsumedQuantity:   fetcher.NumberOf(l.Consumed),
		ConsumedUnit:       l.Service.Unit,
		PricingQuantity:    fetcher.NumberOf(l.Billed),
		PricingUnit:        l.Service.Unit,
		ContractedCost:     fetcher.NumberOf(l.Cost),
	}
	if c.PricingUnit == "" {
		c.PricingUnit = "Count" // the live API never leaves this one empty
	}
	c.ChargeDescription = l.Service.Name + " usage measured in " + c.PricingUnit
	if r.Pricing == PricingConsumed {
		c.PricingQuantity = fetcher.NumberOf(l.Consumed)
	}
	return c
}

// cumulate fills the cumulated columns of sorted charges: one running total
// for each service and billing period. Whether the live API splits the series
// by zone is not known.
func cumulate(charges []fetcher.Charge) {
	type series struct {
		period  fetcher.Day
		service string
	}
	type sum struct{ cost, quantity decimal.Decimal }
	sums := map[series]sum{}
	for i := range charges {
		c := &charges[i]
		k := series{c.BillingPeriodStart, c.ServiceName}
		s := sums[k]
		s.cost, s.quantity = s.cost.Add(c.ContractedCost.Decimal()), s.quantity.Add(c.PricingQuantity.Decimal())
		sums[k] = s
		c.CumulatedContractedCost, c.CumulatedPricingQuantity = fetcher.NumberOf(s.cost), fetcher.NumberOf(s.quantity)
	}
}

// current keeps the rows of the billing periods that are open on a day, one
// for each subscription, and of those before them if asked for.
func (r Recording) current(charges []fetcher.Charge, today fetcher.Day, previous bool) []fetcher.Charge {
	return slices.DeleteFunc(charges, func(c fetcher.Charge) bool {
		anchor := r.anchorOf(c.SubscriptionID)
		open := c.BillingPeriodStart == periodStart(today, anchor)
		before := c.BillingPeriodStart == previousStart(today, anchor)
		return !open && (!previous || !before)
	})
}

// between keeps the rows of the days from and to, both included. A period
// whose first day is not among them is left out as a whole: the live API does
// that, with HTTP 200 and success true.
func between(charges []fetcher.Charge, from, to fetcher.Day) []fetcher.Charge {
	return slices.DeleteFunc(charges, func(c fetcher.Charge) bool {
		return c.BillingPeriodStart < from || c.ChargePeriodStart < from || c.ChargePeriodStart > to
	})
}
