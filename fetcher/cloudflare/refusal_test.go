package cloudflare

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/billbot/billbot/fetcher"
	"github.com/billbot/billbot/fetcher/secret"
)

func refuse(status int, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(status)
		io.WriteString(w, body)
	}
}

func refusalBody(code int, message string) string {
	return fmt.Sprintf(`{"success":false,"errors":[{"code":%d,"message":%q}],"messages":[],"result":null}`, code, message)
}

func TestRefusals(t *testing.T) {
	const route = "check the account's id, or the usage path setting"
	cases := map[string]struct {
		status int
		body   string
		want   string
	}{
		"403":            {403, refusalBody(10000, "Authentication error"), "403 Forbidden (10000: Authentication error): the token needs Account > Billing > Read"},
		"403 HTML":       {403, "<html><title>Attention Required!</title>", `403 Forbidden (the answer is an HTML page: "Attention Required!"): the token needs Account > Billing > Read`},
		"401":            {401, refusalBody(1000, "Invalid API Token"), "401 Unauthorized (1000: Invalid API Token): the token is not valid"},
		"misshapen":      {400, refusalBody(6003, "Invalid request headers"), "400 Bad Request (6003: Invalid request headers): the token is not valid"},
		"404":            {404, refusalBody(7003, "No route for the URI"), "404 Not Found (7003: No route for the URI): " + route},
		"404 empty":      {404, "", "404 Not Found: " + route},
		"410":            {410, "gone", `410 Gone (the answer is not a JSON object, it begins with "gone"): ` + route},
		"400 no route":   {400, refusalBody(7000, "Could not route to /client/v4/x"), "400 Bad Request (7000: Could not route to /client/v4/x): " + route},
		"400 parameters": {400, refusalBody(1183, "Invalid request parameters"), "400 Bad Request (1183: Invalid request parameters): check the days asked for"},
		"400":            {400, `{"errors":[{"code":1,"message":"a"},{"code":2,"message":"b\u0007\n\u202ec"}]}`, "400 Bad Request (1: a, 2: b c)"},
		"token repeated": {403, refusalBody(1, "no "+token), "403 Forbidden (1: no [secret]): the token needs Account > Billing > Read"},
		"token in page":  {403, "<p>" + strings.Repeat("x", 110) + token, `403 Forbidden (the answer is an HTML page: "` + strings.Repeat("x", 110) + `[secret]"): the token needs Account > Billing > Read`},
		"204":            {204, "", "204 No Content"},
		"206":            {206, envelopeOf(), "206 Partial Content"},
	}
	for name, tt := range cases {
		t.Run(name, func(t *testing.T) {
			tries := 0
			c := serve(t, func(w http.ResponseWriter, r *http.Request) {
				tries++
				refuse(tt.status, tt.body)(w, r)
			})
			_, err := usage(t, c)
			if want := "cloudflare: get usage of production: " + tt.want; err == nil || err.Error() != want {
				t.Errorf("error\n got %v\nwant %s", err, want)
			}
			if e, ok := errors.AsType[*Error](err); !ok || e.Status != tt.status || tries != 1 {
				t.Errorf("got status %d after %d tries, want %d after 1", e.Status, tries, tt.status)
			}
		})
	}
}

func TestFaults(t *testing.T) {
	for name, tt := range map[string]struct {
		answer http.HandlerFunc
		want   fetcher.Fault
	}{
		"403":           {refuse(403, refusalBody(10000, "Authentication error")), fetcher.FaultToken},
		"401":           {refuse(401, ""), fetcher.FaultToken},
		"misshapen":     {refuse(400, refusalBody(6003, "Invalid request headers")), fetcher.FaultToken},
		"404":           {refuse(404, ""), fetcher.FaultAddress},
		"moved":         {refuse(308, ""), fetcher.FaultAddress},
		"success false": {refuse(200, refusalBody(1101, "Internal error")), fetcher.FaultSource},
		"HTML":          {refuse(200, "<html>"), fetcher.FaultSource},
		"204":           {refuse(204, ""), fetcher.FaultSource},
	} {
		_, err := usage(t, serve(t, tt.answer))
		if e, _ := errors.AsType[*Error](err); e.Fault() != tt.want {
			t.Errorf("%s: got %q, want %q (%v)", name, e.Fault(), tt.want, err)
		}
	}
	for want, e := range map[fetcher.Fault]*Error{fetcher.FaultBusy: {Status: 429}, fetcher.FaultNetwork: {}, fetcher.FaultSource: {Status: 503}} {
		if got := e.Fault(); got != want {
			t.Errorf("%v: got %q, want %q", e, got, want)
		}
	}
}

func TestErrorHasFields(t *testing.T) {
	c := serve(t, refuse(403, refusalBody(10000, "Authentication error")))
	_, err := usage(t, c)
	got, _ := errors.AsType[*Error](err)
	want := &Error{
		Op: "get usage", Account: "production", Status: 403,
		Codes: []Code{{10000, "Authentication error"}}, Hint: "the token needs Account > Billing > Read",
	}
	if diff := cmp.Diff(want, got, cmp.AllowUnexported(Error{})); diff != "" {
		t.Errorf("error (-want +got):\n%s", diff)
	}
}

func TestRedirectsAreNotFollowed(t *testing.T) {
	cases := map[string]struct{ location, want string }{
		"another host": {"https://elsewhere.example/secret?token=x", "the endpoint moved to elsewhere.example"},
		"nowhere":      {"", "the endpoint moved, without saying where to"},
	}
	for name, tt := range cases {
		for status, text := range map[int]string{301: "301 Moved Permanently", 302: "302 Found", 307: "307 Temporary Redirect", 308: "308 Permanent Redirect"} {
			t.Run(fmt.Sprint(name, " ", status), func(t *testing.T) {
				c := serve(t, func(w http.ResponseWriter, _ *http.Request) {
					if tt.location != "" {
						w.Header().Set("Location", tt.location)
					}
					w.WriteHeader(status)
				})
				_, err := usage(t, c)
				want := "cloudflare: get usage of production: " + text + " (" + tt.want + "): redirects are not followed; check the base URL and the usage path setting"
				if err == nil || err.Error() != want {
					t.Errorf("error\n got %v\nwant %s", err, want)
				}
			})
		}
	}
}

func TestBrokenAnswersAreErrors(t *testing.T) {
	for name, tt := range brokenBodies() {
		t.Run(name, func(t *testing.T) {
			c := serve(t, refuse(200, tt[0]))
			answer, err := usage(t, c)
			if err == nil {
				t.Fatalf("no error, but %+v", answer)
			}
			if want := "cloudflare: get usage of production: " + tt[1]; !strings.HasPrefix(err.Error(), want) {
				t.Errorf("error\n got %v\nwant %s", err, want)
			}
		})
	}
}

func TestSuccessFalseHasCodesAndHint(t *testing.T) {
	c := serve(t, refuse(200, refusalBody(1183, "Invalid request parameters")))
	_, err := usage(t, c)
	want := "cloudflare: get usage of production: success is false (1183: Invalid request parameters): check the days asked for"
	if err == nil || err.Error() != want {
		t.Errorf("error\n got %v\nwant %s", err, want)
	}
	if e, _ := errors.AsType[*Error](err); len(e.Codes) != 1 || e.Codes[0].Code != 1183 {
		t.Errorf("codes: got %v, want 1183", e.Codes)
	}
}

func TestTokenInBrokenAnswerIsScrubbed(t *testing.T) {
	for _, body := range []string{
		token, "<p>" + token, envelopeOf(with("ContractedCost", `"`+token+`"`)), refusalBody(1, token),
		envelopeOf(with("BillingCurrency", `"`+strings.Repeat("9", 110)+token+`"`)),
	} {
		c := serve(t, refuse(200, body))
		_, err := usage(t, c)
		if err == nil || strings.Contains(err.Error(), token[:8]) {
			t.Errorf("error: got %v", err)
		}
	}
}

func TestConnectionRefused(t *testing.T) {
	server := httptest.NewServer(nil)
	server.Close()
	c, err := New(Config{Token: secret.New(token), BaseURL: server.URL})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	_, err = c.Usage(ctx, production, fetcher.NewDay(2026, 4, 1), 0, morning)
	checkScrubbed(t, err)
	if err == nil || !strings.Contains(err.Error(), "connection refused") || strings.Contains(err.Error(), "from=") {
		t.Errorf("got %v, want connection refused and no query", err)
	}
}
