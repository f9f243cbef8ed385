package slack

import (
	"fmt"
	"testing"
	"time"

	"github.com/billbot/billbot/fetcher"
	"github.com/billbot/billbot/notifier"
	"github.com/billbot/billbot/rules"
	"github.com/shopspring/decimal"
)

func staleAlert(t testing.TB) rules.Alert {
	since := time.Date(2026, 4, 4, 10, 0, 0, 0, time.UTC)
	return rules.Alert{
		ID: "m4x7q2ka", State: rules.Unknown, Since: since.Add(6 * time.Hour), Day: day(t, "2026-04-04"),
		Finding: rules.Finding{
			Rule: "stale", Kind: rules.KindStale, Severity: rules.Warning, Subject: rules.Subject{Account: "production"},
			Open: true, Episode: day(t, "2026-04-04"), Day: day(t, "2026-04-04"), Through: day(t, "2026-04-03"),
			Dark: &rules.Dark{
				Cause: rules.DarkFailed, Fault: fetcher.FaultToken, Since: since, Trusted: since,
				Reason: "cloudflare: get usage of production: 403 Forbidden (10000: Authentication error): the token needs Account > Billing > Read",
			},
		},
	}
}

func mismatchAlert(t testing.TB) rules.Alert {
	return rules.Alert{
		ID: "b5c2x7da", State: rules.Unknown, Since: time.Date(2026, 4, 4, 10, 0, 0, 0, time.UTC), Day: day(t, "2026-04-03"),
		Finding: rules.Finding{
			Rule: "stale", Kind: rules.KindMismatch, Severity: rules.Info, Subject: rules.Subject{Account: "production"},
			Open: true, Episode: day(t, "2026-03-15"), Day: day(t, "2026-04-03"), Through: day(t, "2026-04-03"),
			Period: billingPeriod(t), PeriodKind: rules.ByBillingPeriod, Trusted: true,
			Mismatch: &rules.Mismatch{Sums: []fetcher.Disagreement{{
				BillingPeriodStart: day(t, "2026-03-15"), Service: "D1 - Rows Read", Currency: "USD", Charges: dec("22.1"), Told: dec("24.35"),
			}}},
		},
	}
}

func unmatchedAlert(t testing.TB) rules.Alert {
	return rules.Alert{
		ID: "u5n2m4cd", State: rules.Unknown, Since: time.Date(2026, 4, 4, 10, 0, 0, 0, time.UTC), Day: day(t, "2026-04-03"),
		Finding: rules.Finding{
			Rule: "d1", Kind: rules.KindUnmatched, Severity: rules.Info, Open: true, Day: day(t, "2026-04-03"), Through: day(t, "2026-04-03"),
			Unmatched: &rules.Unmatched{Wanted: []string{"D1 - Row Reads", "D! - *"}, Near: []string{"D1 - Rows Read"}},
		},
	}
}

// storm is the message of several services' spikes, dearest first.
func storm(t testing.TB, n int, change func(int, *rules.Alert)) notifier.Item {
	item := notifier.Item{Key: "storm-k7q2m4x0", Channel: "#cloud-spend", Content: notifier.Content{Mention: []string{"S0123ABCD"}}}
	for i := range n {
		a := spikeAlert(t)
		a.ID = fmt.Sprintf("k7q2m4x%x", i)
		a.Message = item.Key
		if i > 0 {
			a.Finding.Subject.Service = fmt.Sprintf("Service %d", i+1)
			a.Finding.Amount = dec("41.2").Sub(decimal.NewFromInt(int64(2 * i)))
			a.Finding.Extra = a.Finding.Amount.Sub(a.Finding.Usual)
		}
		if change != nil {
			change(i, &a)
		}
		item.Content.Storm = append(item.Content.Storm, a)
	}
	return item
}

func inThread(item notifier.Item) notifier.Item {
	item.Reply = true
	item.Content = notifier.Content{Storm: item.Content.Storm[notifier.StormShown:]}
	return item
}
