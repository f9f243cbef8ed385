package focus_test

import (
	"bytes"
	"encoding/csv"
	"strings"
	"testing"

	"github.com/billbot/billbot/fetcher"
	"github.com/billbot/billbot/fetcher/focus"
	"github.com/google/go-cmp/cmp"
	"github.com/shopspring/decimal"
	"pgregory.net/rapid"
)

func drawCharge(t *rapid.T) fetcher.Charge {
	word := func(name string) string {
		return rapid.StringMatching(`[a-zA-Z",\n;=-]?[a-z (),."]{0,8}[a-z]`).Draw(t, name)
	}
	number := func(name string) fetcher.Number {
		return fetcher.NumberOf(decimal.New(rapid.Int64().Draw(t, name), rapid.Int32Range(-20, 6).Draw(t, name+" exponent")))
	}
	start := fetcher.Day(rapid.IntRange(19000, 21000).Draw(t, "start"))
	return fetcher.Charge{
		BillingAccountID: "a1", BillingCurrency: "USD", ServiceName: word("service"), ServiceFamilyName: word("family"), SubscriptionID: word("subscription"),
		ZoneID: word("zone"), ZoneName: word("zone name"), ChargeDescription: word("description"), BillingPeriodStart: start,
		ChargePeriodStart: start + fetcher.Day(rapid.IntRange(0, 30).Draw(t, "day")), ConsumedUnit: word("unit"), PricingUnit: word("pricing unit"),
		ConsumedQuantity: number("quantity"), PricingQuantity: number("priced"), ContractedCost: number("cost"),
		CumulatedContractedCost: number("sum of costs"), CumulatedPricingQuantity: number("sum of quantities"),
	}
}

// What is written is read as the same charges, to the last digit.
func TestWrittenIsRead(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		charges := fetcher.Sorted(rapid.SliceOfN(rapid.Custom(drawCharge), 1, 8).Draw(t, "charges"))
		file := write(t, charges)
		got, err := focus.Read(strings.NewReader(file))
		if diff := cmp.Diff(trimmed(charges), trimmed(got)); err != nil || diff != "" {
			t.Fatalf("%v (-written +read):\n%s\n%s", err, diff, file)
		}
	})
}

// trimmed is charges whose words have no line breaks and spaces at their ends,
// which CSV and its readers do not keep alike.
func trimmed(charges []fetcher.Charge) []fetcher.Charge {
	var all []fetcher.Charge
	for _, c := range charges {
		for _, text := range []*string{&c.ServiceName, &c.ServiceFamilyName, &c.SubscriptionID, &c.ZoneID, &c.ZoneName, &c.ChargeDescription, &c.ConsumedUnit, &c.PricingUnit} {
			*text = strings.TrimSpace(*text)
		}
		all = append(all, c)
	}
	return fetcher.Sorted(all)
}

func write(t interface{ Fatal(...any) }, charges []fetcher.Charge) string {
	var file bytes.Buffer
	w, err := focus.NewWriter(&file, func(string) string { return "production" }, func(_ string, start fetcher.Day) fetcher.Day { return start + 29 })
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range charges {
		if err := w.Write(c.BillingAccountID, c); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Flush(); err != nil {
		t.Fatal(err)
	}
	return file.String()
}

// A row has the columns that the specification wants of every row.
func TestWrittenRow(t *testing.T) {
	file := write(t, []fetcher.Charge{{
		BillingAccountID: "a1", BillingCurrency: "USD", ServiceName: "D1 - Rows Read (first 25 billion included)", ServiceFamilyName: "Developer Platform",
		BillingPeriodStart: day(t, "2026-09-12"), ChargePeriodStart: day(t, "2026-09-30"), ContractedCost: number("3.750"), ConsumedQuantity: number("35000000000000"),
	}})
	rows, err := csv.NewReader(strings.NewReader(file)).ReadAll()
	if err != nil || len(rows) != 2 {
		t.Fatalf("%v: %q", err, rows)
	}
	got := map[string]string{}
	for i, name := range rows[0] {
		got[name] = rows[1][i]
	}
	want := map[string]string{
		"BilledCost": "3.750", "ContractedCost": "3.750", "EffectiveCost": "3.750", "ListCost": "3.750", "BillingAccountId": "a1", "BillingAccountName": "production",
		"BillingCurrency": "USD", "BillingPeriodStart": "2026-09-12T00:00:00Z", "BillingPeriodEnd": "2026-10-12T00:00:00Z", "ChargePeriodStart": "2026-09-30T00:00:00Z",
		"ChargePeriodEnd": "2026-10-01T00:00:00Z", "ServiceName": "D1 - Rows Read (first 25 billion included)", "ServiceCategory": "Developer Platform",
		"ConsumedQuantity": "35000000000000", "ChargeCategory": "Usage", "ProviderName": "Cloudflare",
	}
	for name, value := range want {
		if got[name] != value {
			t.Errorf("%s: got %q, want %q", name, got[name], value)
		}
	}
}
