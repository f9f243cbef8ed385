package cloudflaretest

import (
	"encoding/json"
	"strconv"
	"strings"
	"time"

	"github.com/shopspring/decimal"

	"github.com/billbot/billbot/fetcher"
)

// Column is one column of a row as it goes over the wire.
type Column struct {
	Name string
	JSON string // the value: 3.747073, "USD", null
}

// oldColumns is how many columns, the first ones, the old path tells.
const oldColumns = 11

// columns returns all columns of a row: the eleven old ones, then those the
// new path added, then those only some rows have.
func columns(c fetcher.Charge, accountName string, quoted bool) []Column {
	num := func(d decimal.Decimal) string {
		if quoted {
			return strconv.Quote(d.String())
		}
		return d.String()
	}
	cost := num(c.ContractedCost.Decimal())
	cols := []Column{
		{"ServiceName", text(c.ServiceName)},
		{"BillingCurrency", text(c.BillingCurrency)},
		{"BillingPeriodStart", instant(c.BillingPeriodStart)},
		{"ChargePeriodStart", instant(c.ChargePeriodStart)},
		{"ChargePeriodEnd", instant(c.ChargePeriodStart + 1)},
		{"ConsumedQuantity", num(c.ConsumedQuantity.Decimal())},
		{"ConsumedUnit", text(c.ConsumedUnit)},
		{"PricingQuantity", num(c.PricingQuantity.Decimal())},
		{"ContractedCost", cost},
		{"CumulatedContractedCost", num(c.CumulatedContractedCost.Decimal())},
		{"CumulatedPricingQuantity", num(c.CumulatedPricingQuantity.Decimal())},

		{"BilledCost", cost},
		{"EffectiveCost", cost},
		{"ListCost", cost},
		{"PricingUnit", text(c.PricingUnit)},
		{"BillingAccountId", text(c.BillingAccountID)},
		{"BillingAccountName", textOrNull(accountName)},
		{"ChargeCategory", `"Usage"`},
		{"ChargeClass", "null"},
		{"ChargeDescription", textOrNull(c.ChargeDescription)},
		{"HostProviderName", `"Cloudflare"`},
		{"InvoiceIssuerName", `"Cloudflare"`},
		{"ServiceProviderName", `"Cloudflare"`},
	}
	optional := []Column{
		{"ServiceFamilyName", c.ServiceFamilyName}, {"SubscriptionId", c.SubscriptionID},
		{"ZoneId", c.ZoneID}, {"ZoneName", c.ZoneName},
	}
	for _, o := range optional {
		if o.JSON != "" {
			cols = append(cols, Column{o.Name, text(o.JSON)})
		}
	}
	return cols
}

// result writes rows as a JSON array of objects.
func result(rows [][]Column) string {
	objects := make([]string, len(rows))
	for i, row := range rows {
		objects[i] = object(row)
	}
	return "[" + strings.Join(objects, ",") + "]"
}

// object writes columns as a JSON object, in their order.
func object(cols []Column) string {
	members := make([]string, len(cols))
	for i, c := range cols {
		members[i] = text(c.Name) + ":" + c.JSON
	}
	return "{" + strings.Join(members, ",") + "}"
}

func text(s string) string {
	quoted, err := json.Marshal(s)
	if err != nil {
		return `""` // a string always has a JSON form
	}
	return string(quoted)
}

func textOrNull(s string) string {
	if s == "" {
		return "null"
	}
	return text(s)
}

func instant(d fetcher.Day) string { return strconv.Quote(d.Time().Format(time.RFC3339)) }
