package cloudflare

import (
	"fmt"
	"reflect"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// checkScan wants the scanner to say what the walk says, or nothing.
func checkScan(t interface{ Fatalf(string, ...any) }, body []byte) (scanned bool) {
	scan, scanned := scanUsage(body)
	walk, err := walkUsage(body)
	if scanned && err != nil {
		t.Fatalf("scanned %+v, but the walk says %v\n%s", scan, err, body)
	}
	// Not cmp alone: for it 3 equals 3.00, which are written differently.
	if scanned && !reflect.DeepEqual(scan, walk) {
		t.Fatalf("(-walked +scanned):\n%s\n%s", cmp.Diff(walk, scan), body)
	}
	got, gotErr := DecodeUsage(body)
	if fmt.Sprint(gotErr) != fmt.Sprint(err) || !reflect.DeepEqual(got, walk) {
		t.Fatalf("decoded with error %v, walked with %v\n%s", gotErr, err, body)
	}
	return scanned
}

func FuzzScanUsage(f *testing.F) {
	for _, body := range scanBodies() {
		f.Add([]byte(body.body))
	}
	for _, body := range brokenBodies() {
		if len(body[0]) < 10_000 {
			f.Add([]byte(body[0]))
		}
	}
	f.Fuzz(func(t *testing.T, body []byte) { checkScan(t, body) })
}

type scanBody struct {
	body    string
	scanned bool
}

func scanBodies() map[string]scanBody {
	row, zone := with(), with("ZoneId", `"z"`, "PricingUnit", `"u"`, "SubscriptionId", `null`)
	result := `"result":[` + row + `]`
	spaced := strings.NewReplacer(",", " ,\n\t", ":", " : ", "{", "{ ", "}", "\r\n}").Replace(with("ServiceName", `"D1"`, "ChargePeriodStart", `"2026-04-10"`, "ChargePeriodEnd", `"2026-04-11"`, "BillingPeriodStart", `"2026-04-08"`))
	return map[string]scanBody{
		"a bill":                      {string(generated(2)), true},
		"no rows":                     {envelopeOf(), true},
		"the same rows":               {envelopeOf(row, row, row), true},
		"columns come and go":         {envelopeOf(row, zone, row, zone, with("ZoneId", `"z"`), zone), true},
		"the last column comes back":  {envelopeOf(with("ZoneId", `"z"`), row, with("ZoneId", `"z"`)), true},
		"a column becomes null":       {envelopeOf(zone, with("ZoneId", `null`, "PricingUnit", `"u"`, "SubscriptionId", `"s"`), zone), true},
		"white space":                 {" \n" + envelopeOf(" "+spaced+" ", "\t"+spaced) + "\n", true},
		"white space in one row":      {envelopeOf(row, spaced, row), true},
		"a longer number":             {envelopeOf(with("ContractedCost", `1`), with("ContractedCost", `12`), with("ContractedCost", `1`)), true},
		"an equal number":             {envelopeOf(with("ContractedCost", `3.0`), with("ContractedCost", `3.00`), with("ContractedCost", `"3.0"`)), true},
		"a long number":               {envelopeOf(with("PricingQuantity", `12345678901234567890.5e-3`), row), true},
		"escapes":                     {envelopeOf(with("ServiceName", `"A \u0026 \"B\\"`, `\u005aoneId`, `"z"`), row), true},
		"other scripts":               {envelopeOf(with("ServiceName", `"é – 計算"`), row), true},
		"unknown columns":             {envelopeOf(with("Tags", `true`, "Other", `-1.5e+3`), with("Tags", `false`, "Other", `"x"`)), true},
		"unknown twice":               {envelopeOf(strings.Replace(row, "{", `{"X":1,"X":2,`, 1)), true},
		"rows first":                  {`{` + result + `,"success":true}`, true},
		"a refusal":                   {`{` + result + `,"success":false}`, false},
		"result twice":                {`{"success":true,` + result + `,"result":[]}`, false},
		"another's result":            {`{"success":true,"messages":{` + result + `},"result":[]}`, false},
		"a result in a text":          {`{"success":true,"messages":"\"result\":[]","result":[]}`, true},
		"nested values":               {envelopeOf(with("Tags", `{"a":[1]}`), row), false},
		"rows without a comma":        {envelopeOf(row + row), false},
		"a comma too many":            {envelopeOf(row, ""), false},
		"a comma too many in a row":   {envelopeOf(row, strings.Replace(row, "}", ",}", 1)), false},
		"a column twice":              {envelopeOf(row, strings.Replace(row, "}", `,"ConsumedUnit":"Rows"}`, 1)), false},
		"a column missing":            {envelopeOf(row, with("ContractedCost", "")), false},
		"an empty row":                {envelopeOf(row, "{}"), false},
		"a broken number":             {envelopeOf(row, with("Other", "01")), false},
		"a broken word":               {envelopeOf(row, with("Other", "nul")), false},
		"a broken string":             {envelopeOf(row, with("Other", "\"\xff\"")), false},
		"a control character":         {envelopeOf(row, with("Other", "\"12345678\n2345678\"")), false},
		"half a pair of surrogates":   {envelopeOf(row, with("Other", `"\ud800"`)), false},
		"a broken escape":             {envelopeOf(row, with("Other", `"\x"`)), false},
		"a broken escape far inside":  {envelopeOf(row, with("Other", `"1234567\x2345678"`)), false},
		"no digit after the e":        {envelopeOf(row, with("Other", `1e`)), false},
		"half a letter":               {envelopeOf(row, with("Other", "\"\xc3(\"")), false},
		"a broken name":               {envelopeOf(row, strings.Replace(row, "{", `{x:1,`, 1)), false},
		"too many members":            {envelopeOf(row, strings.Replace(row, "{", "{"+strings.Repeat(`"X":1,`, mostMembers), 1)), false},
		"something follows":           {envelopeOf(row) + "x", false},
		"a row that is not one day's": {envelopeOf(row, with("ChargePeriodEnd", `"2026-04-12"`)), false},
	}
}

func TestScanUsage(t *testing.T) {
	for name, tt := range scanBodies() {
		t.Run(name, func(t *testing.T) {
			if scanned := checkScan(t, []byte(tt.body)); scanned != tt.scanned {
				t.Errorf("scanned: got %t, want %t, of %s", scanned, tt.scanned, tt.body)
			}
		})
	}
}

func TestScanUsageOfAnyBeginning(t *testing.T) {
	body := []byte(envelopeOf(with(), with("ZoneId", `"z"`)))
	for end := range body {
		if checkScan(t, body[:end]) {
			t.Fatalf("scanned %s", body[:end])
		}
	}
}
