package cloudflare

import (
	"fmt"
	"io"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/billbot/billbot/fetcher"
)

// Writer writes charges as the API answers them, to be read by [ReadFile].
type Writer struct {
	to    *jsontext.Encoder
	begun bool
	err   error // the first that there was
}

// NewWriter returns a writer of one answer.
func NewWriter(to io.Writer) *Writer { return &Writer{to: jsontext.NewEncoder(to)} }

// Write writes a charge of an account, which is told in place of one that the
// charge names.
func (w *Writer) Write(account string, c fetcher.Charge) error {
	w.begin()
	c.BillingAccountID = account
	w.token(jsontext.BeginObject)
	for _, column := range textsOf(&c) {
		if column.text != "" || column.of < firstOptional {
			w.token(jsontext.String(columnNames[column.of]))
			w.token(jsontext.String(column.text))
		}
	}
	for _, column := range numbersOf(&c) {
		w.token(jsontext.String(columnNames[column.of]))
		if w.err == nil {
			w.err = w.to.WriteValue(jsontext.Value(column.number.Digits()))
		}
	}
	w.token(jsontext.EndObject)
	return w.wrapped()
}

// Flush ends the answer.
func (w *Writer) Flush() error {
	w.begin()
	w.token(jsontext.EndArray)
	w.token(jsontext.EndObject)
	return w.wrapped()
}

func (w *Writer) begin() {
	if w.begun {
		return
	}
	w.begun = true
	for _, token := range []jsontext.Token{
		jsontext.BeginObject, jsontext.String("success"), jsontext.True,
		jsontext.String("errors"), jsontext.BeginArray, jsontext.EndArray,
		jsontext.String("messages"), jsontext.BeginArray, jsontext.EndArray,
		jsontext.String("result"), jsontext.BeginArray,
	} {
		w.token(token)
	}
}

func (w *Writer) token(t jsontext.Token) {
	if w.err == nil {
		w.err = w.to.WriteToken(t)
	}
}

func (w *Writer) wrapped() error {
	if w.err != nil {
		return fmt.Errorf("writing a usage file: %w", w.err)
	}
	return nil
}

type textColumn struct {
	of   column
	text string
}

func textsOf(c *fetcher.Charge) []textColumn {
	moment := func(d fetcher.Day) string { return d.String() + "T00:00:00Z" }
	return []textColumn{
		{billingAccountID, c.BillingAccountID}, {serviceName, c.ServiceName}, {serviceFamilyName, c.ServiceFamilyName},
		{subscriptionID, c.SubscriptionID}, {zoneID, c.ZoneID}, {zoneName, c.ZoneName}, {chargeDescription, c.ChargeDescription},
		{billingCurrency, c.BillingCurrency}, {billingPeriodStart, moment(c.BillingPeriodStart)},
		{chargePeriodStart, moment(c.ChargePeriodStart)}, {chargePeriodEnd, moment(c.ChargePeriodStart + 1)},
		{consumedUnit, c.ConsumedUnit}, {pricingUnit, c.PricingUnit},
	}
}

type numberColumn struct {
	of     column
	number fetcher.Number
}

func numbersOf(c *fetcher.Charge) []numberColumn {
	return []numberColumn{
		{consumedQuantity, c.ConsumedQuantity}, {pricingQuantity, c.PricingQuantity}, {contractedCost, c.ContractedCost},
		{cumulatedContractedCost, c.CumulatedContractedCost}, {cumulatedPricingQuantity, c.CumulatedPricingQuantity},
	}
}
