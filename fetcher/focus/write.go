package focus

import (
	"encoding/csv"
	"fmt"
	"io"

	"github.com/billbot/billbot/fetcher"
)

// Version is the version of the specification that [Write] writes.
const Version = "1.2"

// Period says when the billing period that starts on a day ends: its last day.
type Period func(account string, start fetcher.Day) (last fetcher.Day)

// Writer writes charges as a FOCUS file.
type Writer struct {
	csv     *csv.Writer
	columns []writtenColumn
	account func(id string) string // its name
	period  Period
}

// NewWriter writes the header. The specification wants the account's name and the
// billing period's end with each row.
func NewWriter(to io.Writer, account func(id string) string, period Period) (*Writer, error) {
	w := &Writer{csv.NewWriter(to), written(), account, period}
	var names []string
	for _, column := range w.columns {
		names = append(names, column.name)
	}
	return w, wrap(w.csv.Write(names))
}

// Write writes a charge of an account, which is told in place of one that the
// charge names.
func (w *Writer) Write(id string, c fetcher.Charge) error {
	c.BillingAccountID = id
	fields := make([]string, 0, len(w.columns))
	for _, column := range w.columns {
		fields = append(fields, column.of(w, &c))
	}
	return wrap(w.csv.Write(fields))
}

// Flush writes what is still held.
func (w *Writer) Flush() error {
	w.csv.Flush()
	return wrap(w.csv.Error())
}

func wrap(err error) error {
	if err != nil {
		return fmt.Errorf("writing a FOCUS file: %w", err)
	}
	return nil
}

// writtenColumn is a column of the files that are written.
type writtenColumn struct {
	name string
	of   func(*Writer, *fetcher.Charge) string
}

// written are the columns: those that the specification wants, with the one cost
// that there is in place of all four, and ours behind them.
func written() []writtenColumn {
	fixed := func(value string) func(*Writer, *fetcher.Charge) string {
		return func(*Writer, *fetcher.Charge) string { return value }
	}
	own := func(column int, of func(c *fetcher.Charge) string) writtenColumn {
		return writtenColumn{columnName(column), func(_ *Writer, c *fetcher.Charge) string { return of(c) }}
	}
	cost := func(_ *Writer, c *fetcher.Charge) string { return c.ContractedCost.Digits() }
	return []writtenColumn{
		own(billingAccountID, func(c *fetcher.Charge) string { return c.BillingAccountID }),
		{"BillingAccountName", func(w *Writer, c *fetcher.Charge) string { return w.account(c.BillingAccountID) }},
		own(billingCurrency, func(c *fetcher.Charge) string { return c.BillingCurrency }),
		own(billingPeriodStart, func(c *fetcher.Charge) string { return moment(c.BillingPeriodStart) }),
		{"BillingPeriodEnd", func(w *Writer, c *fetcher.Charge) string {
			return moment(w.period(c.BillingAccountID, c.BillingPeriodStart) + 1)
		}},
		own(chargePeriodStart, func(c *fetcher.Charge) string { return moment(c.ChargePeriodStart) }),
		{"ChargePeriodEnd", func(_ *Writer, c *fetcher.Charge) string { return moment(c.ChargePeriodStart + 1) }},
		own(serviceName, func(c *fetcher.Charge) string { return c.ServiceName }),
		own(serviceCategory, func(c *fetcher.Charge) string { return c.ServiceFamilyName }),
		own(subAccountID, func(c *fetcher.Charge) string { return c.SubscriptionID }),
		{"ChargeCategory", fixed("Usage")}, {"ChargeClass", fixed("")}, {"ChargeFrequency", fixed("Usage-Based")},
		own(chargeDescription, func(c *fetcher.Charge) string { return c.ChargeDescription }),
		{"ProviderName", fixed("Cloudflare")}, {"PublisherName", fixed("Cloudflare")}, {"InvoiceIssuerName", fixed("Cloudflare")},
		own(consumedQuantity, func(c *fetcher.Charge) string { return c.ConsumedQuantity.Digits() }),
		own(consumedUnit, func(c *fetcher.Charge) string { return c.ConsumedUnit }),
		own(pricingQuantity, func(c *fetcher.Charge) string { return c.PricingQuantity.Digits() }),
		own(pricingUnit, func(c *fetcher.Charge) string { return c.PricingUnit }),
		{columnName(billedCost), cost}, {"EffectiveCost", cost}, {"ListCost", cost}, {columnName(contractedCost), cost},
		own(zoneID, func(c *fetcher.Charge) string { return c.ZoneID }),
		own(zoneName, func(c *fetcher.Charge) string { return c.ZoneName }),
		own(cumulatedContractedCost, func(c *fetcher.Charge) string { return c.CumulatedContractedCost.Digits() }),
		own(cumulatedPricingQuantity, func(c *fetcher.Charge) string { return c.CumulatedPricingQuantity.Digits() }),
	}
}

func moment(d fetcher.Day) string { return d.String() + "T00:00:00Z" }
