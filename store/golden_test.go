package store

import (
	"fmt"

	"github.com/billbot/billbot/fetcher"
	"github.com/shopspring/decimal"
)

// goldenCharges are the rows of testdata/schema1.golden, which the code of schema 1
// wrote: four services over three weeks, and rows that are odd in each way a
// bill may be.
func goldenCharges(account string, period fetcher.Day) []fetcher.Charge {
	var charges []fetcher.Charge
	for i := range 4 * 21 {
		cost := fetcher.NewNumber(int64(1_234_567_891+i*7_919), -9)
		charges = append(charges, fetcher.Charge{
			BillingAccountID: account, BillingCurrency: "USD", ServiceFamilyName: "Developer Platform",
			ServiceName:        fmt.Sprintf("Service %d (first 25 billion included)", i%4),
			BillingPeriodStart: period, ChargePeriodStart: period + fetcher.Day(i/4),
			ConsumedQuantity: fetcher.NewNumber(int64(i)*35_000_000_001, 0), ConsumedUnit: "Rows",
			PricingQuantity: fetcher.NewNumber(int64(i)*35_000, -6), PricingUnit: "Million rows",
			ContractedCost: cost, CumulatedContractedCost: cost, CumulatedPricingQuantity: fetcher.NewNumber(0, 0),
		})
	}
	charges = append(charges, oddCharges(charges)...)
	fetcher.SortCharges(charges)
	return charges
}

// oddCharges are made of rows: a twin, a name that changed, a gap, a long
// number, other exponents, a refund, words of all kinds.
func oddCharges(rows []fetcher.Charge) []fetcher.Charge {
	odd := func(i int, change func(*fetcher.Charge)) fetcher.Charge {
		c := rows[i]
		change(&c)
		return c
	}
	long := decimal.RequireFromString("-123456789012345678901234567890.000")
	return []fetcher.Charge{
		rows[0],
		odd(4, func(c *fetcher.Charge) { c.ServiceName = "Service 0 (first 50 billion included)" }),
		odd(5, func(c *fetcher.Charge) { c.ServiceName, c.ChargePeriodStart = "Gap", c.ChargePeriodStart+5 }),
		odd(6, func(c *fetcher.Charge) { c.ServiceName = "Gap" }),
		odd(7, func(c *fetcher.Charge) { c.ServiceName, c.ContractedCost = "Long", fetcher.NumberOf(long) }),
		odd(8, func(c *fetcher.Charge) { c.ServiceName, c.ContractedCost = "Zeros", fetcher.NewNumber(3_000, -3) }),
		odd(9, func(c *fetcher.Charge) { c.ServiceName, c.ContractedCost = "Zeros", fetcher.NewNumber(-5, 3) }),
		odd(10, func(c *fetcher.Charge) { c.ZoneID, c.ZoneName, c.SubscriptionID = "z1", "bücher.example", "sub_1" }),
		odd(11, func(c *fetcher.Charge) {
			*c = fetcher.Charge{BillingPeriodStart: c.BillingPeriodStart, ChargePeriodStart: c.ChargePeriodStart}
		}),
		odd(12, func(c *fetcher.Charge) { c.ChargeDescription, c.BillingCurrency = "KV\x00\xff", "EUR" }),
	}
}
