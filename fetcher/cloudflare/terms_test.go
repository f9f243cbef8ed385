package cloudflare

import (
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/billbot/billbot/fetcher"
)

func TestInfo(t *testing.T) {
	const body = `{"success":true,"result":{"covered":true,"new":{"a":1},"subscriptions":[
		{"id":"b","billing_cycle_anchor_timestamp":"2025-01-31T00:00:00Z","start_timestamp":"2025-01-31T00:00:00Z"},
		{"id":"a","billing_cycle_anchor_timestamp":"2024-11-08T17:03:21.5Z","end_timestamp":"2025-05-08T00:00:00Z"},
		{"id":"c","billing_cycle_anchor_timestamp":"2025-01-31"},{"id":"d","billing_cycle_anchor_timestamp":null}]}}`
	var uri string
	c := serve(t, func(w http.ResponseWriter, r *http.Request) {
		uri = r.RequestURI
		io.WriteString(w, body)
	})
	got, err := c.Info(t.Context(), production)
	yes := true
	want := fetcher.Terms{Covered: &yes, Anchors: []fetcher.Day{fetcher.NewDay(2024, 11, 8), fetcher.NewDay(2025, 1, 31)}}
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Errorf("error %v, terms (-want +got):\n%s", err, diff)
	}
	if uri != "/client/v4/accounts/023e105f/billable-usage/info" {
		t.Errorf("asked for %s", uri)
	}
}

func TestInfoRefuses(t *testing.T) {
	for body, want := range map[string]string{
		`{"success":true,"result":[]}`:                                                            "result is an array, not an object",
		`{"success":true,"result":{"covered":"yes"}}`:                                             "covered is a string, not true or false",
		`{"success":true,"result":{"subscriptions":{}}}`:                                          "subscriptions is an object, not an array",
		`{"success":true,"result":{"subscriptions":["a"]}}`:                                       "a subscription is a string, not an object",
		`{"success":true,"result":{"subscriptions":[{"billing_cycle_anchor_timestamp":"soon"}]}}`: `billing_cycle_anchor_timestamp "soon" is not a date`,
		`{"success":true,"result":{"subscriptions":[{"billing_cycle_anchor_timestamp":12}]}}`:     "billing_cycle_anchor_timestamp is a number, not a string",
	} {
		got, err := serve(t, refuse(200, body)).Info(t.Context(), production)
		if want := "cloudflare: get billing info of production: " + want; err == nil || err.Error() != want {
			t.Errorf("%s: got %+v and error\n got %v\nwant %s", body, got, err, want)
		}
	}
}

func TestProfile(t *testing.T) {
	cases := map[string]struct {
		body, date string
	}{
		"a time": {`{"next_bill_date":"2026-05-08T00:00:00Z","balance":"-12.50","card_number":"4242","address":{"x":[]}}`, "2026-05-08"},
		"a day":  {`{"next_bill_date":"2026-05-08"}`, "2026-05-08"},
		"null":   {`{"next_bill_date":null}`, ""},
		"empty":  {`{"next_bill_date":""}`, ""},
		"absent": {`{}`, ""},
	}
	for name, tt := range cases {
		t.Run(name, func(t *testing.T) {
			var uri string
			c := serve(t, func(w http.ResponseWriter, r *http.Request) {
				uri = r.RequestURI
				io.WriteString(w, `{"success":true,"result":`+tt.body+`}`)
			})
			got, err := c.Profile(t.Context(), production)
			if err != nil || got.NextBillDate.String() != tt.date || uri != "/client/v4/accounts/023e105f/billing/profile" {
				t.Errorf("got %s and error %v from %s, want %s", got.NextBillDate, err, uri, tt.date)
			}
		})
	}
}

func TestProfileErrorsSayNothingPersonal(t *testing.T) {
	for _, result := range []string{
		`{"first_name":"Ada","next_bill_date":"soon"}`, `{"first_name":"Ada","next_bill_date":7}`, `{"first_name":"Ada"`, `{"first_name":"Ada",}`,
		`["Ada"]`, `{"first_name":"Ada"}}x`,
	} {
		_, err := serve(t, refuse(200, `{"success":true,"result":`+result+`}`)).Profile(t.Context(), production)
		if err == nil || strings.Contains(err.Error(), "Ada") {
			t.Errorf("%s: error %v", result, err)
		}
	}
}

func TestInfoAndProfileMayBeUnavailable(t *testing.T) {
	for _, status := range []int{403, 404} {
		c := serve(t, refuse(status, refusalBody(10000, "Authentication error")))
		_, infoErr := c.Info(t.Context(), production)
		_, profileErr := c.Profile(t.Context(), production)
		if !errors.Is(infoErr, ErrUnavailable) || !errors.Is(profileErr, ErrUnavailable) {
			t.Errorf("%d: got %v and %v, want ErrUnavailable", status, infoErr, profileErr)
		}
		if _, err := usage(t, c); errors.Is(err, ErrUnavailable) {
			t.Errorf("%d: usage's error is ErrUnavailable too", status)
		}
	}
	_, err := serve(t, refuse(401, "")).Info(t.Context(), production)
	if err == nil || errors.Is(err, ErrUnavailable) {
		t.Errorf("401: got %v, which is not to be passed over", err)
	}
}
