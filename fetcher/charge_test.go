package fetcher_test

import (
	"math/rand/v2"
	"testing"

	"github.com/billbot/billbot/fetcher"
	"github.com/google/go-cmp/cmp"
)

func TestServiceIsTheNameWithoutItsAllowance(t *testing.T) {
	for billed, want := range map[string]string{
		"D1 - Rows Read (first 25 billion included)":                           "D1 - Rows Read",
		"D1 - Storage GB-mo (first 5GB included)":                              "D1 - Storage GB-mo",
		"Workers Standard Requests (first 10M are included)":                   "Workers Standard Requests",
		"Workers Unbound Duration (GB*S, First 400,000 GB*S is included)":      "Workers Unbound Duration",
		"Workers Bundled Requests (First 10M)":                                 "Workers Bundled Requests",
		"Worker Build Minutes (6000 minutes included per month)":               "Worker Build Minutes",
		"R2 Data Storage (First 10GB-Month included)":                          "R2 Data Storage",
		"KV Storage (First GB)":                                                "KV Storage",
		"Durable Objects Compute Duration (GB*S, First 400,000)":               "Durable Objects Compute Duration",
		"  KV Read (First 10M)  ":                                              "KV Read",
		"Regular Twitch Neurons (RTN)":                                         "Regular Twitch Neurons (RTN)",
		"Fast Twitch Neurons (FTN) (first 10,000 included)":                    "Fast Twitch Neurons (FTN)",
		"Workers Standard Requests":                                            "Workers Standard Requests",
		"Memory per GiB-Second (First 25 GiB-hours)":                           "Memory per GiB-Second",
		"(first 25 billion included)":                                          "(first 25 billion included)",
		"Rows (first 5":                                                        "Rows (first 5",
		"":                                                                     "",
		"Email Service - Emails Sent (First 3,000 emails included) since 2026": "Email Service - Emails Sent (First 3,000 emails included) since 2026",
	} {
		if got := fetcher.Service(billed); got != want {
			t.Errorf("Service(%q) = %q, want %q", billed, got, want)
		}
		if got := (fetcher.Charge{ServiceName: billed}).Service(); got != want {
			t.Errorf("Charge.Service of %q = %q, want %q", billed, got, want)
		}
	}
}

func TestRowsHaveOneOrder(t *testing.T) {
	want := bill(`
		2026-08-15 KV 9.00 period=2026-07-20
		2026-09-01 D1 -1.00
		2026-09-01 D1 2.00
		2026-09-01 D1(first_5_included) 1.00
		2026-09-01 D1 2.00 sub=a
		2026-09-01 D1 2.00 sub=a zone=z
		2026-09-01 KV 1.00 currency=EUR
		2026-09-01 KV 1.00
		2026-09-01 KV 1.00 unit=rows
		2026-09-02 D1 0.50`)
	for seed := range uint64(20) {
		got := append([]fetcher.Charge(nil), want...)
		rand.New(rand.NewPCG(seed, 0)).Shuffle(len(got), func(i, j int) { got[i], got[j] = got[j], got[i] })
		fetcher.SortCharges(got)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatalf("order (-want +got):\n%s", diff)
		}
	}
}
