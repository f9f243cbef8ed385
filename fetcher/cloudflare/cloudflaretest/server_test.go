package cloudflaretest

import (
	"compress/gzip"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// body is an answer as a client decodes it; numbers keep their digits.
type body struct {
	Success bool
	Errors  []struct {
		Code    int
		Message string
	}
	Result json.RawMessage
}

type answer struct {
	status int
	header http.Header
	raw    string
	body   body
}

func (a answer) rows(t *testing.T) []map[string]any {
	t.Helper()
	d := json.NewDecoder(strings.NewReader(string(a.body.Result)))
	d.UseNumber()
	var rows []map[string]any
	if err := d.Decode(&rows); err != nil {
		t.Fatalf("decoding the rows of %s: %v", a.raw, err)
	}
	return rows
}

// span is the first and the last charge day of rows, and how many there are.
func (a answer) span(t *testing.T) string {
	t.Helper()
	var days []string
	for _, row := range a.rows(t) {
		days = append(days, row["ChargePeriodStart"].(string)[:len("2006-01-02")])
	}
	if len(days) == 0 {
		return "none"
	}
	return fmt.Sprintf("%s %s %d", slices.Min(days), slices.Max(days), len(days))
}

// fetch asks without a socket, with the given token.
func fetch(t *testing.T, s *Server, token, path string) answer {
	t.Helper()
	a, err := ask(t.Context(), &http.Client{Transport: s.Transport()}, "http://cloudflare.test"+Prefix+path, token)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal([]byte(a.raw), &a.body); err != nil {
		t.Fatalf("decoding %q: %v", a.raw, err)
	}
	return a
}

func ask(ctx context.Context, client *http.Client, url, token string) (answer, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return answer{}, err
	}
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	resp, err := client.Do(r)
	if err != nil {
		return answer{}, err
	}
	defer resp.Body.Close()
	raw, err := io.ReadAll(resp.Body)
	return answer{status: resp.StatusCode, header: resp.Header, raw: string(raw)}, err
}

// steady is an account of $1 a day from 1 February 2026, its periods from the
// 15th.
func steady(t *testing.T) Recording {
	t.Helper()
	return Account{
		ID: "acc", Name: "Example", Anchor: 15,
		Series: []Series{Steady("S (first 10 included)", date(t, "2026-02-01"), 60, dec("1.50"))},
	}.Recording()
}

func TestAuthorization(t *testing.T) {
	s := New(steady(t))
	s.Token, s.WeakToken = "strong", "weak"
	tests := []struct {
		token, path  string
		status, code int
	}{
		{"strong", "/accounts/acc/billable-usage", 200, 0},
		{"", "/accounts/acc/billable-usage", 401, 10001},
		{"stronger", "/accounts/acc/billable-usage", 401, 1000},
		{"strong ", "/accounts/acc/billable-usage", 401, 1000},
		{"weak", "/accounts/acc/billable-usage", 403, 10000},
		{"weak", "/accounts/acc/billing/profile", 403, 10000},
		{"strong", "/accounts/other/billable-usage", 404, 7003},
		{"strong", "/accounts/acc/billable/usage", 404, 7003},
		{"strong", "/zones", 404, 7003},
		{"strong", "/accounts/acc/billable-usage?from=yesterday", 400, 1183},
		{"strong", "/accounts/acc/billable-usage?from=2026-02-02&to=2026-02-01", 400, 1183},
		{"strong", "/accounts/acc/billing/profile", 404, 1001},
	}
	for _, tt := range tests {
		got := fetch(t, s, tt.token, tt.path)
		code := 0
		if len(got.body.Errors) > 0 {
			code = got.body.Errors[0].Code
		}
		if got.status != tt.status || code != tt.code || got.body.Success != (tt.status == 200) {
			t.Errorf("%q asks for %s: status %d, code %d, success %t; want %d and %d",
				tt.token, tt.path, got.status, code, got.body.Success, tt.status, tt.code)
		}
	}
}

func TestOnlyGET(t *testing.T) {
	r := httptest.NewRequest(http.MethodPost, Prefix+"/accounts/acc/billable-usage", nil)
	r.Header.Set("Authorization", "Bearer "+Token)
	w := httptest.NewRecorder()
	New(steady(t)).ServeHTTP(w, r)
	if w.Code != http.StatusMethodNotAllowed {
		t.Errorf("status %d, want 405", w.Code)
	}
}

func TestRanges(t *testing.T) {
	tests := []struct {
		name, now, query string
		previous         bool
		want             string
	}{
		{"the open period", "2026-03-10", "", false, "2026-02-15 2026-03-09 23"},
		{"and the one before", "2026-03-10", "", true, "2026-02-01 2026-03-09 37"},
		{"no rows yet", "2026-03-15", "", false, "none"},
		{"the first row", "2026-03-16", "", false, "2026-03-15 2026-03-15 1"},
		{"after the recording", "2026-06-01", "", false, "none"},
		{"both ends included", "2026-03-10", "?from=2026-02-15&to=2026-02-20", false, "2026-02-15 2026-02-20 6"},
		{"from the second day on", "2026-03-10", "?from=2026-02-16&to=2026-03-10", false, "none"},
		{"from the period before", "2026-03-10", "?from=2026-02-10&to=2026-02-16", false, "2026-02-15 2026-02-16 2"},
		{"a whole period", "2026-03-20", "?from=2026-02-15&to=2026-03-14", false, "2026-02-15 2026-03-14 28"},
		{"two periods", "2026-03-20", "?from=2026-02-15&to=2026-03-15", false, "2026-02-15 2026-03-15 29"},
		{"only to", "2026-03-10", "?to=2026-02-16", false, "2026-02-15 2026-02-16 2"},
		{"only from", "2026-03-10", "?from=2026-02-15", false, "2026-02-15 2026-03-09 23"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := New(steady(t))
			s.PreviousPeriod = tt.previous
			s.SetNow(noon(t, tt.now))
			got := fetch(t, s, Token, "/accounts/acc/billable-usage"+tt.query)
			if got.status != 200 || !got.body.Success || got.span(t) != tt.want {
				t.Errorf("status %d, success %t, rows %s; want %s", got.status, got.body.Success, got.span(t), tt.want)
			}
		})
	}
}

func TestSubscriptionsHaveTheirOwnPeriods(t *testing.T) {
	own := Steady("Of its own", date(t, "2026-02-01"), 60, dec("1"))
	own.Subscription = "sub"
	a := Account{
		ID: "acc", Anchor: 15, Subscriptions: []Subscription{{"sub", 5}},
		Series: []Series{own, Steady("Of the account", date(t, "2026-02-01"), 60, dec("1"))},
	}
	s := New(a.Recording())
	s.SetNow(noon(t, "2026-03-10"))
	var got []string
	for _, row := range fetch(t, s, Token, "/accounts/acc/billable-usage").rows(t) {
		got = append(got, fmt.Sprint(row["ServiceName"], " ", row["SubscriptionId"], " ", row["BillingPeriodStart"]))
	}
	want := []string{"Of its own sub 2026-03-05T00:00:00Z", "Of the account <nil> 2026-02-15T00:00:00Z"}
	slices.Sort(got)
	if diff := cmp.Diff(want, slices.Compact(got)); diff != "" {
		t.Errorf("rows differ (-want +got):\n%s", diff)
	}
	info := fetch(t, s, Token, "/accounts/acc/billable-usage/info")
	for _, want := range []string{`"covered":true`, `"2026-01-15T00:00:00Z"`, `"2026-01-05T00:00:00Z"`, `"id":"sub"`} {
		if !strings.Contains(info.raw, want) {
			t.Errorf("info is %s, want it to hold %s", info.raw, want)
		}
	}
}

func TestColumns(t *testing.T) {
	series := Steady("R2 Data Storage (First 10GB-Month included)", date(t, "2026-03-01"), 1, dec("12.50"))
	series.Service.Family, series.Service.Unit = "R2", "GB-months"
	series.Price, series.Included = dec("0.015"), dec("10")
	series.Zone, series.Subscription = Zone{"z", "example.com"}, "sub"
	s := New(Account{ID: "acc", Name: "Example", Series: []Series{series}}.Recording())
	s.SetNow(noon(t, "2026-03-02"))

	row := `"ServiceName":"R2 Data Storage (First 10GB-Month included)","BillingCurrency":"USD",` +
		`"BillingPeriodStart":"2026-03-01T00:00:00Z","ChargePeriodStart":"2026-03-01T00:00:00Z",` +
		`"ChargePeriodEnd":"2026-03-02T00:00:00Z","ConsumedQuantity":12.5,"ConsumedUnit":"GB-months",` +
		`"PricingQuantity":2.5,"ContractedCost":0.0375,"CumulatedContractedCost":0.0375,"CumulatedPricingQuantity":2.5`
	envelope := `{"success":true,"errors":null,"messages":null,"result":[{%s}]}`
	if got, want := fetch(t, s, Token, "/accounts/acc/billing/usage/paygo").raw, fmt.Sprintf(envelope, row); got != want {
		t.Errorf("the old path says\n%s\nwant\n%s", got, want)
	}
	added := `,"BilledCost":0.0375,"EffectiveCost":0.0375,"ListCost":0.0375,"PricingUnit":"GB-months",` +
		`"BillingAccountId":"acc","BillingAccountName":"Example","ChargeCategory":"Usage","ChargeClass":null,` +
		`"ChargeDescription":"R2 Data Storage (First 10GB-Month included) usage measured in GB-months",` +
		`"HostProviderName":"Cloudflare","InvoiceIssuerName":"Cloudflare","ServiceProviderName":"Cloudflare",` +
		`"ServiceFamilyName":"R2","SubscriptionId":"sub","ZoneId":"z","ZoneName":"example.com"`
	got, want := fetch(t, s, Token, "/accounts/acc/billable-usage"), fmt.Sprintf(envelope, row+added)
	if got.raw != want {
		t.Errorf("the new path says\n%s\nwant\n%s", got.raw, want)
	}
	if n := len(got.rows(t)[0]); n != 27 {
		t.Errorf("%d columns, want 27", n)
	}
	s.QuotedNumbers = true
	if got := fetch(t, s, Token, "/accounts/acc/billable-usage").raw; !strings.Contains(got, `"ContractedCost":"0.0375"`) {
		t.Errorf("numbers are not quoted: %s", got)
	}
}

func TestWriteUsage(t *testing.T) {
	r := load(t, "durable-object-loop")
	var b strings.Builder
	if err := r.WriteUsage(&b, noon(t, "2026-04-30")); err != nil {
		t.Fatal(err)
	}
	got := answer{raw: b.String()}
	if err := json.Unmarshal([]byte(got.raw), &got.body); err != nil {
		t.Fatal(err)
	}
	if want := "2026-02-15 2026-04-20 650"; !got.body.Success || got.span(t) != want {
		t.Errorf("the file has %s, want %s", got.span(t), want)
	}
}

func TestTerms(t *testing.T) {
	s := New(steady(t), Recording{AccountID: "new", Uncovered: true, Anchor: 31})
	s.SetNow(noon(t, "2026-03-10"))
	s.SetProfile("acc", Profile{NextBillDate: "2026-03-15T00:00:00Z"})
	profile := fetch(t, s, Token, "/accounts/acc/billing/profile").raw
	for _, want := range append(PersonalData(), `"next_bill_date":"2026-03-15T00:00:00Z"`, `"balance":"0"`) {
		if !strings.Contains(profile, want) {
			t.Errorf("profile is %s, want it to hold %s", profile, want)
		}
	}
	if got, want := string(fetch(t, s, Token, "/accounts/new/billable-usage/info").body.Result), `{"covered":false,"subscriptions":[]}`; got != want {
		t.Errorf("info is %s, want %s", got, want)
	}
	if got := fetch(t, s, Token, "/accounts/new/billable-usage").span(t); got != "none" {
		t.Errorf("an account that is not covered has rows: %s", got)
	}
	s.InfoStatus = http.StatusForbidden
	if got := fetch(t, s, Token, "/accounts/acc/billable-usage/info").status; got != http.StatusForbidden {
		t.Errorf("info has status %d, want 403", got)
	}
}

func TestGzip(t *testing.T) {
	s := New(load(t, "core-guardian"))
	s.SetNow(noon(t, "2026-09-10"))
	server := httptest.NewServer(s)
	defer server.Close()
	url := server.URL + Prefix + "/accounts/c0de6a4d1a9000000000000020260901/billable-usage"
	plain, err := ask(t.Context(), &http.Client{Transport: &http.Transport{DisableCompression: true}}, url, Token)
	if err != nil {
		t.Fatal(err)
	}
	packed, err := ask(t.Context(), &http.Client{Transport: acceptGzip{}}, url, Token)
	if err != nil {
		t.Fatal(err)
	}
	if packed.header.Get("Content-Encoding") != "gzip" || len(packed.raw) > len(plain.raw)/10 {
		t.Errorf("%q of %d bytes, plain %d", packed.header.Get("Content-Encoding"), len(packed.raw), len(plain.raw))
	}
	z, err := gzip.NewReader(strings.NewReader(packed.raw))
	if err != nil {
		t.Fatal(err)
	}
	unpacked, err := io.ReadAll(z)
	if err != nil || string(unpacked) != plain.raw {
		t.Errorf("unpacked to %d bytes, error %v; want %d", len(unpacked), err, len(plain.raw))
	}
}

// acceptGzip asks for gzip itself, so that the client does not unpack it.
type acceptGzip struct{}

func (acceptGzip) RoundTrip(r *http.Request) (*http.Response, error) {
	r = r.Clone(r.Context())
	r.Header.Set("Accept-Encoding", "gzip")
	return http.DefaultTransport.RoundTrip(r)
}

func TestConcurrently(t *testing.T) {
	s := New(steady(t), load(t, "core-guardian"))
	s.SetNow(noon(t, "2026-03-10"))
	s.ScriptFunc(func(n int, _ *http.Request) *Fault {
		if n%3 == 0 {
			return &Fault{Status: 500, Body: "{}"}
		}
		return nil
	})
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for day := range 5 {
				s.SetNow(noon(t, "2026-03-10").AddDate(0, 0, day))
				s.Script(Fault{})
				fetch(t, s, Token, "/accounts/acc/billable-usage")
				fetch(t, s, Token, "/accounts/acc/billable-usage/info")
				s.Requests()
			}
		})
	}
	wg.Wait()
	if got := len(s.Requests()); got != 80 {
		t.Errorf("%d requests, want 80", got)
	}
}
