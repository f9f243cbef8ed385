package fetcher

import (
	"cmp"
	"slices"
	"strings"
)

// SortCharges puts charges into the ledger's order: billing period, day,
// service, then every other column, so that the same rows have one order.
func SortCharges(charges []Charge) {
	if sorted := Sorted(charges); len(charges) > 0 && &sorted[0] != &charges[0] {
		copy(charges, sorted)
	}
}

// Sorted returns charges in the ledger's order: the same if they have it, else
// a copy.
func Sorted(charges []Charge) []Charge {
	places := placesOf(charges)
	order := func(a, b place) int {
		if order := comparePlaces(a, b); order != 0 {
			return order
		}
		return compareRest(&charges[a.row], &charges[b.row])
	}
	if slices.IsSortedFunc(places, order) {
		return charges
	}
	slices.SortFunc(places, order)
	sorted := make([]Charge, len(charges))
	for i, p := range places {
		sorted[i] = charges[p.row]
	}
	return sorted
}

// place is what mostly decides where a charge stands among others. A bill of a
// thousand rows has some thirty services: their names are read once, and small
// places are moved instead of rows.
type place struct {
	period, day Day
	service     int32 // its identity's place among all
	row         int32
}

func comparePlaces(a, b place) int {
	return cmp.Or(cmp.Compare(a.period, b.period), cmp.Compare(a.day, b.day), cmp.Compare(a.service, b.service))
}

func placesOf(charges []Charge) []place {
	ranks := serviceRanks(charges)
	places := make([]place, len(charges))
	for i := range charges {
		c := &charges[i]
		places[i] = place{c.BillingPeriodStart, c.ChargePeriodStart, ranks[c.ServiceName], int32(i)}
	}
	return places
}

// serviceRanks gives each name as billed the place of its identity.
func serviceRanks(charges []Charge) map[string]int32 {
	ranks := map[string]int32{}
	var services []string
	for i := range charges {
		name := charges[i].ServiceName
		if _, met := ranks[name]; !met {
			ranks[name] = 0
			services = append(services, Service(name))
		}
	}
	slices.Sort(services)
	services = slices.Compact(services)
	for name := range ranks {
		rank, _ := slices.BinarySearch(services, Service(name))
		ranks[name] = int32(rank)
	}
	return ranks
}

func compareDay(a, b *Charge) int {
	return cmp.Or(
		cmp.Compare(a.BillingPeriodStart, b.BillingPeriodStart),
		cmp.Compare(a.ChargePeriodStart, b.ChargePeriodStart),
	)
}

// compareServiceDay orders charges by billing period, day and service.
func compareServiceDay(a, b *Charge) int {
	if order := compareDay(a, b); order != 0 || a.ServiceName == b.ServiceName {
		return order
	}
	return strings.Compare(a.Service(), b.Service())
}

// compareKey orders charges by what they are for: billing period, day,
// service, and the finer parts that tell rows of one service and day apart.
// Charges that compare equal are the same item of the bill. Units and
// currencies are no part of it: a row told in another unit is the same row.
func compareKey(a, b *Charge) int {
	if order := compareServiceDay(a, b); order != 0 {
		return order
	}
	return compareParts(a, b)
}

func compareParts(a, b *Charge) int {
	if order := strings.Compare(a.SubscriptionID, b.SubscriptionID); order != 0 {
		return order
	}
	return strings.Compare(a.ZoneID, b.ZoneID)
}

// compareRest orders charges of one service and day by every other column.
func compareRest(a, b *Charge) int {
	if order := compareParts(a, b); order != 0 {
		return order
	}
	return cmp.Or(
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

// sameCharges reports whether two lists of charges are equal in every column,
// numbers by value.
func sameCharges(a, b []Charge) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if compareDay(&a[i], &b[i]) != 0 || !sameWords(&a[i], &b[i]) || !sameNumbers(&a[i], &b[i]) {
			return false
		}
	}
	return true
}

func sameWords(a, b *Charge) bool {
	return a.ServiceName == b.ServiceName && a.SubscriptionID == b.SubscriptionID && a.ZoneID == b.ZoneID &&
		a.BillingCurrency == b.BillingCurrency && a.ConsumedUnit == b.ConsumedUnit &&
		a.ChargeDescription == b.ChargeDescription && a.ServiceFamilyName == b.ServiceFamilyName &&
		a.ZoneName == b.ZoneName && a.PricingUnit == b.PricingUnit && a.BillingAccountID == b.BillingAccountID
}

func sameNumbers(a, b *Charge) bool {
	return a.ContractedCost.Equal(b.ContractedCost) && a.ConsumedQuantity.Equal(b.ConsumedQuantity) &&
		a.PricingQuantity.Equal(b.PricingQuantity) &&
		a.CumulatedContractedCost.Equal(b.CumulatedContractedCost) &&
		a.CumulatedPricingQuantity.Equal(b.CumulatedPricingQuantity)
}
