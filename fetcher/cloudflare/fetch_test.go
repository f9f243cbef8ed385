package cloudflare

import (
	"bytes"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/billbot/billbot/fetcher"
	"github.com/billbot/billbot/fetcher/secret"
)

// account is a Cloudflare whose info and profile answer as told.
func account(asked *[]string, info, profile step) inProcess {
	return func(w http.ResponseWriter, r *http.Request) {
		*asked = append(*asked, strings.TrimPrefix(r.URL.Path, "/client/v4/accounts/023e105f/"))
		tries := 0
		switch {
		case strings.HasSuffix(r.URL.Path, "/info"):
			script(&tries, info)(w, r)
		case strings.HasSuffix(r.URL.Path, "/profile"):
			script(&tries, profile)(w, r)
		default:
			io.WriteString(w, envelopeOf(with()))
		}
	}
}

func TestFetch(t *testing.T) {
	info := step{200, nil, `{"success":true,"result":{"covered":true,"subscriptions":[{"billing_cycle_anchor_timestamp":"2025-01-08T00:00:00Z"}]}}`}
	profile := step{200, nil, `{"success":true,"result":{"next_bill_date":"2026-05-08"}}`}
	all, yes := []string{"billable-usage", "billable-usage/info", "billing/profile"}, true
	anchors, next := []fetcher.Day{fetcher.NewDay(2025, 1, 8)}, fetcher.NewDay(2026, 5, 8)
	cases := map[string]struct {
		info, profile step
		from          fetcher.Day
		asked         []string
		want          fetcher.Terms
		logged        []string
	}{
		"all":         {info, profile, 0, all, fetcher.Terms{Covered: &yes, Anchors: anchors, NextBillDate: next}, nil},
		"older days":  {info, profile, fetcher.NewDay(2026, 3, 8), all[:1], fetcher.Terms{}, nil},
		"unavailable": {step{403, nil, ""}, step{404, nil, ""}, 0, all, fetcher.Terms{}, []string{"DEBUG", "DEBUG"}},
		"no info":     {step{500, nil, ""}, profile, 0, all, fetcher.Terms{NextBillDate: next}, []string{"WARN"}},
		"no profile":  {info, step{200, nil, "<html>"}, 0, all, fetcher.Terms{Covered: &yes, Anchors: anchors}, []string{"WARN"}},
	}
	for name, tt := range cases {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var log bytes.Buffer
				var asked []string
				c, err := New(Config{
					Token: secret.New(token), Transport: account(&asked, tt.info, tt.profile),
					Log: slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug})),
				})
				if err != nil {
					t.Fatal(err)
				}
				began := time.Now()
				answer, err := c.Fetch(t.Context(), production, tt.from, 0, morning)
				if err != nil || len(answer.Charges) != 1 || !answer.FetchedAt.Equal(morning) || time.Since(began) != 0 {
					t.Errorf("got %+v and error %v in %s", answer, err, time.Since(began))
				}
				if diff := cmp.Diff(tt.want, answer.Terms) + cmp.Diff(tt.asked, asked) + cmp.Diff(tt.logged, levels(log.String())); diff != "" {
					t.Errorf("terms, asked, logged (-want +got):\n%s\n%s", diff, &log)
				}
			})
		})
	}
}

// levels returns the levels of the lines of a log.
func levels(log string) []string {
	var all []string
	for line := range strings.Lines(log) {
		_, line, _ = strings.Cut(line, "level=")
		level, _, _ := strings.Cut(line, " ")
		all = append(all, level)
	}
	return all
}

func TestFetchFailsWithoutUsage(t *testing.T) {
	asked := 0
	c := newClient(t, script(&asked, step{403, nil, ""}))
	_, err := c.Fetch(t.Context(), production, 0, 0, morning)
	checkError(t, err, "403 Forbidden: the token needs Account > Billing > Read")
	if asked != 1 {
		t.Errorf("asked %d times, want once", asked)
	}
}
