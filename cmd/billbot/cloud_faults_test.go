package main

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/billbot/billbot/fetcher"
	"github.com/billbot/billbot/fetcher/cloudflare/cloudflaretest"
)

// cloudFault is an answer of Cloudflare's that must change nothing, and what it
// has to be taken for; "" is an answer that was read and is not believed.
type cloudFault struct {
	name  string
	fault cloudflaretest.Fault
	class fetcher.Fault
}

// cloudFaults is every way we know in which an answer goes wrong.
func cloudFaults() []cloudFault {
	return slices.Concat(refusals(), troubles(), noAnswers(), brokenBodies(), brokenRows())
}

func says(status int, body string) cloudflaretest.Fault {
	return cloudflaretest.Fault{Status: status, Body: body}
}

func errorBody(code int) string {
	return fmt.Sprintf(`{"success":false,"errors":[{"code":%d,"message":"No"}],"messages":[],"result":null}`, code)
}

// refusals are those that a person has to do something about.
func refusals() []cloudFault {
	moved := func(status int, to string) cloudflaretest.Fault {
		return cloudflaretest.Fault{Status: status, Header: http.Header{"Location": {to}}}
	}
	return []cloudFault{
		{"401", says(401, errorBody(1000)), fetcher.FaultToken},
		{"401 without a body", says(401, ""), fetcher.FaultToken},
		{"403", refusing(), fetcher.FaultToken},
		{"403 of a firewall", says(403, "<html><title>Attention Required!</title>"), fetcher.FaultToken},
		{"400 for the header", says(400, errorBody(6003)), fetcher.FaultToken},
		{"400 without a route", says(400, strings.Replace(errorBody(7000), "No", "Could not route to /client/v4/x", 1)), fetcher.FaultAddress},
		{"404", says(404, errorBody(7003)), fetcher.FaultAddress},
		{"404 without a body", says(404, ""), fetcher.FaultAddress},
		{"410", says(410, "gone"), fetcher.FaultAddress},
		{"301 to another host", moved(301, "https://elsewhere.example/x"), fetcher.FaultAddress},
		{"302 to itself", moved(302, "/client/v4/accounts"), fetcher.FaultAddress},
		{"308 to nowhere", moved(308, ""), fetcher.FaultAddress},
	}
}

// troubles are those that pass by themselves.
func troubles() []cloudFault {
	busy := func(after string) cloudflaretest.Fault {
		return cloudflaretest.Fault{Status: 429, Body: errorBody(971), Header: http.Header{"Retry-After": {after}}}
	}
	faults := []cloudFault{
		{"429", cloudflaretest.TooManyRequests(time.Second), fetcher.FaultBusy},
		{"429 without a time", says(429, errorBody(971)), fetcher.FaultBusy},
		{"429 for a day", busy("100000"), fetcher.FaultBusy},
		{"429 for words", busy("soon"), fetcher.FaultBusy},
		{"429 until the past", busy("Sat, 01 Jan 2000 00:00:00 GMT"), fetcher.FaultBusy},
	}
	for _, status := range []int{500, 502, 503, 504, 520, 522, 524, 529} {
		faults = append(faults, cloudFault{fmt.Sprint(status), says(status, "<html>"), fetcher.FaultSource})
	}
	return faults
}

// noAnswers are connections that end too early, or not at all.
func noAnswers() []cloudFault {
	return []cloudFault{
		{"dropped", cloudflaretest.Dropped(), fetcher.FaultNetwork},
		{"dropped within the body", cloudflaretest.Fault{Drop: true, Truncate: -100}, fetcher.FaultSource},
		{"dropped within the first row", cloudflaretest.Fault{Drop: true, Truncate: 200}, fetcher.FaultSource},
		{"never", cloudflaretest.Fault{Delay: time.Hour}, fetcher.FaultNetwork},
		{"204", says(204, ""), fetcher.FaultSource},
		{"206", says(206, `{"success":true,"errors":null,"messages":null,"result":[]}`), fetcher.FaultSource},
	}
}

// brokenBodies are answers with status 200 that are none.
func brokenBodies() []cloudFault {
	faults := []cloudFault{
		{"a page", cloudflaretest.HTML(), fetcher.FaultSource},
		{"half JSON", cloudflaretest.TruncatedJSON(), fetcher.FaultSource},
		{"half a row", cloudflaretest.Fault{Truncate: 300}, fetcher.FaultSource},
		{"nothing", cloudflaretest.Fault{Status: 200, Truncate: 0}, fetcher.FaultSource},
		{"no success", cloudflaretest.NotSuccess(), fetcher.FaultSource},
		{"packed, it says", cloudflaretest.Fault{Body: `{"success":true,"result":[]}`, Header: http.Header{"Content-Encoding": {"gzip"}}}, fetcher.FaultSource},
		{"null result", cloudflaretest.NullResult(), fetcher.FaultSource},
		{"empty result", cloudflaretest.EmptyResult(), ""},
		{"empty result beside an error", says(200, `{"success":true,"errors":[{"code":1,"message":"x"}],"result":[]}`), ""},
	}
	for _, body := range []string{
		" ", "null", "true", "0", `"result"`, "[]", "{}", "{", `{"success":true}`, `{"result":[]}`, `{"success":"true","result":[]}`,
		`{"success":null,"result":[]}`, `{"success":false,"result":[]}`, `{"success":true,"result":{}}`, `{"success":true,"result":"[]"}`,
		`{"success":true,"result":0}`, `{"success":true,"result":[null]}`, `{"success":true,"result":[{}]}`, `{"success":true,"result":[[]]}`,
		`{"success":true,"result":[],`, `{"success":true,"result":[]}}`,
		strings.Repeat("[", 100_000), `{"success":true,"result":` + strings.Repeat("[", 100_000),
	} {
		faults = append(faults, cloudFault{fmt.Sprintf("%.40s", body), says(200, body), fetcher.FaultSource})
	}
	return faults
}

// brokenRows are good answers but for a column.
func brokenRows() []cloudFault {
	faults := []cloudFault{{"cost with a billion digits", cloudflaretest.HugeExponent(), fetcher.FaultSource}}
	for _, column := range []string{"ContractedCost", "ConsumedQuantity", "BillingCurrency", "ServiceName", "BillingPeriodStart", "ChargePeriodStart"} {
		faults = append(faults, cloudFault{"no " + column, cloudflaretest.MissingField(column), fetcher.FaultSource})
		for _, value := range []string{"null", "{}", "[]", "true"} {
			faults = append(faults, cloudFault{column + " " + value, tenth(column, value), fetcher.FaultSource})
		}
	}
	for _, cost := range []string{`"NaN"`, `"Infinity"`, "1e400", "-1e400", `""`, `"12,5"`, `"$5"`, `"0x10"`, "1e13"} {
		faults = append(faults, cloudFault{"cost " + cost, tenth("ContractedCost", cost), fetcher.FaultSource})
	}
	for _, date := range []string{`""`, `"yesterday"`, `"2000-02-30T00:00:00Z"`, `"0001-01-01T00:00:00Z"`, "949363200"} {
		faults = append(faults, cloudFault{"day " + date, tenth("ChargePeriodStart", date), fetcher.FaultSource})
	}
	return faults
}

// tenth changes a column of the tenth row, so that good ones stand before it.
func tenth(column, value string) cloudflaretest.Fault {
	return cloudflaretest.Fault{Row: func(i int, columns []cloudflaretest.Column) []cloudflaretest.Column {
		at := slices.IndexFunc(columns, func(c cloudflaretest.Column) bool { return c.Name == column })
		if i == 9 && at >= 0 {
			columns[at].JSON = value
		}
		return columns
	}}
}
