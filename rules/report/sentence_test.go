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
			"Withdrawn: D1 - Rows Read, Fri 3 Apr was restated and is as usual (production). It was told at $41.20, usually $4.40; the bill has changed that day since."},
		{"spike back", rules.Alert{State: rules.Resolved, Ended: rules.EndedBack, Finding: spiked},
			"Back to usual: D1 - Rows Read, $36.80 more than usual in 1 day (production). Last unusual day: Fri 3 Apr at $41.20, usually $4.40."},
		{"spike's period ended", rules.Alert{State: rules.Resolved, Ended: rules.EndedPeriod, Finding: spiked},
			"Period ended: D1 - Rows Read, $36.80 more than usual in 1 day (production). Last unusual day: Fri 3 Apr at $41.20, usually $4.40."},
		{"month", rules.Alert{State: rules.Firing, Finding: budgeted},
			"Over budget: whole-account at $32.00 of $25.00 (128%) this month. This period will cost about $61.30 by 14 Apr if nothing changes (forecast from day 20 of 31)."},
		{"a forecast with its band", rules.Alert{State: rules.Firing, Finding: with(budgeted, func(f *rules.Finding) {
			f.ProjectedLo, f.ProjectedHi = dec("52"), dec("74.1")
		})}, "Over budget: whole-account at $32.00 of $25.00 (128%) this month. This period will cost about $61.30 by 14 Apr ($52.00 to $74.10) if nothing changes (forecast from day 20 of 31)."},
		{"a forecast of a quantity", rules.Alert{State: rules.Firing, Finding: with(budgeted, func(f *rules.Finding) {
			f.Quantity, f.Currency, f.ProjectedLo, f.ProjectedHi = true, "", dec("32"), dec("74")
		})}, "Over budget: whole-account at 32 of 25 (128%) this month. About 61.3 by 14 Apr (32 to 74) if nothing changes."},
		{"a band while something runs away", rules.Alert{State: rules.Firing, Finding: with(budgeted, func(f *rules.Finding) {
			f.ProjectedLo, f.ProjectedHi, f.Incident = dec("52"), dec("740"), []string{"D1"}
		})}, "Over budget: whole-account at $32.00 of $25.00 (128%) this month. This period will cost about $61.30 by 14 Apr if nothing changes, $52.00 if D1 stops now (forecast from day 20 of 31)."},
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
		{"two subscriptions", rules.Alert{State: rules.Resolved, Ended: rules.EndedPeriod, Finding: with(budgeted, func(f *rules.Finding) {
			f.Spans, f.Ended = 2, true
		})}, "Period ended: whole-account at $32.00 of $25.00 (128%), 15 Mar to 14 Apr. $32.00 spent of $25.00, $7.00 over. It adds up 2 billing periods of different subscriptions."},
		{"unknown", rules.Alert{State: rules.Unknown, Finding: budgeted},
			"Unknown: no trusted data for whole-account after Fri 3 Apr. Last known: $32.00 spent of $25.00, $7.00 over."},
	}
	for _, tt := range tests {
		if got := Sentence(tt.alert); got != tt.want {
			t.Errorf("%s:\n got %q\nwant %q", tt.name, got, tt.want)
		}
	}
}

func TestSentencesOfBudgets(t *testing.T) {
	third := fetcher.NewDay(2026, 4, 3)
	f := rules.Finding{
		Rule: "whole-account", Kind: rules.KindForecast, Threshold: "100%", PeriodKind: rules.ByBillingPeriod, Day: third, Through: third,
		Amount: dec("13"), Limit: dec("25"), Budget: dec("25"), Currency: "USD", Projected: dec("31.2"),
		Period: fetcher.Period{Start: fetcher.NewDay(2026, 3, 15), End: fetcher.NewDay(2026, 4, 14)},
	}
	raised := func(f *rules.Finding) {
		f.Kind, f.Amount, f.Budget, f.Limit, f.BudgetWas, f.Projected = rules.KindBudget, dec("32.02"), dec("60"), dec("60"), dec("25"), dec("0")
	}
	quota := func(f *rules.Finding) {
		f.Rule, f.Kind, f.Quantity, f.Currency = "quota", rules.KindBudget, true, ""
		f.Amount, f.Budget, f.Limit, f.Projected = dec("9030000"), dec("9000000"), dec("9000000"), dec("12e6")
		f.Causes = []rules.Cause{{Service: "Workers Standard Requests", Quantity: dec("9030000"), Amount: dec("0")}}
	}
	for _, tt := range []struct {
		name   string
		state  rules.State
		ended  rules.Ending
		change func(*rules.Finding)
		want   string
	}{
		{"forecast", rules.Firing, "", nil,
			"Heading over budget: whole-account, about $31.20 of $25.00 (124%) by 14 Apr. This period will cost about $31.20 by 14 Apr if nothing changes (forecast from day 20 of 31)."},
		{"forecast of a part", rules.Firing, "", func(f *rules.Finding) { f.Threshold, f.Projected = "80%", dec("21.3") },
			"Heading for 85% of budget whole-account: about $21.30 of $25.00 by 14 Apr. This period will cost about $21.30 by 14 Apr if nothing changes (forecast from day 20 of 31)."},
		{"forecast past an amount", rules.Firing, "", func(f *rules.Finding) { f.Threshold, f.Limit = "30.00", dec("30") },
			"Heading past $30.00: whole-account, about $31.20 by 14 Apr. This period will cost about $31.20 by 14 Apr if nothing changes (forecast from day 20 of 31)."},
		{"forecast over", rules.Resolved, rules.EndedBack, func(f *rules.Finding) { f.Projected = dec("22") },
			"No longer heading over budget: whole-account, about $22.00 of $25.00 by 14 Apr. $13.00 spent of $25.00, $12.00 left."},
		{"raised", rules.Resolved, rules.EndedRaised, raised,
			"Back under budget: whole-account at $32.02, the budget was raised from $25.00 to $60.00. $32.02 spent of $60.00, $27.98 left."},
		{"lowered", rules.Firing, "", func(f *rules.Finding) { raised(f); f.BudgetWas, f.Budget = f.Budget, dec("30") },
			"Over budget: whole-account at $32.02 of $30.00 (106%) this billing period."},
		{"lowered, and over by now", rules.Resolved, rules.EndedPeriod, func(f *rules.Finding) { raised(f); f.BudgetWas, f.Budget = f.Budget, dec("30") },
			"Period ended: whole-account at $32.02 of $30.00 (106%), 15 Mar to 14 Apr. $32.02 spent of $30.00, $2.02 over. The budget was lowered from $60.00 to $30.00."},
		{"known in part", rules.Resolved, rules.EndedPeriod, func(f *rules.Finding) {
			f.From, f.PeriodKind = fetcher.NewDay(2026, 3, 20), rules.ByYear
		}, "Period ended: whole-account at $13.00 of $25.00 (52%), 15 Mar to 14 Apr. $13.00 spent of $25.00, $12.00 left. Charges are known from 20 Mar on."},
		{"quantity", rules.Firing, "", quota,
			"Over budget: quota at 9.03 million of 9 million (100%) this billing period. Most of it: Workers Standard Requests 9.03 million. About 12 million by 14 Apr if nothing changes."},
		{"quantity in a unit", rules.Resolved, rules.EndedPeriod, func(f *rules.Finding) { quota(f); f.Unit = "GB-seconds" },
			"Period ended: quota at 9.03 million GB-seconds of 9 million GB-seconds (100%), 15 Mar to 14 Apr. 9.03 million GB-seconds used of 9 million GB-seconds, 30,000 GB-seconds over."},
		{"made from a year", rules.Resolved, rules.EndedPeriod, func(f *rules.Finding) {
			f.Basis = &rules.Basis{Periods: 1, Known: 1, Amount: dec("20"), Times: dec("1.25")}
		}, "Period ended: whole-account at $13.00 of $25.00 (52%), 15 Mar to 14 Apr. $13.00 spent of $25.00, $12.00 left. The budget is 1.25x the period before, $20.00."},
		{"made from a mean", rules.Resolved, rules.EndedBack, func(f *rules.Finding) {
			f.Kind, f.PeriodKind = rules.KindBudget, rules.ByQuarter
			f.Basis = &rules.Basis{Periods: 4, Known: 2, Amount: dec("25"), Times: dec("1")}
		}, "Back under budget: whole-account at $13.00 of $25.00 this quarter. $13.00 spent of $25.00, $12.00 left. The budget is the mean of the last 2 periods, $25.00."},
	} {
		is := f
		if tt.change != nil {
			tt.change(&is)
		}
		if got := Sentence(rules.Alert{State: tt.state, Ended: tt.ended, Finding: is}); got != tt.want {
			t.Errorf("%s:\n got %q\nwant %q", tt.name, got, tt.want)
		}
	}
}

func TestBudgetTexts(t *testing.T) {
	line := BudgetLine{Rule: "r", Spent: dec("3"), Limit: dec("25"), Currency: "USD", Kind: rules.ByBillingPeriod}
	for want, change := range map[string]func(*BudgetLine){
		"Budget r: $3.00 of $25.00 (12%)":                                                      func(*BudgetLine) {},
		"Budget r: 3 GB of 25 GB (12%)":                                                        func(b *BudgetLine) { b.Quantity, b.Unit = true, "GB" },
		"Budget r: no limit yet, as no earlier period is known whole":                          func(b *BudgetLine) { b.Unjudged = rules.NoEarlier },
		"Budget r: no limit, as there was nothing in the period before":                        func(b *BudgetLine) { b.Unjudged = rules.NothingEarlier },
		"Budget r: not judged, as its services are counted in several units: name one service": func(b *BudgetLine) { b.Unjudged = rules.SeveralUnits },
		"Budget r: not judged, it is in USD and the charges are in EUR":                        func(b *BudgetLine) { b.Billed = "EUR" },
	} {
		b := line
		change(&b)
		if got := BudgetText(b); got != want {
			t.Errorf("got %q, want %q", got, want)
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
		{reading{stale: true, through: third, last: last}, "No new charges since Fri 3 Apr.", "has no new charges since Fri 3 Apr"},
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

// While services run away, nobody knows: both ends are told.
func TestForecastWhileServicesRunAway(t *testing.T) {
	goesOn := dec("2100")
	f := Forecast{Total: dec("400"), Lo: dec("102"), Hi: dec("3000"), GoesOn: &goesOn}
	for _, tt := range []struct {
		services []string
		want     string
	}{
		{[]string{"D1"}, "about $2,100.00 by its end if D1 goes on like this, $102.00 if it is fixed now"},
		{[]string{"D1", "KV"}, "about $2,100.00 by its end if D1 and KV go on like this, $102.00 if they are fixed now"},
		{[]string{"D1", "KV", "R2"}, "about $2,100.00 by its end if D1 and 2 others go on like this, $102.00 if they are fixed now"},
	} {
		f.Incident = tt.services
		if got := f.text("USD", "its end"); got != tt.want {
			t.Errorf("got  %q\nwant %q", got, tt.want)
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
