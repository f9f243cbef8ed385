package cloudflare

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/billbot/billbot/fetcher"
)

// FuzzDecodeUsage never panics, and what it accepts says the same when it is
// written again.
func FuzzDecodeUsage(f *testing.F) {
	for _, body := range brokenBodies() {
		if len(body[0]) < 10_000 {
			f.Add([]byte(body[0]))
		}
	}
	for _, row := range []string{
		with(), with("ZoneId", `"z"`, "SubscriptionId", `null`), with("ContractedCost", `-1.5e-3`, "Unknown", `[{"a":{}}]`),
		with("ConsumedQuantity", `12345678901234567890.123`), with("ContractedCost", `1e999999999`),
		with("ChargePeriodEnd", `"2026-04-10T23:59:59Z"`), with("BillingCurrency", `"eur"`, "ServiceName", `"\ud83d\ude00"`),
	} {
		f.Add([]byte(envelopeOf(row, with())))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		usage, err := DecodeUsage(body)
		if err != nil {
			return
		}
		for i, c := range usage.Charges {
			if c.ServiceName == "" || len(c.BillingCurrency) != 3 || c.ChargePeriodStart <= 0 || c.BillingPeriodStart <= 0 {
				t.Fatalf("row %d lacks something: %+v", i+1, c)
			}
		}
		again, err := DecodeUsage(encode(t, usage.Charges))
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(usage.Charges, again.Charges); diff != "" {
			t.Errorf("written again (-first +second):\n%s", diff)
		}
	})
}

// encode writes charges as an answer.
func encode(t *testing.T, charges []fetcher.Charge) []byte {
	t.Helper()
	rows := make([]map[string]any, len(charges))
	for i, c := range charges {
		rows[i] = map[string]any{
			"ServiceName": c.ServiceName, "BillingCurrency": c.BillingCurrency, "ConsumedUnit": c.ConsumedUnit,
			"BillingPeriodStart": c.BillingPeriodStart, "ChargePeriodStart": c.ChargePeriodStart, "ChargePeriodEnd": c.ChargePeriodStart + 1,
			"ConsumedQuantity": c.ConsumedQuantity, "PricingQuantity": c.PricingQuantity, "ContractedCost": c.ContractedCost,
			"CumulatedContractedCost": c.CumulatedContractedCost, "CumulatedPricingQuantity": c.CumulatedPricingQuantity,
			"ServiceFamilyName": c.ServiceFamilyName, "SubscriptionId": c.SubscriptionID, "ZoneId": c.ZoneID, "ZoneName": c.ZoneName,
			"PricingUnit": c.PricingUnit, "ChargeDescription": c.ChargeDescription, "BillingAccountId": c.BillingAccountID,
		}
	}
	body, err := json.Marshal(map[string]any{"success": true, "result": rows})
	if err != nil {
		t.Fatal(err)
	}
	return body
}
