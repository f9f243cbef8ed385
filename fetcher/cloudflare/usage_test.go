package cloudflare

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/cespare/xxhash/v2"
	"github.com/google/go-cmp/cmp"

	"github.com/billbot/billbot/fetcher"
	"github.com/billbot/billbot/fetcher/secret"
)

var (
	production = fetcher.Account{Name: "production", ID: "023e105f"}
	morning    = time.Date(2026, 4, 12, 9, 0, 0, 0, time.UTC)
)

// serve starts a server and returns a client of it.
func serve(t *testing.T, answer http.HandlerFunc) *Client {
	t.Helper()
	server := httptest.NewServer(answer)
	t.Cleanup(server.Close)
	c, err := New(Config{Token: secret.New(token), BaseURL: server.URL + "/client/v4"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return c
}

// usage asks c for production's usage, and wants an error to be without token.
func usage(t *testing.T, c *Client) (fetcher.Answer, error) {
	t.Helper()
	answer, err := c.Usage(t.Context(), production, 0, 0, morning)
	checkScrubbed(t, err)
	return answer, err
}

func checkScrubbed(t *testing.T, err error) {
	t.Helper()
	for e := err; e != nil; e = errors.Unwrap(e) {
		if text := fmt.Sprintf("%v %+v %#v", e, e, e); strings.Contains(text, token) {
			t.Errorf("the token is in %s", text)
		}
	}
}

func TestUsage(t *testing.T) {
	body := []byte(envelopeOf(with(), with("ContractedCost", "-1.5")))
	var request *http.Request
	c := serve(t, func(w http.ResponseWriter, r *http.Request) {
		request = r
		w.Write(body)
	})
	from, to := fetcher.NewDay(2026, 3, 8), fetcher.NewDay(2026, 4, 7)
	answer, err := c.Usage(t.Context(), production, from, to, morning)
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]string{"uri": request.RequestURI, "method": request.Method}
	for _, name := range []string{"Authorization", "User-Agent", "Accept", "Accept-Encoding"} {
		got[name] = request.Header.Get(name)
	}
	want := map[string]string{
		"uri": "/client/v4/accounts/023e105f/billable-usage?from=2026-03-08&to=2026-04-07", "method": "GET",
		"Authorization": "Bearer " + token, "User-Agent": "billbot", "Accept": "application/json", "Accept-Encoding": "gzip",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("request (-want +got):\n%s", diff)
	}
	usage, _ := DecodeUsage(body)
	wantAnswer := fetcher.Answer{
		FetchedAt: morning, Hash: fmt.Sprintf("%016x", xxhash.Sum64(body)), From: from, To: to,
		Charges: usage.Charges, Missing: usage.Missing,
	}
	if diff := cmp.Diff(wantAnswer, answer); diff != "" {
		t.Errorf("answer (-want +got):\n%s", diff)
	}
}

func TestUsageAddresses(t *testing.T) {
	cases := map[string]struct {
		account  fetcher.Account
		path     string
		from, to fetcher.Day
		want     string
	}{
		"no dates": {production, "", 0, 0, "/accounts/023e105f/billable-usage"},
		"one date": {production, "", fetcher.NewDay(2026, 4, 1), 0, "/accounts/023e105f/billable-usage?from=2026-04-01"},
		"old path": {production, UsagePathPayGo, 0, 0, "/accounts/023e105f/billing/usage/paygo"},
		"escaped":  {fetcher.Account{ID: "a/../b?x=1#y z"}, "", 0, 0, "/accounts/a%2F..%2Fb%3Fx=1%23y%20z/billable-usage"},
	}
	for name, tt := range cases {
		t.Run(name, func(t *testing.T) {
			var got string
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				got = r.RequestURI
				io.WriteString(w, envelopeOf())
			}))
			defer server.Close()
			c, err := New(Config{Token: secret.New(token), BaseURL: server.URL + "/", UsagePath: tt.path})
			if err != nil {
				t.Fatal(err)
			}
			defer c.Close()
			if _, err := c.Usage(t.Context(), tt.account, tt.from, tt.to, morning); err != nil || got != tt.want {
				t.Errorf("got %s and error %v, want %s", got, err, tt.want)
			}
		})
	}
}

func TestUsageNeedsAnAccountID(t *testing.T) {
	c := serve(t, func(http.ResponseWriter, *http.Request) { t.Error("asked without an id") })
	for _, id := range []string{"", ".", ".."} {
		_, err := c.Usage(t.Context(), fetcher.Account{Name: "production", ID: id}, 0, 0, morning)
		if want := fmt.Sprintf("cloudflare: get usage of production: %q is no account id", id); err == nil || err.Error() != want {
			t.Errorf("error\n got %v\nwant %s", err, want)
		}
	}
}

func TestGzip(t *testing.T) {
	packed := zipped(t, generated(3))
	c := serve(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Encoding", "gzip")
		w.Write(packed)
	})
	answer, err := usage(t, c)
	if err != nil || len(answer.Charges) != 30 {
		t.Fatalf("got %d rows and error %v, want 30", len(answer.Charges), err)
	}
	if want := fmt.Sprintf("%016x", xxhash.Sum64(generatedPlain(t, packed))); answer.Hash != want {
		t.Errorf("hash: got %s, want %s, of the unpacked body", answer.Hash, want)
	}
}

func generatedPlain(t *testing.T, packed []byte) []byte {
	t.Helper()
	plain, err := readAll(bytes.NewReader(packed), maxBody)
	if err != nil {
		t.Fatal(err)
	}
	return plain
}

func TestBodyLimitCountsUnpackedBytes(t *testing.T) {
	// Members of a gzip stream add up; packing one of them is quick.
	packed, tries := bytes.Repeat(zipped(t, make([]byte, 1<<20)), maxBody>>20+1), 0
	c := serve(t, func(w http.ResponseWriter, r *http.Request) {
		tries++
		w.Header().Set("Content-Encoding", "gzip")
		w.Write(packed)
	})
	_, err := usage(t, c)
	if want := "cloudflare: get usage of production: the answer is larger than 32 MiB"; err == nil || err.Error() != want || tries != 1 {
		t.Errorf("after %d tries error\n got %v\nwant %s", tries, err, want)
	}
}
