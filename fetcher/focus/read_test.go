package focus_test

import (
	"bytes"
	"compress/gzip"
	"strings"
	"testing"

	"github.com/billbot/billbot/fetcher"
	"github.com/billbot/billbot/fetcher/focus"
	"github.com/google/go-cmp/cmp"
	"github.com/shopspring/decimal"
)

// names are the columns of the rows of these tests.
const names = "BillingAccountId,BillingCurrency,BillingPeriodStart,ChargePeriodStart,ServiceName,BilledCost,ConsumedQuantity,ConsumedUnit,SubAccountId\n"

func day(t testing.TB, text string) fetcher.Day {
	t.Helper()
	var d fetcher.Day
	if err := d.UnmarshalText([]byte(text)); err != nil {
		t.Fatal(err)
	}
	return d
}

func number(digits string) fetcher.Number {
	return fetcher.NumberOf(decimal.RequireFromString(digits))
}

// Rows of hours and resources are days; what differs in a column stays apart.
func TestRead(t *testing.T) {
	rows := names +
		"77,USD,2026-09-01 00:00:00,2026-09-03 22:00:00,SQS,0.00000080000,2,Requests,a\n" +
		"77,usd,2026-09-01T00:00:00Z,2026-09-03T23:00:00Z,SQS,1.5E-7,3,Requests,a\n" +
		"77,USD,2026-09-01,2026-09-03,SQS,1,NULL,NULL,b\n" +
		"77,USD,2026-09-01,2026-09-04T01:00:00+02:00,\"S,3\",-2.50,1,GB,\n"
	want := []fetcher.Charge{
		{BillingAccountID: "77", BillingCurrency: "USD", ServiceName: "S,3", BillingPeriodStart: day(t, "2026-09-01"), ChargePeriodStart: day(t, "2026-09-03"), ContractedCost: number("-2.50"), ConsumedQuantity: number("1"), ConsumedUnit: "GB"},
		{BillingAccountID: "77", BillingCurrency: "USD", ServiceName: "SQS", SubscriptionID: "a", BillingPeriodStart: day(t, "2026-09-01"), ChargePeriodStart: day(t, "2026-09-03"), ContractedCost: number("0.00000095000"), ConsumedQuantity: number("5"), ConsumedUnit: "Requests"},
		{BillingAccountID: "77", BillingCurrency: "USD", ServiceName: "SQS", SubscriptionID: "b", BillingPeriodStart: day(t, "2026-09-01"), ChargePeriodStart: day(t, "2026-09-03"), ContractedCost: number("1")},
	}
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	_, _ = z.Write([]byte(rows))
	_ = z.Close()
	for form, file := range map[string]string{"plain": rows, "gzip": packed.String(), "with a mark": "\ufeff" + rows, "lines of Windows": strings.ReplaceAll(rows, "\n", "\r\n")} {
		got, err := focus.Read(strings.NewReader(file))
		if diff := cmp.Diff(want, got); err != nil || diff != "" {
			t.Errorf("%s: %v (-want +got):\n%s", form, err, diff)
		}
	}
}

// What cannot be is an error that says where; nothing is left out or rounded.
func TestReadBad(t *testing.T) {
	good := "77,USD,2026-09-01,2026-09-03,SQS,1,2,Requests,a\n"
	for name, tt := range map[string]struct{ file, want string }{
		"nothing":           {"", "the file is empty"},
		"another table":     {"a,b\n1,2\n", "no column BillingAccountId: is it a FOCUS file?"},
		"no cost column":    {strings.Replace(names, "BilledCost", "Cost", 1) + good, "neither a column BilledCost nor ContractedCost"},
		"a column twice":    {strings.Replace(names, "SubAccountId", "BilledCost", 1) + good, `column "BilledCost" is there twice`},
		"no account":        {names + good + strings.Replace(good, "77", "NULL", 1), "line 3: BillingAccountId is empty"},
		"no cost":           {names + strings.Replace(good, ",1,", ",NULL,", 1), "line 2: BilledCost is empty"},
		"no number":         {names + strings.Replace(good, ",1,", ",one,", 1), `line 2: BilledCost "one" is no number`},
		"a number too long": {names + strings.Replace(good, ",1,", ",1e9999999,", 1), `line 2: BilledCost "1e9999999" is no number`},
		"no day":            {names + strings.Replace(good, "2026-09-03", "soon", 1), `line 2: ChargePeriodStart "soon" is no day`},
		"before all days":   {names + strings.Replace(good, "2026-09-03", "0001-01-01", 1), "is no day that anything is billed for"},
		"no currency":       {names + strings.Replace(good, "USD", "dollars", 1), `BillingCurrency "DOLLARS" is not three letters`},
		"too few fields":    {names + "77,USD\n", "record on line 2: wrong number of fields"},
		"a quote":           {names + strings.Replace(good, "SQS", `S"QS`, 1), `bare " in non-quoted-field`},
		"half a gzip":       {"\x1f\x8b\x08\x00", "unpacking"},
	} {
		charges, err := focus.Read(strings.NewReader(tt.file))
		if err == nil || !strings.Contains(err.Error(), tt.want) || charges != nil {
			t.Errorf("%s: got %d charges and %v, want %q", name, len(charges), err, tt.want)
		}
	}
}

// FuzzRead: whatever the bytes are, they are charges or an error.
func FuzzRead(f *testing.F) {
	f.Add([]byte(names + "77,USD,2026-09-01,2026-09-03,SQS,1,2,Requests,a\n"))
	f.Add([]byte("\x1f\x8b"))
	f.Fuzz(func(t *testing.T, file []byte) {
		charges, err := focus.Read(bytes.NewReader(file))
		for _, c := range charges {
			if err != nil || c.ServiceName == "" || c.BillingAccountID == "" || c.ChargePeriodStart <= 0 || len(c.BillingCurrency) != 3 {
				t.Errorf("%v: %+v", err, c)
			}
		}
	})
}
