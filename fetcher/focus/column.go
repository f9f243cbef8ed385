package focus

import "fmt"

// The columns that are read, and written. Those before optional are required;
// one of the two costs is enough.
const (
	billingAccountID = iota
	billingCurrency
	billingPeriodStart
	chargePeriodStart
	serviceName

	billedCost
	contractedCost

	serviceCategory
	subAccountID
	chargeDescription
	consumedQuantity
	consumedUnit
	pricingQuantity
	pricingUnit
	zoneID
	zoneName
	cumulatedContractedCost
	cumulatedPricingQuantity

	columns               // how many there are
	required = billedCost // of them
)

// columnName is a column's name in the header. FOCUS 1.0 to 1.2 agree on them.
func columnName(column int) string {
	return [columns]string{
		billingAccountID: "BillingAccountId", billingCurrency: "BillingCurrency", billingPeriodStart: "BillingPeriodStart",
		chargePeriodStart: "ChargePeriodStart", serviceName: "ServiceName",
		billedCost: "BilledCost", contractedCost: "ContractedCost",
		serviceCategory: "ServiceCategory", subAccountID: "SubAccountId", chargeDescription: "ChargeDescription",
		consumedQuantity: "ConsumedQuantity", consumedUnit: "ConsumedUnit",
		pricingQuantity: "PricingQuantity", pricingUnit: "PricingUnit",
		zoneID: "x_ZoneId", zoneName: "x_ZoneName",
		cumulatedContractedCost: "x_CumulatedContractedCost", cumulatedPricingQuantity: "x_CumulatedPricingQuantity",
	}[column]
}

// header is where each column is in a row; -1 for one that is not there.
type header [columns]int

// newHeader finds the columns in the first line of a file.
func newHeader(names []string) (header, error) {
	places := map[string]int{}
	for i, name := range names {
		if _, twice := places[name]; twice {
			return header{}, fmt.Errorf("column %s is there twice", shown(name))
		}
		places[name] = i
	}
	var h header
	for column := range h {
		place, there := places[columnName(column)]
		if !there {
			place = -1
		}
		h[column] = place
		if !there && column < required {
			return header{}, fmt.Errorf("no column %s: is it a FOCUS file?", columnName(column))
		}
	}
	if h[billedCost] < 0 && h[contractedCost] < 0 {
		return header{}, fmt.Errorf("neither a column %s nor %s", columnName(billedCost), columnName(contractedCost))
	}
	return h, nil
}

// cost is the column that says what a row costs.
func (h header) cost() int {
	if h[billedCost] >= 0 {
		return billedCost
	}
	return contractedCost
}
