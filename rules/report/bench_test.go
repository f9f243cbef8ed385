package report_test

import (
	"fmt"
	"testing"

	"github.com/billbot/billbot/fetcher"
	"github.com/billbot/billbot/rules/report"
	"github.com/shopspring/decimal"
)

// BenchmarkSpendOf is what /spend works out of an account of thirty services
// over 150 days, once its bill is read.
func BenchmarkSpendOf(b *testing.B) {
	var charges []fetcher.Charge
	for i := range 30 {
		for d := range 150 {
			cost := decimal.New(int64(100+(i*7+d*3)%40), -3)
			charges = append(charges, fetcher.Charge{
				BillingCurrency: "USD", ServiceName: fmt.Sprintf("Service %d (first 10M are included)", i),
				BillingPeriodStart: day(5, 1) + fetcher.Day(d/30*30), ChargePeriodStart: day(5, 1) + fetcher.Day(d),
				ContractedCost: fetcher.NumberOf(cost), ConsumedQuantity: fetcher.NumberOf(cost.Shift(6)),
			})
		}
	}
	bill := ledger(charges).Bill()
	b.ReportAllocs()
	for b.Loop() {
		if spends := report.SpendOf(bill, noon(bill.Through()+1)); len(spends) != 1 {
			b.Fatal(len(spends))
		}
	}
}
