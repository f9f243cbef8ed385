package ruletest_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// billed is a test's bill, a row a line: account, period, day, cost, quantity,
// priced quantity, and the sum of costs in the period.
func billed(t *testing.T, written string) string {
	t.Helper()
	var lines []string
	for _, bill := range mustLoad(t, written).Tests[0].Bills() {
		for _, c := range bill.Charges {
			lines = append(lines, fmt.Sprintf("%s %s %s %s: %s for %s (%s) %s", bill.Account.Name, c.BillingPeriodStart,
				c.ChargePeriodStart, c.ServiceName, c.ContractedCost, c.ConsumedQuantity, c.PricingQuantity, c.CumulatedContractedCost))
		}
	}
	return strings.Join(lines, "\n")
}

func checkBilled(t *testing.T, written, want string) {
	t.Helper()
	if diff := cmp.Diff(strings.TrimSpace(strings.ReplaceAll(want, "\t", "")), billed(t, written)); diff != "" {
		t.Errorf("bill (-want +got):\n%s", diff)
	}
}

// Usage follows a cost written alone; a refund uses nothing; a day without a
// row has none.
func TestBillByCost(t *testing.T) {
	checkBilled(t, `tests: [{name: a, start: 2026-01-30, services: {D1: 0 1.50 _ -2}}]`, `
		production 2026-01-30 2026-01-30 D1: 0 for 0 (0) 0
		production 2026-01-30 2026-01-31 D1: 1.5 for 1.5 (1.5) 1.5
		production 2026-01-30 2026-02-02 D1: -2 for 0 (0) -0.5`)
}

// What is included is used up by each billing period of its own. The anchor is
// clamped to the end of February.
func TestBillByQuantity(t *testing.T) {
	checkBilled(t, `tests: [{name: a, start: 2026-02-26, anchor: 31, services: {KV: {quantity: 6Mx5, price: 0.5, per: 1M, included: 10M}}}]`, `
		production 2026-01-31 2026-02-26 KV: 0 for 6000000 (0) 0
		production 2026-01-31 2026-02-27 KV: 1 for 6000000 (2000000) 1
		production 2026-02-28 2026-02-28 KV: 0 for 6000000 (0) 0
		production 2026-02-28 2026-03-01 KV: 1 for 6000000 (2000000) 1
		production 2026-02-28 2026-03-02 KV: 3 for 6000000 (6000000) 4`)
}

// Prices are exact, whatever they are for.
func TestBillIsExact(t *testing.T) {
	checkBilled(t, `tests: [{name: a, start: 2026-03-01, services: {D1: {quantity: 1 3, price: 0.001, per: 1B}}}]`, `
		production 2026-03-01 2026-03-01 D1: 0.000000000001 for 1 (1) 0.000000000001
		production 2026-03-01 2026-03-02 D1: 0.000000000003 for 3 (3) 0.000000000004`)
}

// Cost and use written out are the bill; accounts have bills of their own.
func TestBillWrittenOut(t *testing.T) {
	checkBilled(t, `
tests:
  - name: a
    start: 2026-03-01
    services:
      D1: [{cost: 1 2, quantity: 10 10}, {quantity: 4, account: staging}]`, `
		production 2026-03-01 2026-03-01 D1: 1 for 10 (10) 1
		production 2026-03-01 2026-03-02 D1: 2 for 10 (10) 3
		staging 2026-03-01 2026-03-01 D1: 0 for 4 (4) 0`)
}
