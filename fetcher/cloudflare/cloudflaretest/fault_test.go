package cloudflaretest

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
)

const usagePath = Prefix + "/accounts/acc/billable-usage"

func TestFaults(t *testing.T) {
	tests := []struct {
		name   string
		fault  Fault
		status int
		valid  bool   // as JSON
		want   string // in the body
	}{
		{"good", Fault{}, 200, true, `"ContractedCost":1.5`},
		{"HTML", HTML(), 200, false, "<!DOCTYPE html>"},
		{"truncated", TruncatedJSON(), 200, false, `"ContractedCost":1.5`},
		{"cut to a length", Fault{Truncate: 10}, 200, false, `{"success"`},
		{"not success", NotSuccess(), 200, true, `"success":false`},
		{"null result", NullResult(), 200, true, `"success":true,"errors":null,"messages":null,"result":null`},
		{"empty result", EmptyResult(), 200, true, `"result":[]`},
		{"null cost", NullCost(), 200, true, `"ContractedCost":null`},
		{"huge exponent", HugeExponent(), 200, true, `"ContractedCost":1e999999999`},
		{"too many requests", TooManyRequests(90 * time.Second), 429, true, `"code":971`},
		{"server error", ServerError(), 500, true, `"success":false`},
		{"empty body", Fault{Status: 502}, 502, false, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := New(steady(t))
			s.SetNow(noon(t, "2026-03-10"))
			s.Script(tt.fault)
			got, err := ask(t.Context(), &http.Client{Transport: s.Transport()}, "http://cloudflare.test"+usagePath, Token)
			if err != nil {
				t.Fatal(err)
			}
			if got.status != tt.status || json.Valid([]byte(got.raw)) != tt.valid || !strings.Contains(got.raw, tt.want) {
				t.Errorf("status %d, body %.200q; want %d, valid %t, with %q", got.status, got.raw, tt.status, tt.valid, tt.want)
			}
			if header := got.header.Get("Retry-After"); tt.status == 429 && header != "90" {
				t.Errorf("Retry-After is %q, want 90", header)
			}
			if again := fetch(t, s, Token, "/accounts/acc/billable-usage"); again.status != 200 || len(again.rows(t)) != 23 {
				t.Errorf("the next answer is not good: %.200q", again.raw)
			}
		})
	}
}

func TestMissingField(t *testing.T) {
	s := New(steady(t))
	s.SetNow(noon(t, "2026-03-10"))
	s.Script(MissingField("ContractedCost"))
	rows := fetch(t, s, Token, "/accounts/acc/billable-usage").rows(t)
	for _, row := range rows {
		if _, has := row["ContractedCost"]; has || len(row) != 22 {
			t.Errorf("a row has %d columns, ContractedCost %t; want 22 without it", len(row), has)
		}
	}
}

// Only usage requests take faults; the queue comes before the function.
func TestScript(t *testing.T) {
	s := New(steady(t))
	s.SetNow(noon(t, "2026-03-10"))
	s.Script(ServerError(), Fault{})
	s.ScriptFunc(func(n int, r *http.Request) *Fault {
		if n == 3 {
			return &Fault{Status: 503, Header: http.Header{"retry-after": {"7"}}}
		}
		return nil
	})
	client := &http.Client{Transport: s.Transport()}
	for _, path := range []string{"billable-usage/info", "billable-usage", "billing/usage/paygo", "billable-usage", "billable-usage?to=2026-03-01"} {
		if _, err := ask(t.Context(), client, "http://cloudflare.test"+Prefix+"/accounts/acc/"+path, Token); err != nil {
			t.Fatal(err)
		}
	}
	type entry struct {
		Path, To string
		Status   int
		Faulty   bool
	}
	var got []entry
	for _, r := range s.Requests() {
		got = append(got, entry{r.Path, r.Query.Get("to"), r.Status, r.Faulty})
	}
	want := []entry{
		{usagePath + "/info", "", 200, false},
		{usagePath, "", 500, true},
		{Prefix + "/accounts/acc/billing/usage/paygo", "", 200, true},
		{usagePath, "", 503, true},
		{usagePath, "2026-03-01", 200, false},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("requests differ (-want +got):\n%s", diff)
	}
}

// A connection closes the same way on a socket and without one.
func TestDrop(t *testing.T) {
	s := New(steady(t))
	s.SetNow(noon(t, "2026-03-10"))
	server := httptest.NewServer(s)
	defer server.Close()
	clients := map[string]*http.Client{
		"socket":    {Transport: &http.Transport{DisableKeepAlives: true}},
		"transport": {Transport: s.Transport()},
	}
	for name, client := range clients {
		s.Script(Dropped(), Fault{Drop: true, Truncate: 100})
		if _, err := ask(t.Context(), client, server.URL+usagePath, Token); !errors.Is(err, io.EOF) {
			t.Errorf("%s: before the reply the error is %v, want EOF", name, err)
		}
		got, err := ask(t.Context(), client, server.URL+usagePath, Token)
		if !errors.Is(err, io.ErrUnexpectedEOF) || len(got.raw) != 100 {
			t.Errorf("%s: in the body the error is %v after %d bytes, want unexpected EOF after 100", name, err, len(got.raw))
		}
	}
}

func TestDropWithoutAConnection(t *testing.T) {
	s := New(steady(t))
	s.Script(Dropped())
	w := httptest.NewRecorder()
	s.ServeHTTP(w, httptest.NewRequest(http.MethodGet, usagePath, nil))
	if w.Code != http.StatusNotImplemented {
		t.Errorf("status %d, want 501", w.Code)
	}
}

func TestDelayInBubble(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := New(steady(t))
		s.Script(Fault{Delay: time.Hour}, Fault{Delay: time.Hour})
		began := time.Now()
		fetch(t, s, Token, "/accounts/acc/billable-usage")
		if took := time.Since(began); took != time.Hour {
			t.Errorf("the reply took %s, want 1h", took)
		}
		client := &http.Client{Transport: s.Transport(), Timeout: time.Minute}
		_, err := ask(t.Context(), client, "http://cloudflare.test"+usagePath, Token)
		if took := time.Since(began); err == nil || took != time.Hour+time.Minute {
			t.Errorf("error %v after %s, want a timeout after 1h1m", err, took)
		}
		if got := s.Requests(); len(got) != 2 || !got[1].At.Equal(began.Add(time.Hour)) {
			t.Errorf("requests %+v, want the second an hour after the first", got)
		}
	})
}
