package cloudflaretest_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/billbot/billbot/fetcher"
	"github.com/billbot/billbot/fetcher/cloudflare"
	"github.com/billbot/billbot/fetcher/cloudflare/cloudflaretest"
	"github.com/billbot/billbot/fetcher/secret"
)

// What the real client reads is what the recording says, to the digit.
func TestClientReadsRecordings(t *testing.T) {
	for _, name := range cloudflaretest.Names() {
		t.Run(name, func(t *testing.T) {
			r, err := cloudflaretest.Load(name)
			if err != nil {
				t.Fatal(err)
			}
			s := cloudflaretest.New(r)
			client, err := cloudflare.New(cloudflare.Config{Token: secret.New(cloudflaretest.Token), Transport: s.Transport()})
			if err != nil {
				t.Fatal(err)
			}
			defer client.Close()
			first, _ := r.Days()
			period := r.Period(first + 40)
			now := (period.End + 10).Time().Add(12 * time.Hour)
			s.SetNow(now)
			s.SetProfile(r.AccountID, cloudflaretest.Profile{NextBillDate: "2026-10-19T00:00:00Z"})

			answer, err := client.Usage(t.Context(), fetcher.Account{Name: name, ID: r.AccountID}, period.Start, period.End, now)
			if err != nil {
				t.Fatal(err)
			}
			var want []fetcher.Charge
			for _, c := range r.At(now) {
				if c.BillingPeriodStart == period.Start {
					want = append(want, c)
				}
			}
			fetcher.SortCharges(answer.Charges)
			if diff := cmp.Diff(want, answer.Charges); diff != "" {
				t.Errorf("charges differ (-want +got):\n%s", diff)
			}
			terms, err := client.Info(t.Context(), fetcher.Account{ID: r.AccountID})
			if err != nil || terms.Covered == nil || !*terms.Covered || len(terms.Anchors) != 1 || terms.Anchors[0].Time().Day() != r.Anchor {
				t.Errorf("terms %+v, error %v; want a covered account anchored on day %d", terms, err, r.Anchor)
			}
			profile, err := client.Profile(t.Context(), fetcher.Account{ID: r.AccountID})
			if err != nil || profile.NextBillDate.String() != "2026-10-19" {
				t.Errorf("next bill on %s, error %v; want 2026-10-19", profile.NextBillDate, err)
			}
		})
	}
}
