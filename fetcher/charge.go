package fetcher

import (
	"cmp"
	"strings"
)

// Charge is one row of a bill: what one service used and cost on one UTC day,
// perhaps for one subscription and one zone. The fields are FOCUS columns.
//
// Several charges may share a service and a day. They add up; they are never
// taken for duplicates of each other.
type Charge struct {
	BillingAccountID string // as the row names it; "" when it does not
	BillingCurrency  string // ISO 4217

	ServiceName       string // as billed, with its allowance: "D1 - Rows Read (first 25 billion included)"
	ServiceFamilyName string // "" when the row names none
	SubscriptionID    string // "" when the row names none
	ZoneID            string // "" when the row names none
	ZoneName          string
	ChargeDescription string

	BillingPeriodStart Day
	ChargePeriodStart  Day // the one day the charge is for

	ConsumedQuantity Number // what was used, inside the allowance too
	ConsumedUnit     string
	PricingQuantity  Number // what was priced; some accounts show 0 inside the allowance
	PricingUnit      string

	ContractedCost           Number // what this day costs; negative for a refund
	CumulatedContractedCost  Number // the source's own running sum; compared, never added
	CumulatedPricingQuantity Number
}

// Service returns the charge's identity for rules and history: its
// [ServiceName] without the allowance.
func (c Charge) Service() string { return Service(c.ServiceName) }

// Service strips the allowance from a service's name as billed:
// "D1 - Rows Read (first 25 billion included)" is "D1 - Rows Read". Cloudflare
// changes both allowances and brands, so the billed name identifies nothing
// for long.
func Service(name string) string {
	name = strings.TrimSpace(name)
	open := strings.LastIndexByte(name, '(')
	if open <= 0 || !strings.HasSuffix(name, ")") {
		return name
	}
	if !isAllowance(name[open+1 : len(name)-1]) {
		return name
	}
	return strings.TrimSpace(name[:open])
}

func isAllowance(inside string) bool {
	return containsFold(inside, "included") || containsFold(inside, ", first ") ||
		len(inside) >= len("first ") && strings.EqualFold(inside[:len("first ")], "first ")
}

// containsFold is strings.Contains whatever the case, without a copy: it is
// asked for every row of a bill.
func containsFold(s, part string) bool {
	for i := 0; i+len(part) <= len(s); i++ {
		if strings.EqualFold(s[i:i+len(part)], part) {
			return true
		}
	}
	return false
}

// compareKey orders charges by what they are for: billing period, day,
// service, and the finer parts that tell rows of one service and day apart.
// Charges that compare equal are the same item of the bill. Units and
// currencies are no part of it: a row told in another unit is the same row.
func compareKey(a, b Charge) int {
	return cmp.Or(
		compareServiceDay(a, b),
		strings.Compare(a.SubscriptionID, b.SubscriptionID),
		strings.Compare(a.ZoneID, b.ZoneID),
	)
}

// compareServiceDay orders charges by billing period, day and service.
func compareServiceDay(a, b Charge) int {
	return cmp.Or(
		cmp.Compare(a.BillingPeriodStart, b.BillingPeriodStart),
		cmp.Compare(a.ChargePeriodStart, b.ChargePeriodStart),
		compareService(a.ServiceName, b.ServiceName),
	)
}

func compareService(a, b string) int {
	if a == b {
		return 0
	}
	return strings.Compare(Service(a), Service(b))
}

// compare is compareKey and then every other column, so that rows have one
// order whatever order they came in.
func compare(a, b Charge) int {
	return cmp.Or(
		compareKey(a, b),
		strings.Compare(a.BillingCurrency, b.BillingCurrency),
		strings.Compare(a.ConsumedUnit, b.ConsumedUnit),
		strings.Compare(a.ServiceName, b.ServiceName),
		a.ContractedCost.Cmp(b.ContractedCost),
		a.ConsumedQuantity.Cmp(b.ConsumedQuantity),
		a.PricingQuantity.Cmp(b.PricingQuantity),
		a.CumulatedContractedCost.Cmp(b.CumulatedContractedCost),
		a.CumulatedPricingQuantity.Cmp(b.CumulatedPricingQuantity),
		strings.Compare(a.ChargeDescription, b.ChargeDescription),
		strings.Compare(a.ServiceFamilyName, b.ServiceFamilyName),
		strings.Compare(a.ZoneName, b.ZoneName),
		strings.Compare(a.PricingUnit, b.PricingUnit),
		strings.Compare(a.BillingAccountID, b.BillingAccountID),
	)
}
