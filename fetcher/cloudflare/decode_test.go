package cloudflare

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/shopspring/decimal"

	"github.com/billbot/billbot/fetcher"
)

// fields is a usage row of the API's first version, as JSON texts by column.
func fields() map[string]string {
	return map[string]string{
		"ServiceName":              `"D1 - Rows Read (first 25 billion included)"`,
		"BillingCurrency":          `"USD"`,
		"BillingPeriodStart":       `"2026-04-08T00:00:00Z"`,
		"ChargePeriodStart":        `"2026-04-10T00:00:00Z"`,
		"ChargePeriodEnd":          `"2026-04-11T00:00:00Z"`,
		"ConsumedQuantity":         `35000000000000`,
		"ConsumedUnit":             `"Rows"`,
		"PricingQuantity":          `12.5`,
		"ContractedCost":           `3.00`,
		"CumulatedContractedCost":  `"3.25"`,
		"CumulatedPricingQuantity": `20`,
	}
}

// with returns the row with some columns changed, in a fixed order; "" takes
// one away.
func with(changes ...string) string {
	row := fields()
	for i := 0; i < len(changes); i += 2 {
		row[changes[i]] = changes[i+1]
	}
	var members []string
	for _, name := range slices.Sorted(maps.Keys(row)) {
		if value := row[name]; value != "" {
			members = append(members, fmt.Sprintf("%q:%s", name, value))
		}
	}
	return "{" + strings.Join(members, ",") + "}"
}

func envelopeOf(rows ...string) string {
	return `{"success":true,"errors":null,"messages":null,"result":[` + strings.Join(rows, ",") + `]}`
}

func dec(s string) decimal.Decimal { return decimal.RequireFromString(s) }

func TestDecodeUsageReadsEveryColumn(t *testing.T) {
	body := envelopeOf(with(
		"ServiceFamilyName", `"D1"`, "SubscriptionId", `"sub"`, "ZoneId", `"z1"`, "ZoneName", `"example.com"`,
		"PricingUnit", `"Count"`, "ChargeDescription", `"a \"b\" \u00e9"`, "BillingAccountId", `"acc"`,
		"ListCost", `{"deep":[1,{"x":null}]}`, "ChargeClass", `null`,
	))
	got, err := DecodeUsage([]byte(body))
	if err != nil {
		t.Fatal(err)
	}
	want := Usage{Charges: []fetcher.Charge{{
		BillingAccountID: "acc", BillingCurrency: "USD",
		ServiceName: "D1 - Rows Read (first 25 billion included)", ServiceFamilyName: "D1", SubscriptionID: "sub",
		ZoneID: "z1", ZoneName: "example.com", ChargeDescription: `a "b" é`,
		BillingPeriodStart: fetcher.NewDay(2026, 4, 8), ChargePeriodStart: fetcher.NewDay(2026, 4, 10),
		ConsumedQuantity: fetcher.NumberOf(dec("35000000000000")), ConsumedUnit: "Rows", PricingQuantity: fetcher.NumberOf(dec("12.5")), PricingUnit: "Count",
		ContractedCost: fetcher.NumberOf(dec("3.00")), CumulatedContractedCost: fetcher.NumberOf(dec("3.25")), CumulatedPricingQuantity: fetcher.NumberOf(dec("20")),
	}}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("usage (-want +got):\n%s", diff)
	}
}

func TestDecodeUsageNamesMissingColumns(t *testing.T) {
	optional := []string{"ServiceFamilyName", "SubscriptionId", "ZoneId", "ZoneName", "PricingUnit", "ChargeDescription", "BillingAccountId"}
	cases := map[string]struct {
		body string
		want []string
	}{
		"old rows":         {envelopeOf(with(), with()), optional},
		"no rows":          {envelopeOf(), nil},
		"one row has one":  {envelopeOf(with(), with("ZoneId", `"z"`)), append(append([]string{}, optional[:2]...), optional[3:]...)},
		"null is there":    {envelopeOf(with("ServiceFamilyName", `null`)), optional[1:]},
		"envelope shuffle": {`{"result":[` + with() + `],"messages":[],"extra":{"a":[]},"errors":[],"success":true}`, optional},
	}
	for name, tt := range cases {
		t.Run(name, func(t *testing.T) {
			got, err := DecodeUsage([]byte(tt.body))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, got.Missing); diff != "" {
				t.Errorf("missing (-want +got):\n%s", diff)
			}
		})
	}
}

func TestDecodeUsageRefusesRows(t *testing.T) {
	cases := map[string]struct{ row, want string }{
		"cost null":            {with("ContractedCost", `null`), "ContractedCost is null, not a number"},
		"cost true":            {with("ContractedCost", `true`), "ContractedCost is true, not a number"},
		"cost object":          {with("ContractedCost", `{"amount":1}`), "ContractedCost is an object, not a number"},
		"cost empty":           {with("ContractedCost", `""`), `ContractedCost "" is not a number`},
		"cost words":           {with("ContractedCost", `"abc"`), `ContractedCost "abc" is not a number`},
		"cost huge":            {with("ContractedCost", `1e999999999`), `ContractedCost "1e999999999" is beyond 1e12`},
		"cost absurd":          {with("ContractedCost", `-1000000000000.5`), `ContractedCost "-1000000000000.5" is beyond 1e12`},
		"running sum absurd":   {with("CumulatedContractedCost", `1e12`), `CumulatedContractedCost "1e12" is beyond 1e12`},
		"quantity huge quoted": {with("PricingQuantity", `"1e400"`), `PricingQuantity "1e400" is beyond 1e30`},
		"unit null":            {with("ConsumedUnit", `null`), "ConsumedUnit is null, not a string"},
		"service number":       {with("ServiceName", `7`), "ServiceName is a number, not a string"},
		"service empty":        {with("ServiceName", `""`), "ServiceName is empty"},
		"zone number":          {with("ZoneId", `7`), "ZoneId is a number, not a string"},
		"currency":             {with("BillingCurrency", `"US"`), `BillingCurrency "US" is not three letters`},
		"currency sign":        {with("BillingCurrency", `"U$D"`), `BillingCurrency "U$D" is not three letters`},
		"currency empty":       {with("BillingCurrency", `""`), `BillingCurrency "" is not three letters`},
		"no date":              {with("BillingPeriodStart", `"yesterday"`), `BillingPeriodStart "yesterday" is not a date`},
		"date number":          {with("ChargePeriodStart", `1775779200`), "ChargePeriodStart is a number, not a string"},
		"no such day":          {with("BillingPeriodStart", `"2026-02-30"`), `BillingPeriodStart "2026-02-30" is not a date`},
		"zero time":            {with("BillingPeriodStart", `"0001-01-01T00:00:00Z"`), `BillingPeriodStart "0001-01-01T00:00:00Z" is no day that anything is billed for`},
		"two days":             {with("ChargePeriodEnd", `"2026-04-12T00:00:00Z"`), "ChargePeriodStart to ChargePeriodEnd is not one UTC day but 48h0m0s"},
		"no time at all":       {with("ChargePeriodEnd", `"2026-04-10T00:00:00Z"`), "ChargePeriodStart to ChargePeriodEnd is not one UTC day but 0s"},
		"an hour":              {with("ChargePeriodEnd", `"2026-04-10T01:00:00Z"`), "ChargePeriodStart to ChargePeriodEnd is not one UTC day but 1h0m0s"},
		"another zone's day":   {with("ChargePeriodStart", `"2026-04-10T00:00:00+02:00"`), "ChargePeriodStart is not the beginning of a UTC day"},
		"twice":                {strings.Replace(with(), "{", `{"ContractedCost":1,`, 1), "ContractedCost stands twice"},
	}
	for name := range fields() {
		cases[name+" missing"] = struct{ row, want string }{with(name, ""), name + " is missing"}
	}
	for name, tt := range cases {
		t.Run(name, func(t *testing.T) {
			_, err := DecodeUsage([]byte(envelopeOf(with(), tt.row, with())))
			if want := "row 2: " + tt.want; err == nil || err.Error() != want {
				t.Errorf("error\n got %v\nwant %s", err, want)
			}
		})
	}
}

func TestDecodeUsageReadsDays(t *testing.T) {
	cases := map[string][2]string{
		"RFC 3339":         {`"2026-04-10T00:00:00Z"`, `"2026-04-11T00:00:00Z"`},
		"last second":      {`"2026-04-10T00:00:00Z"`, `"2026-04-10T23:59:59Z"`},
		"last nanosecond":  {`"2026-04-10T00:00:00.000Z"`, `"2026-04-10T23:59:59.999999999Z"`},
		"plain dates":      {`"2026-04-10"`, `"2026-04-11"`},
		"offset":           {`"2026-04-10T02:00:00+02:00"`, `"2026-04-11T00:00:00+00:00"`},
		"escaped in JSON":  {`"2026\u002d04-10"`, `"2026-04-11"`},
		"name is escaped ": {`"2026-04-10","\u005aoneId":"z"`, `"2026-04-11"`},
	}
	for name, tt := range cases {
		t.Run(name, func(t *testing.T) {
			got, err := DecodeUsage([]byte(envelopeOf(with("ChargePeriodStart", tt[0], "ChargePeriodEnd", tt[1]))))
			if err != nil {
				t.Fatal(err)
			}
			if day, want := got.Charges[0].ChargePeriodStart, fetcher.NewDay(2026, 4, 10); day != want {
				t.Errorf("day: got %s, want %s", day, want)
			}
		})
	}
}

func TestDecodeUsageTakesPeriodStartsWithinADay(t *testing.T) {
	got, err := DecodeUsage([]byte(envelopeOf(with("BillingPeriodStart", `"2026-04-08T13:45:10.5Z"`, "BillingCurrency", `"eur"`))))
	if err != nil {
		t.Fatal(err)
	}
	if start, want := got.Charges[0].BillingPeriodStart, fetcher.NewDay(2026, 4, 8); start != want {
		t.Errorf("billing period start: got %s, want %s", start, want)
	}
	if currency := got.Charges[0].BillingCurrency; currency != "EUR" {
		t.Errorf("currency: got %s, want EUR", currency)
	}
}

// brokenBodies are answers that are no bill, with what is said of them.
func brokenBodies() map[string][2]string {
	return map[string][2]string{
		"empty":             {"", "the answer is empty"},
		"white space":       {" \r\n", "the answer is empty"},
		"empty object":      {"{}", "success is missing"},
		"HTML":              {"<!DOCTYPE html><html><head><title>Just a  moment...</title><style>p{}</style></head><script>if (a<b) x()</script><body>Checking &amp; waiting\x1b[31m</body>", `the answer is an HTML page: "Just a moment... Checking & waiting [31m"`},
		"plain text":        {"upstream connect error\nor disconnect", `the answer is not a JSON object, it begins with "upstream connect error or disconnect"`},
		"array":             {"[]", `the answer is not a JSON object, it begins with "[]"`},
		"null":              {"null", `the answer is not a JSON object, it begins with "null"`},
		"success false":     {`{"success":false,"errors":[{"code":1183,"message":"Invalid request parameters","error_chain":[{"code":1}]}],"result":null}`, "success is false (1183: Invalid request parameters)"},
		"false at the end":  {`{"result":{"a":[1]},"errors":[{"code":10,"message":"x"},{"code":"11","message":"y"},7],"success":false}`, "success is false (10: x, 11: y)"},
		"false, bad rows":   {`{"result":[{}],"errors":null,"success":false}`, "success is false"},
		"success missing":   {`{"result":[],"errors":[]}`, "success is missing"},
		"success null":      {`{"result":[],"success":null}`, "success is missing"},
		"success a word":    {`{"result":[],"success":"true"}`, "success is a string, not true or false"},
		"result null":       {`{"success":true,"errors":[],"result":null}`, "result is null, not an array"},
		"result object":     {`{"success":true,"result":{"ContractedCost":1}}`, "result is an object, not an array"},
		"result missing":    {`{"success":true,"errors":[]}`, "result is missing"},
		"result twice":      {`{"success":true,"result":[],"result":[]}`, "result stands twice"},
		"row not object":    {envelopeOf(with(), `"x"`), "row 2 is a string, not an object"},
		"truncated":         {envelopeOf(with())[:200], "the answer is cut off: unexpected EOF"},
		"truncated early":   {`{`, "the answer is cut off: unexpected EOF"},
		"end missing":       {strings.TrimSuffix(envelopeOf(with()), "}"), "the answer is cut off: unexpected EOF"},
		"trailing garbage":  {envelopeOf() + "x", "something follows the answer at byte 58"},
		"second answer":     {envelopeOf() + envelopeOf(), "something follows the answer at byte 59"},
		"not JSON":          {`{"success":true,,"result":[]}`, "the answer is not valid JSON at byte 16: invalid character ',' at start of value"},
		"NaN":               {envelopeOf(with("ContractedCost", "NaN")), ""},
		"leading zero":      {envelopeOf(with("ContractedCost", "01")), ""},
		"invalid UTF-8":     {envelopeOf(with("ServiceName", "\"\xff\"")), ""},
		"deep":              {`{"x":` + strings.Repeat("[", 100000), ""},
		"single quotes":     {`{'success':true}`, ""},
		"comma at the end":  {`{"success":true,"result":[],}`, ""},
		"rows without end]": {`{"success":true,"result":[` + with() + `,`, "the answer is cut off: unexpected EOF"},
	}
}

func TestDecodeUsageRefusesBodies(t *testing.T) {
	for name, tt := range brokenBodies() {
		t.Run(name, func(t *testing.T) {
			got, err := DecodeUsage([]byte(tt[0]))
			if err == nil {
				t.Fatalf("no error, but %+v", got)
			}
			if tt[1] != "" && err.Error() != tt[1] {
				t.Errorf("error\n got %v\nwant %s", err, tt[1])
			}
		})
	}
}

func TestLongTextsAreCutInErrors(t *testing.T) {
	long := strings.Repeat("9", 1<<20)
	for _, row := range []string{
		with("ContractedCost", long), with("ContractedCost", `"`+long+`"`), with("BillingCurrency", `"`+long+`"`),
		with("ChargePeriodStart", `"`+long+`"`),
	} {
		_, err := DecodeUsage([]byte(envelopeOf(row)))
		if err == nil || len(err.Error()) > 300 {
			t.Errorf("error of %d bytes", len(fmt.Sprint(err)))
		}
	}
}
