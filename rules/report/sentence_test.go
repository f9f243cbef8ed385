package report

import (
	"testing"
	"time"

	"github.com/billbot/billbot/fetcher"
	"github.com/billbot/billbot/rules"
)

func TestSentences(t *testing.T) {
	april := fetcher.Period{Start: fetcher.NewDay(2026, 3, 15), End: fetcher.NewDay(2026, 4, 14)}
	third := fetcher.NewDay(2026, 4, 3)
	spiked := rules.Finding{
		Rule: "runaway", Kind: rules.KindSpike, Subject: rules.Subject{Account: "production", Service: "D1 - Rows Read"},
		Day: third, Through: third, Over: 1, Amount: dec("41.2"), Usual: dec("4.4"), Extra: dec("36.8"), Currency: "USD",
		Period: april, Projected: dec("580.4"), History: 35,
		Causes: []rules.Cause{{Quantity: dec("4.1e10"), UsualQuantity: dec("4.4e9"), Unit: "rows"}},
	}
	budgeted := rules.Finding{
		Rule: "whole-account", Kind: rules.KindBudget, Threshold: "100%", PeriodKind: rules.ByMonth, Day: third, Through: third,
		Amount: dec("32"), Limit: dec("25"), Currency: "USD", Period: april, Projected: dec("61.3"),
	}
	with := func(f rules.Finding, change func(*rules.Finding)) rules.Finding { change(&f); return f }
	tests := []struct {
		name  string
		alert rules.Alert
		want  string
	}{
		{"spike", rules.Alert{State: rules.Firing, Finding: spiked},
			"Spike: D1 - Rows Read at $41.20 on Fri 3 Apr, usually $4.40 (production). Cause: usage, 41 billion rows, usually 4.4 billion (9x). This service will cost about $580.40 by 14 Apr if nothing changes."},
		{"valued", rules.Alert{State: rules.Firing, Finding: with(spiked, func(f *rules.Finding) { f.Valued, f.Causes, f.Projected = true, nil, dec("0") })},
			"Spike: D1 - Rows Read worth $41.20 on Fri 3 Apr, not billed yet, usually $4.40 (production)."},
		{"rising", rules.Alert{State: rules.Firing, Finding: with(spiked, func(f *rules.Finding) {
			f.Run, f.Amount, f.Usual, f.Causes, f.Projected = true, dec("14.6"), dec("10"), nil, dec("0")
		})},
			"Rising: D1 - Rows Read at $14.60 on Fri 3 Apr, usually $10.00 (production)."},
		{"little history", rules.Alert{State: rules.Firing, Finding: with(spiked, func(f *rules.Finding) { f.History, f.Causes, f.Projected = 6, nil, dec("0") })},
			"Spike: D1 - Rows Read at $41.20 on Fri 3 Apr, usually $4.40 (production). Judged on 6 days of history."},
		{"withdrawn", rules.Alert{State: rules.Resolved, Ended: rules.EndedBack, Finding: with(spiked, func(f *rules.Finding) { f.Withdrawn = true })},
			"Withdrawn: D1 - Rows Read, Fri 3 Apr was restated and is as usual (production). It was told at $41.20, usually $4.40; Cloudflare has changed that day since."},
		{"spike back", rules.Alert{State: rules.Resolved, Ended: rules.EndedBack, Finding: spiked},
			"Back to usual: D1 - Rows Read, $36.80 more than usual in 1 day (production). Last unusual day: Fri 3 Apr at $41.20, usually $4.40."},
		{"spike's period ended", rules.Alert{State: rules.Resolved, Ended: rules.EndedPeriod, Finding: spiked},
			"Period ended: D1 - Rows Read, $36.80 more than usual in 1 day (production). Last unusual day: Fri 3 Apr at $41.20, usually $4.40."},
		{"month", rules.Alert{State: rules.Firing, Finding: budgeted},
			"Over budget: whole-account at $32.00 of $25.00 (128%) this month. This period will cost about $61.30 by 14 Apr if nothing changes."},
		{"week, per service", rules.Alert{State: rules.Firing, Finding: with(budgeted, func(f *rules.Finding) {
			f.PeriodKind, f.Subject.Service, f.Amount, f.Projected = rules.ByWeek, "D1", dec("20"), dec("0")
		})}, "80% of budget whole-account for D1: $20.00 of $25.00 this week."},
		{"per zone, no limit", rules.Alert{State: rules.Firing, Finding: with(budgeted, func(f *rules.Finding) {
			f.Subject.Zone, f.Limit, f.Ended = "example.com", dec("0"), true
		})}, "Over budget: whole-account for example.com at $32.00 of $0.00, 15 Mar to 14 Apr."},
		{"budget back", rules.Alert{State: rules.Resolved, Ended: rules.EndedBack, Finding: with(budgeted, func(f *rules.Finding) { f.Amount = dec("20") })},
			"Back under budget: whole-account at $20.00 of $25.00 this month. $20.00 spent of $25.00, $5.00 left."},
		{"past an amount", rules.Alert{State: rules.Firing, Finding: with(budgeted, func(f *rules.Finding) {
			f.Threshold, f.Limit, f.Budget, f.Projected = "30.00", dec("30"), dec("25"), dec("0")
		})}, "Past $30.00: whole-account at $32.00 this month."},
		{"past an amount, last known", rules.Alert{State: rules.Unknown, Finding: with(budgeted, func(f *rules.Finding) {
			f.Threshold, f.Limit, f.Budget = "30.00", dec("30"), dec("25")
		})}, "Unknown: no trusted data for whole-account after Fri 3 Apr. Last known: $32.00 spent of $25.00, $7.00 over. Past the line at $30.00."},
		{"period ended", rules.Alert{State: rules.Resolved, Ended: rules.EndedPeriod, Finding: with(budgeted, func(f *rules.Finding) {
			f.Period.EndEstimated, f.Ended, f.Subject.Account = true, true, "production"
		})}, "Period ended: whole-account at $32.00 of $25.00 (128%), 15 Mar to 14 Apr (production). $32.00 spent of $25.00, $7.00 over."},
		{"causes of the day", rules.Alert{State: rules.Firing, Finding: with(budgeted, func(f *rules.Finding) {
			f.Projected = dec("0")
			f.Causes = []rules.Cause{{Service: "D1", Amount: dec("30")}, {Service: "KV", Amount: dec("0.32")}, {Service: "R2", Amount: dec("0.31")}}
		})}, "Over budget: whole-account at $32.00 of $25.00 (128%) this month. Most of it: D1 $30.00, KV $0.32."},
		{"unknown", rules.Alert{State: rules.Unknown, Finding: budgeted},
			"Unknown: no trusted data for whole-account after Fri 3 Apr. Last known: $32.00 spent of $25.00, $7.00 over."},
	}
	for _, tt := range tests {
		if got := Sentence(tt.alert); got != tt.want {
			t.Errorf("%s:\n got %q\nwant %q", tt.name, got, tt.want)
		}
	}
}

func TestTroubleIsTold(t *testing.T) {
	last := time.Date(2026, 4, 2, 8, 0, 0, 0, time.UTC)
	untrusted := fetcher.Trust{Verdict: fetcher.Untrusted, Reason: "rows\nvanished"}
	third := fetcher.NewDay(2026, 4, 3)
	for _, tt := range []struct {
		reading       reading
		line, verdict string
	}{
		{reading{trust: fetcher.Trust{Verdict: fetcher.Trusted}, last: last}, "", ""},
		{reading{last: last}, "", ""},
		{reading{trust: fetcher.Trust{Verdict: fetcher.NoData}, last: last}, "No new data.", ""},
		{reading{trust: untrusted}, "The newest answer could not be trusted: rows vanished.", "has no trusted data yet"},
		{reading{trust: untrusted, last: last},
			"The newest answer could not be trusted: rows vanished. Last trusted answer: Thu 2 Apr 08:00 UTC.", "has no trusted data since Thu 2 Apr"},
		{reading{trust: untrusted, failure: "401", last: last, stale: true, through: third},
			"Not read since Thu 2 Apr 08:00 UTC: 401.", "could not be read since Thu 2 Apr"},
		{reading{failure: "401"}, "Never read so far: 401.", "could not be read yet"},
		{reading{stale: true, through: third, last: last}, "No new charges from Cloudflare since Fri 3 Apr.", "has no new charges since Fri 3 Apr"},
	} {
		if line, verdict := tt.reading.line(), tt.reading.verdict(); line != tt.line || verdict != tt.verdict {
			t.Errorf("%+v:\n got %q, %q\nwant %q, %q", tt.reading, line, verdict, tt.line, tt.verdict)
		}
	}
}

func TestBand(t *testing.T) {
	for _, tt := range []struct{ lo, total, hi, want string }{
		{"1", "2", "3", " ($1.00 to $3.00)"}, {"2", "2", "2.001", ""}, {"1", "2", "2", " (as little as $1.00)"}, {"2", "2", "3", " (as much as $3.00)"},
	} {
		if got := (Forecast{Total: dec(tt.total), Lo: dec(tt.lo), Hi: dec(tt.hi)}).band("USD"); got != tt.want {
			t.Errorf("%s of %s to %s: got %q, want %q", tt.total, tt.lo, tt.hi, got, tt.want)
		}
	}
}

func TestSummaryInOneLine(t *testing.T) {
	day := fetcher.NewDay(2026, 4, 3)
	p := fetcher.Period{Start: fetcher.NewDay(2026, 3, 15), End: fetcher.NewDay(2026, 4, 14)}
	one := AccountSummary{Account: "production", Currency: "USD", Day: day, Cost: dec("4.1"), Usual: dec("4"), Period: p, ToDate: dec("38.2"), Quiet: true}
	euro := one
	euro.Currency, euro.ToDate = "EUR", dec("3")
	other := one
	other.Account = "staging"
	failed, untold, zero := one, one, one
	failed.Failure, failed.LastTrusted, failed.Quiet = "401", day.Time(), false
	failed.Forecast = &Forecast{Total: dec("60"), Lo: dec("50"), Hi: dec("70")}
	untold.Stale, untold.Quiet = true, false
	zero.Cost, zero.Usual, zero.ToDate, zero.Forecast = dec("0"), dec("0"), dec("0"), &Forecast{}
	untold.Account = "staging"
	for _, tt := range []struct {
		accounts []AccountSummary
		want     string
	}{
		{[]AccountSummary{one}, "Summary for Sat 4 Apr: nothing unusual. production: $4.10 on Fri 3 Apr, usually $4.00. $38.20 so far in 15 Mar to 14 Apr."},
		{[]AccountSummary{one, euro, other}, "Summary for Sat 4 Apr: nothing unusual. 2 accounts, $76.40 and €3.00 so far in their billing periods."},
		{[]AccountSummary{failed}, "Summary for Sat 4 Apr: production could not be read since Fri 3 Apr. production: $4.10 on Fri 3 Apr, usually $4.00. $38.20 so far in 15 Mar to 14 Apr. Not read since Fri 3 Apr 00:00 UTC: 401."},
		{[]AccountSummary{failed, failed, untold}, "Summary for Sat 4 Apr: production could not be read since Fri 3 Apr, staging has no new charges since Fri 3 Apr. 2 accounts, $114.60 so far in their billing periods."},
		{[]AccountSummary{zero}, "Summary for Sat 4 Apr: nothing unusual. production: $0.00 so far in 15 Mar to 14 Apr."},
		{[]AccountSummary{{Account: "new"}}, "Summary for Sat 4 Apr: 1 account without data yet. new: no data yet."},
		{nil, "Summary for Sat 4 Apr: nothing unusual."},
	} {
		if got := SummaryLine(Summary{Date: "2026-04-04", Accounts: tt.accounts}); got != tt.want {
			t.Errorf("got %q, want %q", got, tt.want)
		}
	}
}
