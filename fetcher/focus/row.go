package focus

import (
	"fmt"
	"strings"
	"time"

	"github.com/billbot/billbot/fetcher"
	"github.com/shopspring/decimal"
)

// row is one line of a file.
type row struct {
	header *header
	fields []string
	err    error // the first thing that is wrong with it
}

// text is a column's value. Exports write what is not there as NULL, or leave it
// out.
func (r *row) text(column int) string {
	place := r.header[column]
	if place < 0 || place >= len(r.fields) {
		return ""
	}
	text := strings.TrimSpace(r.fields[place])
	if strings.EqualFold(text, "null") {
		return ""
	}
	return text
}

// charge is the row as a charge of the day it begins on.
func (r *row) charge() (fetcher.Charge, error) {
	c := fetcher.Charge{
		BillingAccountID: r.text(billingAccountID), BillingCurrency: strings.ToUpper(r.text(billingCurrency)),
		ServiceName: r.text(serviceName), ServiceFamilyName: r.text(serviceCategory),
		SubscriptionID: r.text(subAccountID), ZoneID: r.text(zoneID), ZoneName: r.text(zoneName),
		ChargeDescription: r.text(chargeDescription), ConsumedUnit: r.text(consumedUnit), PricingUnit: r.text(pricingUnit),
		BillingPeriodStart: r.day(billingPeriodStart), ChargePeriodStart: r.day(chargePeriodStart),
		ContractedCost: r.number(r.header.cost()), ConsumedQuantity: r.number(consumedQuantity), PricingQuantity: r.number(pricingQuantity),
		CumulatedContractedCost: r.number(cumulatedContractedCost), CumulatedPricingQuantity: r.number(cumulatedPricingQuantity),
	}
	for _, column := range []int{billingAccountID, serviceName, r.header.cost()} {
		if r.text(column) == "" {
			r.fail(empty(column))
		}
	}
	if len(c.BillingCurrency) != 3 {
		r.fail(fmt.Errorf("%s %s is not three letters", columnName(billingCurrency), shown(c.BillingCurrency)))
	}
	return c, r.err
}

// fail keeps the first thing that is wrong.
func (r *row) fail(err error) {
	if r.err == nil {
		r.err = err
	}
}

func empty(column int) error { return fmt.Errorf("%s is empty", columnName(column)) }

// dayForms are the ways that exports write moments, all in UTC unless they say
// otherwise.
func dayForms() [6]string {
	return [...]string{time.RFC3339, "2006-01-02 15:04:05", "2006-01-02", "2006-01-02T15:04:05", "2006-01-02 15:04:05 MST", "2006-01-02T15:04Z07:00"}
}

// day is the UTC day of a moment.
func (r *row) day(column int) fetcher.Day {
	text := r.text(column)
	for _, form := range dayForms() {
		if at, err := time.Parse(form, text); err == nil && fetcher.DayOf(at) > 0 {
			return fetcher.DayOf(at)
		}
	}
	if text == "" {
		r.fail(empty(column))
	} else {
		r.fail(fmt.Errorf("%s %s is no day that anything is billed for", columnName(column), shown(text)))
	}
	return 0
}

// What a number may be. A few bytes can ask for a number of a billion digits.
const (
	mostDigits   = 80
	mostExponent = 60
)

// number is a number to its last digit; nothing is zero.
func (r *row) number(column int) fetcher.Number {
	text := r.text(column)
	if text == "" {
		return fetcher.Number{}
	}
	d, err := decimal.NewFromString(text[:min(len(text), mostDigits+1)])
	if err != nil || len(text) > mostDigits || d.Exponent() > mostExponent || d.Exponent() < -mostExponent {
		r.fail(fmt.Errorf("%s %s is no number", columnName(column), shown(text)))
		return fetcher.Number{}
	}
	return fetcher.NumberOf(d)
}

// shown is a value of a file, short enough to be told.
func shown(text string) string {
	const most = 40
	if runes := []rune(text); len(runes) > most {
		text = string(runes[:most]) + "..."
	}
	return fmt.Sprintf("%q", text)
}
