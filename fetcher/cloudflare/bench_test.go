package cloudflare

import (
	"encoding/json"
	"fmt"
	"testing"

	"github.com/shopspring/decimal"

	"github.com/billbot/billbot/fetcher"
)

// generated is the body of an answer about days of ten services, all fields of
// the present API included.
func generated(days int) []byte {
	var rows []string
	for day := range days {
		for service := range 10 {
			start := fetcher.NewDay(2026, 4, 1) + fetcher.Day(day)
			cost := decimal.New(int64(day*day*service*7919), -7)
			rows = append(rows, with(
				"ServiceName", fmt.Sprintf(`"Service %d (First 10M included)"`, service),
				"ChargePeriodStart", `"`+start.String()+`T00:00:00Z"`, "ChargePeriodEnd", `"`+(start+1).String()+`T00:00:00Z"`,
				"ConsumedQuantity", fmt.Sprint(1000003*(day+1)*(service+1)), "ContractedCost", cost.String(),
				"PricingQuantity", fmt.Sprint(1000003*(day+1)*(service+1)-5), "CumulatedPricingQuantity", fmt.Sprint(2000003*(day+1)*(service+1)),
				"CumulatedContractedCost", cost.Add(decimal.New(int64(day), -5)).String(),
				"BilledCost", cost.String(), "EffectiveCost", cost.String(), "ListCost", cost.String(),
				"PricingUnit", `"Count"`, "BillingAccountId", `"023e105f4ecef8ad9ca31a8372d0c353"`, "BillingAccountName", `null`,
				"ChargeCategory", `"Usage"`, "ChargeClass", `null`, "ServiceFamilyName", `"Family"`, "SubscriptionId", `"sub"`,
				"HostProviderName", `"Cloudflare"`, "InvoiceIssuerName", `"Cloudflare"`, "ServiceProviderName", `"Cloudflare"`,
			))
		}
	}
	return []byte(envelopeOf(rows...))
}

func TestDecodeUsageAllocatesLittle(t *testing.T) {
	same := make([]string, 930)
	for i := range same {
		same[i] = with()
	}
	cases := map[string]struct {
		body   []byte
		decode func([]byte) (Usage, error)
		most   float64
	}{
		"different numbers": {generated(93), DecodeUsage, 50},
		"the same numbers":  {[]byte(envelopeOf(same...)), DecodeUsage, 50},
		"walked":            {generated(93), walkUsage, 50},
	}
	for name, tt := range cases {
		t.Run(name, func(t *testing.T) {
			got := testing.AllocsPerRun(10, func() {
				if usage, err := tt.decode(tt.body); err != nil || len(usage.Charges) != 930 {
					t.Fatal(len(usage.Charges), err)
				}
			})
			t.Logf("%.0f allocations for a body of %d bytes", got, len(tt.body))
			if got > tt.most {
				t.Errorf("%.0f allocations, want at most %.0f", got, tt.most)
			}
		})
	}
}

func BenchmarkDecodeUsage(b *testing.B) { benchmarkDecode(b, DecodeUsage) }

// BenchmarkWalkUsage is what rows cost that cannot be scanned.
func BenchmarkWalkUsage(b *testing.B) { benchmarkDecode(b, walkUsage) }

func benchmarkDecode(b *testing.B, decode func([]byte) (Usage, error)) {
	body := generated(93)
	b.SetBytes(int64(len(body)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := decode(body); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkEncodingJSON is what DecodeUsage is measured against: the standard
// library into decimals, without any of the checks.
func BenchmarkEncodingJSON(b *testing.B) {
	body := generated(93)
	b.SetBytes(int64(len(body)))
	b.ReportAllocs()
	for b.Loop() {
		var answer struct {
			Result []struct {
				ServiceName, BillingCurrency, ConsumedUnit             string
				BillingPeriodStart, ChargePeriodStart, ChargePeriodEnd string
				ServiceFamilyName, SubscriptionId, ZoneId, ZoneName    string
				PricingUnit, ChargeDescription, BillingAccountId       string
				ConsumedQuantity, PricingQuantity, ContractedCost      decimal.Decimal
				CumulatedContractedCost, CumulatedPricingQuantity      decimal.Decimal
			}
		}
		if err := json.Unmarshal(body, &answer); err != nil {
			b.Fatal(err)
		}
	}
}
