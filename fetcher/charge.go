package fetcher

import "strings"

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
	const most = "first " // of them begin so
	return len(inside) >= len(most) && strings.EqualFold(inside[:len(most)], most) ||
		containsFold(inside, "included") || containsFold(inside, ", first ")
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
