package store

import (
	"encoding/binary"

	"github.com/billbot/billbot/fetcher"
)

// textColumns and numberColumns are how many columns of a charge are words and
// numbers; the others are its two days.
const (
	textColumns   = 10
	numberColumns = 5
)

// texts are the columns of words, in the order they are written.
func texts(c *fetcher.Charge) [textColumns]*string {
	return [textColumns]*string{
		&c.BillingAccountID, &c.BillingCurrency, &c.ServiceName, &c.ServiceFamilyName, &c.SubscriptionID,
		&c.ZoneID, &c.ZoneName, &c.ChargeDescription, &c.ConsumedUnit, &c.PricingUnit,
	}
}

// numbers are the columns of numbers, in the order they are written.
func numbers(c *fetcher.Charge) [numberColumns]*fetcher.Number {
	return [numberColumns]*fetcher.Number{
		&c.ConsumedQuantity, &c.PricingQuantity, &c.ContractedCost,
		&c.CumulatedContractedCost, &c.CumulatedPricingQuantity,
	}
}

// appendNumber adds exponent, sign and coefficient: the digits as they were
// written, trailing zeros included, whatever their number.
func appendNumber(to []byte, n fetcher.Number) []byte {
	d := n.Decimal()
	coefficient := d.Coefficient()
	digits := coefficient.Bytes()
	head := uint64(len(digits)) << 1
	if coefficient.Sign() < 0 {
		head |= 1
	}
	to = binary.AppendVarint(to, int64(d.Exponent()))
	to = binary.AppendUvarint(to, head)
	return append(to, digits...)
}

// sameTexts reports whether two charges have the same words.
func sameTexts(a, b *fetcher.Charge) bool {
	return a.BillingAccountID == b.BillingAccountID && a.BillingCurrency == b.BillingCurrency &&
		a.ServiceName == b.ServiceName && a.ServiceFamilyName == b.ServiceFamilyName &&
		a.SubscriptionID == b.SubscriptionID && a.ZoneID == b.ZoneID && a.ZoneName == b.ZoneName &&
		a.ChargeDescription == b.ChargeDescription && a.ConsumedUnit == b.ConsumedUnit && a.PricingUnit == b.PricingUnit
}

// sameRow reports whether two charges are the same in every column, numbers
// digit by digit.
func sameRow(a, b *fetcher.Charge) bool {
	return a.BillingPeriodStart == b.BillingPeriodStart && a.ChargePeriodStart == b.ChargePeriodStart && sameTexts(a, b) &&
		sameNumber(a.ConsumedQuantity, b.ConsumedQuantity) && sameNumber(a.PricingQuantity, b.PricingQuantity) &&
		sameNumber(a.ContractedCost, b.ContractedCost) &&
		sameNumber(a.CumulatedContractedCost, b.CumulatedContractedCost) &&
		sameNumber(a.CumulatedPricingQuantity, b.CumulatedPricingQuantity)
}

// sameNumber reports whether two numbers are written alike.
func sameNumber(a, b fetcher.Number) bool {
	coefficientA, exponentA, shortA := a.Parts()
	coefficientB, exponentB, shortB := b.Parts()
	if shortA && shortB {
		return coefficientA == coefficientB && exponentA == exponentB
	}
	longA, longB := a.Decimal(), b.Decimal()
	return longA.Exponent() == longB.Exponent() && longA.Coefficient().Cmp(longB.Coefficient()) == 0
}
