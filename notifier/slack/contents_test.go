package slack

import (
	"errors"
	"maps"
	"testing"
	"time"

	"github.com/billbot/billbot/fetcher"
	"github.com/billbot/billbot/notifier"
	"github.com/billbot/billbot/rules"
	"github.com/billbot/billbot/rules/report"
	"github.com/shopspring/decimal"
)

func dec(s string) decimal.Decimal { return decimal.RequireFromString(s) }

func ptr(s string) *decimal.Decimal {
	d := dec(s)
	return &d
}

func day(t testing.TB, s string) fetcher.Day {
	t.Helper()
	d, err := fetcher.ParseDay(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func billingPeriod(t testing.TB) fetcher.Period {
	return fetcher.Period{Start: day(t, "2026-03-15"), End: day(t, "2026-04-14")}
}

func spikeAlert(t testing.TB) rules.Alert {
	return rules.Alert{
		ID: "k7q2m4xa", State: rules.Firing, Since: time.Date(2026, 4, 4, 6, 0, 0, 0, time.UTC), Day: day(t, "2026-04-03"),
		Finding: rules.Finding{
			Rule: "runaway", Kind: rules.KindSpike, Severity: rules.Warning,
			Subject: rules.Subject{Account: "production", Service: "D1 - Rows Read"},
			Open:    true, Episode: day(t, "2026-04-03"), Day: day(t, "2026-04-03"), Through: day(t, "2026-04-03"), Over: 1,
			Amount: dec("41.2"), Limit: dec("1"), Usual: dec("4.4"), Extra: dec("36.8"), Currency: "USD",
			Period: billingPeriod(t), Projected: dec("580.4"), History: 35, Trusted: true,
			Causes: []rules.Cause{{
				Service: "D1 - Rows Read", Amount: dec("41.2"), Usual: dec("4.4"),
				Quantity: dec("41200000000"), UsualQuantity: dec("4400000000"), Unit: "rows",
			}},
		},
	}
}

func budgetAlert(t testing.TB) rules.Alert {
	return rules.Alert{
		ID: "p3v9c2de", State: rules.Firing, Since: time.Date(2026, 4, 4, 6, 0, 0, 0, time.UTC), Day: day(t, "2026-04-03"),
		Finding: rules.Finding{
			Rule: "whole-account", Kind: rules.KindBudget, Severity: rules.Critical,
			Subject: rules.Subject{Account: "production"},
			Open:    true, Episode: day(t, "2026-03-15"), Day: day(t, "2026-04-03"), Through: day(t, "2026-04-03"),
			Amount: dec("32.015"), Limit: dec("25"), Threshold: "100%", Step: 3, Currency: "USD",
			Period: billingPeriod(t), PeriodKind: rules.ByBillingPeriod, Projected: dec("61.3"), Trusted: true,
			Causes: []rules.Cause{
				{Service: "D1 - Rows Read", Amount: dec("22.1"), Quantity: dec("22100000000"), Unit: "rows"},
				{Service: "Workers Standard Requests", Amount: dec("5"), Quantity: dec("519109"), Unit: "Count"},
				{Service: "Workers KV - Reads", Amount: dec("0.00026"), Quantity: dec("519.5")},
			},
		},
	}
}

// hostile holds what a name must never do.
const hostile = "<!channel> *bold* _it_ ~no~ `code` <@U123|x> <http://x|y> & :fire: \u202egnp\x07\n>quote"

// contents is one item of each kind of message.
func contents(t testing.TB) map[string]notifier.Item {
	alert := func(a rules.Alert, change func(*rules.Alert), mention ...string) notifier.Item {
		if change != nil {
			change(&a)
		}
		return notifier.Item{Key: a.ID, Channel: "#cloud-spend", Content: notifier.Content{Alert: &a, Mention: mention}}
	}
	reply := alert(spikeAlert(t), critical, "S0123ABCD")
	reply.Reply = true
	items := termContents(t, alert)
	maps.Copy(items, map[string]notifier.Item{
		"spike_warning":  alert(spikeAlert(t), nil),
		"spike_critical": alert(spikeAlert(t), critical, "S0123ABCD", "U012AB3CD"),
		"spike_valued": alert(spikeAlert(t), func(a *rules.Alert) {
			a.Finding.Valued = true
		}),
		"spike_little_history": alert(spikeAlert(t), func(a *rules.Alert) {
			a.Finding.History, a.Finding.Usual, a.Finding.Causes[0].UsualQuantity = 6, dec("0"), dec("0")
		}),
		"spike_price": alert(spikeAlert(t), func(a *rules.Alert) {
			a.Finding.Causes[0].UsualQuantity = dec("40000000000")
		}),
		"spike_resolved": alert(spikeAlert(t), func(a *rules.Alert) {
			a.State, a.Ended, a.Finding.Open = rules.Resolved, rules.EndedBack, false
			a.Finding.Over, a.Finding.Extra, a.Finding.Through = 3, dec("91.1"), day(t, "2026-04-07")
		}, "S0123ABCD"),
		"spike_price_and_usage": alert(spikeAlert(t), func(a *rules.Alert) {
			a.Finding.Causes[0].Price, a.Finding.Causes[0].UsualPrice = dec("0.0000000015"), dec("0.000000001")
		}),
		"spike_unknown": alert(spikeAlert(t), func(a *rules.Alert) { a.State = rules.Unknown }),
		"stale_token":   alert(staleAlert(t), nil, "S0123ABCD"),
		"stale_untrusted": alert(staleAlert(t), func(a *rules.Alert) {
			a.Finding.Dark.Cause, a.Finding.Dark.Fault = rules.DarkUntrusted, ""
			a.Finding.Dark.Reason = "no rows for the billing period from 2026-03-15, which had rows before"
		}),
		"stale_quiet": alert(staleAlert(t), func(a *rules.Alert) {
			*a.Finding.Dark = rules.Dark{Cause: rules.DarkQuiet, Since: day(t, "2026-04-04").Time(), Trusted: a.Since}
		}),
		"stale_never": alert(staleAlert(t), func(a *rules.Alert) {
			a.Finding.Dark.Trusted, a.Finding.Dark.Fault, a.Finding.Through = time.Time{}, fetcher.FaultNetwork, 0
			a.Finding.Dark.Reason = "cloudflare: get usage of production: dial tcp: lookup api.cloudflare.com: no such host"
		}),
		"stale_resolved": alert(staleAlert(t), func(a *rules.Alert) {
			a.State, a.Ended, a.EndedAt = rules.Resolved, rules.EndedBack, a.Since.Add(3*time.Hour)
		}),
		"unmatched": alert(unmatchedAlert(t), nil),
		"unmatched_far": alert(unmatchedAlert(t), func(a *rules.Alert) {
			*a.Finding.Unmatched = rules.Unmatched{Wanted: []string{"Stream*"}, Known: []string{"D1 - Rows Read", "KV Read"}}
		}),
		"unmatched_resolved": alert(unmatchedAlert(t), func(a *rules.Alert) { a.State, a.Ended = rules.Resolved, rules.EndedBack }),
		"mismatch":           alert(mismatchAlert(t), nil),
		"mismatch_several": alert(mismatchAlert(t), func(a *rules.Alert) {
			m := a.Finding.Mismatch
			m.Sums = append(m.Sums, m.Sums[0])
			m.Sums[1].Service, m.Columns = "KV Read", []string{"ZoneId", "ZoneName"}
		}),
		"mismatch_column":   alert(mismatchAlert(t), func(a *rules.Alert) { *a.Finding.Mismatch = rules.Mismatch{Columns: []string{"ZoneId"}} }),
		"mismatch_start":    alert(mismatchAlert(t), func(a *rules.Alert) { *a.Finding.Mismatch = rules.Mismatch{Start: a.Finding.Period.Start} }),
		"mismatch_resolved": alert(mismatchAlert(t), func(a *rules.Alert) { a.State, a.Ended = rules.Resolved, rules.EndedBack }),
		"mismatch_ended":    alert(mismatchAlert(t), func(a *rules.Alert) { a.State, a.Ended = rules.Resolved, rules.EndedPeriod }),
		"storm":             storm(t, 3, nil),
		"storm_chart":       layered(t, storm(t, 3, nil)),
		"storm_many":        storm(t, 15, nil),
		"storm_rest":        inThread(storm(t, 15, nil)),
		"storm_part": storm(t, 4, func(i int, a *rules.Alert) {
			if i < 3 {
				a.State, a.Ended, a.Finding.Open = rules.Resolved, rules.EndedBack, false
			}
		}),
		"storm_mixed": storm(t, 3, func(i int, a *rules.Alert) {
			if i == 0 {
				service := a.Finding.Subject.Service
				*a = budgetAlert(t)
				a.Finding.Subject.Service = service
			}
		}),
		"storm_over": storm(t, 3, func(_ int, a *rules.Alert) {
			a.State, a.Ended, a.Finding.Open = rules.Resolved, rules.EndedBack, false
		}),
		"budget_80": alert(budgetAlert(t), func(a *rules.Alert) {
			a.Finding.Severity, a.Finding.Amount, a.Finding.Threshold = rules.Warning, dec("20.3"), "80%"
			a.Finding.Projected, a.Finding.Period.EndEstimated = dec("34.1"), true
			a.AcknowledgedBy, a.SnoozedUntil = "alice", time.Date(2026, 4, 5, 6, 0, 0, 0, time.UTC)
		}),
		"budget_over":         alert(budgetAlert(t), nil, "S0123ABCD"),
		"budget_day":          alert(budgetAlert(t), daily),
		"budget_day_resolved": alert(budgetAlert(t), func(a *rules.Alert) { daily(a); a.State, a.Ended = rules.Resolved, rules.EndedBack }),
		"budget_amount": alert(budgetAlert(t), func(a *rules.Alert) {
			a.Finding.Threshold, a.Finding.Limit, a.Finding.Budget = "30.00", dec("30"), dec("25")
		}),
		"budget_period_ended": alert(budgetAlert(t), ended),
		"budget_period_ended_well": alert(budgetAlert(t), func(a *rules.Alert) {
			ended(a)
			a.Finding.Amount, a.Finding.Threshold = dec("20.3"), "80%"
		}),
		"budget_forecast": alert(budgetAlert(t), forecast),
		"budget_forecast_resolved": alert(budgetAlert(t), func(a *rules.Alert) {
			forecast(a)
			a.State, a.Ended, a.Finding.Projected = rules.Resolved, rules.EndedBack, dec("23.1")
		}),
		"budget_raised": alert(budgetAlert(t), func(a *rules.Alert) {
			a.State, a.Ended, a.Finding.Step = rules.Resolved, rules.EndedRaised, 0
			a.Finding.Limit, a.Finding.Budget, a.Finding.BudgetWas = dec("60"), dec("60"), dec("25")
		}),
		"budget_of_period_before": alert(budgetAlert(t), func(a *rules.Alert) {
			a.Finding.Basis = &rules.Basis{Periods: 1, Known: 1, Amount: dec("20"), Times: dec("1.25")}
		}),
		"budget_quantity": alert(budgetAlert(t), func(a *rules.Alert) {
			f := &a.Finding
			f.Rule, f.Quantity, f.Currency, f.Causes = "request-quota", true, "", f.Causes[1:2]
			f.Amount, f.Limit, f.Budget, f.Projected = dec("9030000"), dec("9000000"), dec("9000000"), dec("14e6")
			f.Causes[0].Quantity = f.Amount
		}),
		"budget_spanning": alert(budgetAlert(t), func(a *rules.Alert) { a.Finding.Spans = 2 }),
		"budget_other_currency": alert(budgetAlert(t), func(a *rules.Alert) {
			a.Finding.Others = []rules.Money{{Amount: dec("12"), Currency: "EUR"}, {Amount: dec("3"), Currency: "CHF"}}
		}),
		"escalation_reply": reply,
		"hostile_names": alert(budgetAlert(t), func(a *rules.Alert) {
			a.Finding.Rule, a.Finding.Subject.Account, a.Finding.Subject.Service = hostile, hostile, hostile
			a.Finding.Causes[0].Service, a.Finding.Causes[0].Unit, a.Finding.Currency, a.ID = hostile, hostile, "<!x>", hostile
		}, "U012AB3CD", "<!channel>", "U1|x"),
		"summary_full":       {Key: "2026-04-04", Content: notifier.Content{Summary: summary(t)}},
		"summary_short":      {Key: "2026-04-04", Content: notifier.Content{Summary: shortSummary(t)}},
		"summary_unread":     {Key: "2026-04-10", Content: notifier.Content{Summary: unread(t)}},
		"summary_many":       {Key: "2026-04-04", Content: notifier.Content{Summary: manyAccounts(t)}},
		"summary_day":        {Key: "2026-04-04", Content: notifier.Content{Summary: detailed(t)}},
		"summary_week":       {Key: "week-2026-04-06", Content: notifier.Content{Summary: week(t)}},
		"summary_quiet_week": {Key: "week-2026-04-06", Content: notifier.Content{Summary: quietWeek(t)}},
		"summary_accounts":   {Key: "2026-04-04", Content: notifier.Content{Summary: broken(t)}},
		"close":              {Key: "period-2026-03-15-p1", Content: notifier.Content{Closes: []report.Close{closed(t)}}},
		"close_first":        {Key: "period-2026-03-15-p1", Content: notifier.Content{Closes: []report.Close{firstClosed(t)}}},
		"spike_chart":        charted(t, alert(spikeAlert(t), nil)),
		"notice": {Key: "notice-1", Channel: "#cloud-spend", Content: notifier.Content{Notice: &notifier.Notice{
			Title: "billbot cannot post to #prod-spend",
			Lines: []string{"#prod-spend is archived: unarchive it, or name another channel in the rules file.", "3 messages wait; nothing is lost."},
		}}},
		"welcome":     {Key: "welcome-production", Content: notifier.Content{Welcome: welcome(t)}},
		"welcome_new": {Key: "welcome-staging", Content: notifier.Content{Welcome: &report.Welcome{Account: "staging", Rules: []string{"whole-account: $25.00 in a billing period"}}}},
	})
	named := items["hostile_names"]
	named.Key = "p3v9c2de" // keys are ours
	items["hostile_names"] = named
	maps.Copy(items, deedItems(t))
	maps.Copy(items, digestItems(t))
	return items
}

func critical(a *rules.Alert) {
	a.Finding.Severity, a.Finding.Subject.Service = rules.Critical, "Durable Objects Storage Rows Read"
	a.Finding.Amount, a.Finding.Usual, a.Finding.Extra = dec("4400.12"), dec("0"), dec("9120.0049")
	a.Finding.Over, a.Finding.Projected = 2, dec("57521.44")
	a.Finding.Causes = []rules.Cause{{
		Service: a.Finding.Subject.Service, Amount: dec("4400.12"),
		Quantity: dec("3519109000000"), UsualQuantity: dec("12000000"), Unit: "rows",
	}}
}

func daily(a *rules.Alert) {
	a.Finding.Rule, a.Finding.PeriodKind, a.Finding.Amount, a.Finding.Limit = "d1", rules.ByDay, dec("29.7"), dec("20.5")
	a.Finding.Period = fetcher.Period{Start: a.Finding.Day, End: a.Finding.Day}
	a.Finding.Newest = dec("3.1")
	a.Finding.Episode, a.Finding.Over, a.Finding.Causes = a.Finding.Day-1, 2, a.Finding.Causes[:1]
}

func forecast(a *rules.Alert) {
	f := &a.Finding
	f.Kind, f.Severity, f.Amount, f.Budget, f.Projected, f.Step = rules.KindForecast, rules.Warning, dec("13.2"), dec("25"), dec("31.2"), 3
	f.Causes = f.Causes[1:]
}

func ended(a *rules.Alert) {
	a.State, a.Ended, a.Finding.Ended = rules.Resolved, rules.EndedPeriod, true
	a.Finding.Through = a.Finding.Period.End + 2
}

func summary(t testing.TB) *report.Summary {
	return &report.Summary{Date: "2026-04-04", Accounts: []report.AccountSummary{
		{Account: "quiet-one", Currency: "EUR", Day: day(t, "2026-04-03"), Cost: dec("0.5"), Usual: dec("0.5"),
			Period: billingPeriod(t), ToDate: dec("10"), Trust: fetcher.Trust{Verdict: fetcher.Trusted}, Quiet: true},
		{Account: "production", Currency: "USD", Day: day(t, "2026-04-03"), Cost: dec("44.1"), Usual: dec("6.2"),
			Movers: []report.Mover{
				{Service: "Workers Standard Requests", Cost: dec("9.1"), Usual: dec("1.1")},
				{Service: "R2 Class A Operations", Cost: dec("0"), Usual: dec("0.8")},
			},
			Period: billingPeriod(t), ToDate: dec("132.4"),
			Forecast: &report.Forecast{Total: dec("610"), Lo: dec("540.2"), Hi: dec("702")},
			Budgets: []report.BudgetLine{{Rule: "whole-account", Spent: dec("132.4"), Limit: dec("500"), Currency: "USD",
				Kind: rules.ByBillingPeriod, Period: billingPeriod(t)},
				{Rule: "d1", Spent: dec("41.2"), Limit: dec("20.5"), Currency: "USD", Kind: rules.ByDay},
				{Rule: "request-quota", Spent: dec("4100000"), Limit: dec("9000000"), Quantity: true, Kind: rules.ByBillingPeriod},
				{Rule: "grows", Spent: dec("132.4"), Currency: "USD", Kind: rules.ByBillingPeriod, Unjudged: rules.NoEarlier}},
			Open: []report.OpenAlert{spikeOpen(), {ID: "x2m4k7qa", Severity: rules.Critical, Rule: "d1", Kind: rules.KindBudget, Amount: dec("41.2"),
				Text: "Over budget: d1 at $41.20 of $20.50 (200%) on Fri 3 Apr"}},
			Trust: fetcher.Trust{Verdict: fetcher.Trusted}},
		{Account: "staging", Currency: "USD", Day: day(t, "2026-04-01"), Cost: dec("1"), Usual: dec("1"),
			Period: billingPeriod(t), ToDate: dec("12"), LastTrusted: time.Date(2026, 4, 2, 8, 0, 0, 0, time.UTC),
			Trust: fetcher.Trust{Verdict: fetcher.Untrusted, Reason: "no rows for the billing period from 2026-03-15, which had rows before"}},
	}}
}

func spikeOpen() report.OpenAlert {
	return report.OpenAlert{ID: "k7q2m4xa", Severity: rules.Warning, Rule: "runaway", Kind: rules.KindSpike,
		Text: "Spike: D1 - Rows Read at $41.20 on Fri 3 Apr, usually $4.40"}
}

// unread is a summary of accounts that cannot be read, have nothing new, and
// cost nothing.
func unread(t testing.TB) *report.Summary {
	good := fetcher.Trust{Verdict: fetcher.Trusted}
	return &report.Summary{Date: "2026-04-10", Accounts: []report.AccountSummary{
		{Account: "production", Currency: "USD", Day: day(t, "2026-03-30"), Cost: dec("4.1"), Usual: dec("4"),
			Period: billingPeriod(t), ToDate: dec("38.2"), Trust: good, Stale: true,
			LastTrusted: time.Date(2026, 3, 31, 6, 30, 0, 0, time.UTC),
			Failure:     "cloudflare: GET /billable-usage: 401 Unauthorized: the token is not valid"},
		{Account: "staging", Currency: "USD", Day: day(t, "2026-04-03"), Cost: dec("1"), Usual: dec("1"),
			Period: billingPeriod(t), ToDate: dec("12"), Trust: good, Stale: true},
		{Account: "new", Failure: "cloudflare: GET /billable-usage: no answer within 30s"},
		{Account: "idle", Currency: "USD", Day: day(t, "2026-04-09"), Period: billingPeriod(t), Trust: good,
			Forecast: &report.Forecast{}, Quiet: true},
	}}
}

func shortSummary(t testing.TB) *report.Summary {
	s := summary(t)
	s.Short, s.Accounts = true, s.Accounts[:1]
	return s
}

func manyAccounts(t testing.TB) *report.Summary {
	s := summary(t)
	for range 1000 {
		s.Accounts = append(s.Accounts, s.Accounts[0])
	}
	return s
}

func welcome(t testing.TB) *report.Welcome {
	return &report.Welcome{
		Account: "production", Through: day(t, "2026-04-03"), Currency: "USD", Period: billingPeriod(t), ToDate: dec("132.4"),
		Rules: []string{"whole-account: $500.00 a billing period for every service, told at 100%",
			"d1: $20.50 a day for D1 - *, told at 100% and $30.00", "runaway: days of more than 2x usual, by at least $1.00, in every service"},
		Budgets: []report.BudgetLine{{Rule: "whole-account", Spent: dec("132.4"), Limit: dec("500"), Currency: "USD", Kind: rules.ByBillingPeriod, Period: billingPeriod(t)}},
		Passed:  []report.OpenAlert{{ID: "x2m4k7qa", Severity: rules.Critical, Rule: "d1", Kind: rules.KindBudget, Over: true, Text: "Over budget: d1 at $41.20 of $20.50 (200%) on Fri 3 Apr"}},
		Spikes:  []report.OpenAlert{spikeOpen()},
	}
}

// spendsOf is what /spend says in other cases than the ordinary one.
func fuzzAmount(s string) (decimal.Decimal, error) {
	if len(s) > 60 {
		return decimal.Decimal{}, errTooLong
	}
	d, err := decimal.NewFromString(s)
	if err == nil && (d.Exponent() > 5000 || d.Exponent() < -5000) {
		err = errTooLong
	}
	return d, err
}

var errTooLong = errors.New("no such amount on a bill")
