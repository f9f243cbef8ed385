package cloudflare

import (
	"errors"
	"fmt"
	"math/bits"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/billbot/billbot/fetcher"
)

// column is one of the columns that are read.
type column uint8

// The columns. The required ones are those of the API's first version: every
// version since has them.
const (
	serviceName column = iota
	billingCurrency
	billingPeriodStart
	chargePeriodStart
	chargePeriodEnd
	consumedQuantity
	consumedUnit
	pricingQuantity
	contractedCost
	cumulatedContractedCost
	cumulatedPricingQuantity

	serviceFamilyName
	subscriptionID
	zoneID
	zoneName
	pricingUnit
	chargeDescription
	billingAccountID

	columns       // how many there are
	firstOptional = serviceFamilyName
)

// columnNames are the columns' names on the wire. It is never changed.
var columnNames = [columns]string{
	serviceName:              "ServiceName",
	billingCurrency:          "BillingCurrency",
	billingPeriodStart:       "BillingPeriodStart",
	chargePeriodStart:        "ChargePeriodStart",
	chargePeriodEnd:          "ChargePeriodEnd",
	consumedQuantity:         "ConsumedQuantity",
	consumedUnit:             "ConsumedUnit",
	pricingQuantity:          "PricingQuantity",
	contractedCost:           "ContractedCost",
	cumulatedContractedCost:  "CumulatedContractedCost",
	cumulatedPricingQuantity: "CumulatedPricingQuantity",
	serviceFamilyName:        "ServiceFamilyName",
	subscriptionID:           "SubscriptionId",
	zoneID:                   "ZoneId",
	zoneName:                 "ZoneName",
	pricingUnit:              "PricingUnit",
	chargeDescription:        "ChargeDescription",
	billingAccountID:         "BillingAccountId",
}

func columnOf(name []byte) (column, bool) {
	for c, known := range columnNames {
		if string(name) == known {
			return column(c), true
		}
	}
	return 0, false
}

// columnSet has a bit for each column.
type columnSet uint32

func (s columnSet) has(c column) bool { return s>>c&1 == 1 }

// firstMissing returns the first required column that is not in the set.
func (s columnSet) firstMissing() (column, bool) {
	c := column(bits.TrailingZeros32(^uint32(s)))
	return c, c < firstOptional
}

// set puts a value into the row's charge.
func (r *row) set(c column, raw jsontext.Value) (err error) {
	switch c {
	case consumedQuantity:
		r.charge.ConsumedQuantity, err = readNumber(raw)
	case pricingQuantity:
		r.charge.PricingQuantity, err = readNumber(raw)
	case contractedCost:
		r.charge.ContractedCost, err = readMoney(raw)
	case cumulatedContractedCost:
		r.charge.CumulatedContractedCost, err = readMoney(raw)
	case cumulatedPricingQuantity:
		r.charge.CumulatedPricingQuantity, err = readNumber(raw)
	default:
		var text []byte
		if text, err = unquote(raw); err != nil {
			return err
		}
		return r.setText(c, text)
	}
	return err
}

func (r *row) setText(c column, text []byte) (err error) {
	switch c {
	case serviceName:
		r.charge.ServiceName, err = r.name(text)
	case billingCurrency:
		r.charge.BillingCurrency, err = r.currency(text)
	case billingPeriodStart:
		start, parseErr := parseTime(text)
		r.charge.BillingPeriodStart, err = fetcher.DayOf(start), parseErr
	case chargePeriodStart:
		r.start, err = parseTime(text)
	case chargePeriodEnd:
		r.end, err = parseTime(text)
	case consumedUnit:
		r.charge.ConsumedUnit = r.text(text)
	default:
		r.setOptional(c, r.text(text))
	}
	return err
}

func (r *row) setOptional(c column, text string) {
	switch c {
	case serviceFamilyName:
		r.charge.ServiceFamilyName = text
	case subscriptionID:
		r.charge.SubscriptionID = text
	case zoneID:
		r.charge.ZoneID = text
	case zoneName:
		r.charge.ZoneName = text
	case pricingUnit:
		r.charge.PricingUnit = text
	case chargeDescription:
		r.charge.ChargeDescription = text
	case billingAccountID:
		r.charge.BillingAccountID = text
	}
}

// name reads a service's name. Without one no rule could be about the charge.
func (d *decoder) name(text []byte) (string, error) {
	if len(text) == 0 {
		return "", errors.New("is empty")
	}
	return d.text(text), nil
}

func (d *decoder) currency(text []byte) (string, error) {
	if len(text) != 3 {
		return "", fmt.Errorf("%q is not three letters", clean(text[:min(len(text), shownRunes+1)]))
	}
	code := [3]byte{}
	for i, c := range text {
		if code[i] = c &^ 0x20; code[i] < 'A' || code[i] > 'Z' {
			return "", fmt.Errorf("%q is not three letters", clean(text))
		}
	}
	return d.text(code[:]), nil
}
