package slack

import (
	"testing"
	"time"

	"github.com/billbot/billbot/notifier"
	"github.com/billbot/billbot/rules"
	"github.com/billbot/billbot/rules/spend"
)

func allowanceAlert(t testing.TB) rules.Alert {
	return rules.Alert{
		ID: "w4h8s2nb", State: rules.Firing, Since: time.Date(2026, 4, 4, 6, 0, 0, 0, time.UTC), Day: day(t, "2026-04-03"),
		Finding: rules.Finding{
			Rule: "allowances", Kind: rules.KindAllowance, Severity: rules.Warning,
			Subject: rules.Subject{Account: "production", Service: "D1 - Rows Read"},
			Open:    true, Episode: day(t, "2026-03-15"), Day: day(t, "2026-04-03"), Through: day(t, "2026-04-03"),
			Amount: dec("20.5e9"), Budget: dec("25e9"), Limit: dec("20e9"), Threshold: "80%", Step: 1, Quantity: true, Unit: "rows",
			Period: billingPeriod(t), PeriodKind: rules.ByBillingPeriod, Trusted: true,
			Included: &rules.Included{
				From: spend.FromList, Lasts: day(t, "2026-04-08"), Price: dec("0.000000001"), Projected: dec("6.1"), Currency: "USD",
			},
		},
	}
}

func priceAlert(t testing.TB) rules.Alert {
	return rules.Alert{
		ID: "j6d3x9pt", State: rules.Firing, Since: time.Date(2026, 4, 4, 6, 0, 0, 0, time.UTC), Day: day(t, "2026-04-03"),
		Finding: rules.Finding{
			Rule: "prices", Kind: rules.KindPrice, Severity: rules.Warning,
			Subject: rules.Subject{Account: "production", Service: "D1 - Rows Read"},
			Open:    true, Episode: day(t, "2026-04-02"), Day: day(t, "2026-04-03"), Through: day(t, "2026-04-03"),
			Amount: dec("0.0000000015"), Usual: dec("0.000000001"), Limit: dec("10"), Currency: "USD", Unit: "rows",
			Period: billingPeriod(t), PeriodKind: rules.ByBillingPeriod, Projected: dec("61.3"), Trusted: true,
		},
	}
}

// termContents is messages of allowances and prices.
func termContents(t testing.TB, alert func(rules.Alert, func(*rules.Alert), ...string) notifier.Item) map[string]notifier.Item {
	return map[string]notifier.Item{
		"allowance_80": alert(allowanceAlert(t), nil, "S0123ABCD"),
		"allowance_used_up": alert(allowanceAlert(t), func(a *rules.Alert) {
			f := &a.Finding
			f.Amount, f.Threshold, f.Step, f.Limit = dec("25.4e9"), "100%", 2, f.Budget
			f.Included.From, f.Included.Billed, f.Included.Cost = spend.FromBill, f.Through, dec("0.4")
		}),
		"allowance_cost": alert(allowanceAlert(t), func(a *rules.Alert) {
			f := &a.Finding
			f.Amount, f.Budget, f.Threshold, f.Step = dec("9.4e9"), dec("0"), "5.00", 3
			f.Included.From, f.Included.Billed, f.Included.Cost = "", f.Through, dec("0.4")
		}),
		"allowance_ended": alert(allowanceAlert(t), func(a *rules.Alert) {
			a.State, a.Ended, a.Finding.Included.From = rules.Resolved, rules.EndedPeriod, spend.FromName
		}),
		"price_up":   alert(priceAlert(t), nil),
		"price_down": alert(priceAlert(t), func(a *rules.Alert) { a.Finding.Amount, a.Finding.Severity = dec("5e-10"), rules.Info }),
		"price_back": alert(priceAlert(t), func(a *rules.Alert) { a.State, a.Ended = rules.Resolved, rules.EndedBack }),
	}
}
