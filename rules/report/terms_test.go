package report

import (
	"testing"

	"github.com/billbot/billbot/fetcher"
	"github.com/billbot/billbot/rules"
	"github.com/billbot/billbot/rules/spend"
)

// usedFinding is 82% of an allowance used, learned from the bill.
func usedFinding(change func(*rules.Finding)) rules.Finding {
	f := rules.Finding{
		Rule: "allowances", Kind: rules.KindAllowance, Subject: rules.Subject{Account: "production", Service: "D1 - Rows Read"},
		Day: fetcher.NewDay(2026, 4, 3), Through: fetcher.NewDay(2026, 4, 3), PeriodKind: rules.ByBillingPeriod,
		Period: fetcher.Period{Start: fetcher.NewDay(2026, 3, 15), End: fetcher.NewDay(2026, 4, 14)},
		Amount: dec("20.5e9"), Budget: dec("25e9"), Limit: dec("20e9"), Threshold: "80%", Step: 1, Quantity: true, Unit: "rows",
		Included: &rules.Included{
			From: spend.FromBill, Lasts: fetcher.NewDay(2026, 4, 8), Price: dec("1e-9"), Projected: dec("6.1"), Currency: "USD",
		},
	}
	change(&f)
	return f
}

func priceFinding(change func(*rules.Finding)) rules.Finding {
	third := fetcher.NewDay(2026, 4, 3)
	f := rules.Finding{
		Rule: "prices", Kind: rules.KindPrice, Subject: rules.Subject{Account: "production", Service: "D1 - Rows Read"},
		Episode: third - 1, Day: third, Through: third, PeriodKind: rules.ByBillingPeriod, Currency: "USD", Unit: "rows",
		Period: fetcher.Period{Start: fetcher.NewDay(2026, 3, 15), End: fetcher.NewDay(2026, 4, 14)},
		Amount: dec("0.0000000015"), Usual: dec("0.000000001"), Limit: dec("10"), Projected: dec("61.3"),
	}
	change(&f)
	return f
}

func TestSentencesOfTerms(t *testing.T) {
	none := func(*rules.Finding) {}
	billed := func(f *rules.Finding) {
		f.Amount, f.Threshold, f.Step, f.Limit = dec("25.4e9"), "100%", 2, f.Budget
		f.Included.Billed, f.Included.Cost = f.Through, dec("0.4")
	}
	ended := rules.Alert{State: rules.Resolved, Ended: rules.EndedPeriod}
	back := rules.Alert{State: rules.Resolved, Ended: rules.EndedBack}
	firing := rules.Alert{State: rules.Firing}
	for _, tt := range []struct {
		name    string
		alert   rules.Alert
		finding rules.Finding
		want    string
	}{
		{"80%", firing, usedFinding(none),
			"82% of allowance used: D1 - Rows Read at 20.5 billion of 25 billion rows this billing period (production). At this pace it is used up on Wed 8 Apr, and the service will cost about $6.10 by 14 Apr, at $0.0010 a million rows."},
		{"it lasts", firing, usedFinding(func(f *rules.Finding) { f.Included.Lasts = 0 }),
			"82% of allowance used: D1 - Rows Read at 20.5 billion of 25 billion rows this billing period (production). At this pace it lasts until the period ends on 14 Apr."},
		{"no price known", firing, usedFinding(func(f *rules.Finding) { f.Included.Price, f.Included.Projected = dec("0"), dec("0") }),
			"82% of allowance used: D1 - Rows Read at 20.5 billion of 25 billion rows this billing period (production). At this pace it is used up on Wed 8 Apr."},
		{"used up", firing, usedFinding(billed),
			"Allowance used up: D1 - Rows Read at 25.4 billion of 25 billion rows this billing period (production). At this pace the service will cost about $6.10 by 14 Apr."},
		{"used up, of who knows how much", firing, usedFinding(func(f *rules.Finding) { billed(f); f.Budget, f.Included.From = dec("0"), "" }),
			"Billed now: D1 - Rows Read, free until Thu 2 Apr (production). At this pace the service will cost about $6.10 by 14 Apr."},
		{"billed now", firing, usedFinding(func(f *rules.Finding) { billed(f); f.Threshold = "5.00" }),
			"Billed now: D1 - Rows Read, free until Thu 2 Apr, about $6.10 by 14 Apr (production)."},
		{"new, and billed at once", firing, usedFinding(func(f *rules.Finding) { billed(f); f.Threshold, f.Included.New = "5.00", true }),
			"Billed now: D1 - Rows Read, not used before Fri 3 Apr, about $6.10 by 14 Apr (production)."},
		{"period ended", ended, usedFinding(billed),
			"Period ended: D1 - Rows Read, 25.4 billion of 25 billion rows, 15 Mar to 14 Apr (production). 25.4 billion of 25 billion rows, all of it. $0.40 billed since Fri 3 Apr, at $0.0010 a million rows. What is included is learned from your bill."},
		{"back", back, usedFinding(func(f *rules.Finding) { f.Amount, f.Included.From = dec("19e9"), spend.FromList }),
			"Back within the allowance: D1 - Rows Read at 19 billion of 25 billion rows this billing period (production). 19 billion of 25 billion rows, 6 billion left. What is included is what Cloudflare publishes; your bill has not shown it yet."},
		{"a rise", firing, priceFinding(none),
			"Price up 50%: D1 - Rows Read at $0.0015 a million rows since Thu 2 Apr, instead of $0.0010 (production). Cause: price, not usage. This service will cost about $61.30 by 14 Apr if nothing changes."},
		{"a fall", firing, priceFinding(func(f *rules.Finding) { f.Amount, f.Usual, f.Unit = dec("0.4"), dec("5"), "" }),
			"Price down 92%: D1 - Rows Read at $0.40 each since Thu 2 Apr, instead of $5.00 (production). Cause: price, not usage. This service will cost about $61.30 by 14 Apr if nothing changes."},
		{"changed again", back, priceFinding(none),
			"Price changed again: D1 - Rows Read no longer at $0.0015 a million rows (production). The same usage costs 50% more, as your bill shows it: what a day cost, over what it used."},
		{"price's period ended", ended, priceFinding(none),
			"Period ended: D1 - Rows Read at $0.0015 a million rows since Thu 2 Apr, $0.0010 before (production). The same usage costs 50% more, as your bill shows it: what a day cost, over what it used."},
	} {
		tt.alert.Finding = tt.finding
		if got := Sentence(tt.alert); got != tt.want {
			t.Errorf("%s:\n got %q\nwant %q", tt.name, got, tt.want)
		}
	}
}

// Every cause says whether more was used, or the same at another price.
func TestCauses(t *testing.T) {
	spike := func(quantity, usual, price, before string) rules.Finding {
		return rules.Finding{Kind: rules.KindSpike, Currency: "USD", Causes: []rules.Cause{{
			Service: "D1", Quantity: dec(quantity), UsualQuantity: dec(usual), Unit: "rows", Price: dec(price), UsualPrice: dec(before)}}}
	}
	budget := func(quantity, usual, price, before string) rules.Finding {
		f := spike(quantity, usual, price, before)
		f.Kind, f.PeriodKind, f.Causes[0].Amount, f.Amount = rules.KindBudget, rules.ByMonth, dec("30"), dec("30")
		return f
	}
	daily := budget("9e9", "4.4e9", "0", "0")
	daily.PeriodKind = rules.ByDay
	compared := func(f rules.Finding, how rules.Comparison) rules.Finding {
		f.Causes[0].Compared = how
		return f
	}
	dailyNew := compared(budget("9e9", "0", "0", "0"), rules.WithBefore)
	dailyNew.PeriodKind = rules.ByDay
	second := compared(budget("9e9", "9e9", "0", "0"), rules.WithBefore)
	second.Causes = append(second.Causes, rules.Cause{Service: "KV", Amount: dec("9"), Quantity: dec("400"), Compared: rules.WithBefore},
		rules.Cause{Service: "R2", Amount: dec("2"), Quantity: dec("400"), Compared: rules.WithBefore})
	for _, tt := range []struct {
		finding rules.Finding
		want    string
	}{
		{spike("41.2e9", "4.4e9", "0", "0"), "Cause: usage, 41.2 billion rows, usually 4.4 billion (9x)."},
		{spike("41.2e9", "4.4e9", "1.5e-9", "1e-9"), "Cause: usage and price, 41.2 billion rows, usually 4.4 billion (9x), at $0.0015 a million rows instead of $0.0010."},
		{spike("4.5e9", "4.4e9", "1.5e-9", "1e-9"), "Cause: price, $0.0015 a million rows instead of $0.0010, usage as usual."},
		{spike("41.2e9", "4.4e9", "1e-9", "1.5e-9"), "Cause: usage, 41.2 billion rows, usually 4.4 billion (9x)."},
		{spike("4.5e9", "4.4e9", "0", "0"), "Cause: price or allowance; usage is about as usual (4.5 billion rows, usually 4.4 billion)."},
		{budget("9e9", "4.4e9", "0", "0"), "Most of it: D1 $30.00 (9 billion rows). Cause: usage, D1 used 9 billion, 4.4 billion by then in the period before (2.1x)."},
		{budget("9e9", "4.4e9", "1.5e-9", "1e-9"), "Most of it: D1 $30.00 (9 billion rows). Cause: usage and price, D1 used 9 billion, 4.4 billion by then in the period before (2.1x), at $0.0015 a million rows instead of $0.0010."},
		{budget("4.5e9", "4.4e9", "1.5e-9", "1e-9"), "Most of it: D1 $30.00 (4.5 billion rows). Cause: price, $0.0015 a million rows instead of $0.0010 for D1, usage as usual."},
		{budget("9e9", "0", "0", "0"), "Most of it: D1 $30.00 (9 billion rows)."},
		{compared(budget("9e9", "0", "0", "0"), rules.WithBefore), "Most of it: D1 $30.00 (9 billion rows). Cause: usage, D1 used 9 billion where there was none by then in the period before."},
		{compared(budget("9e9", "0", "0", "0"), rules.NoBefore), "Most of it: D1 $30.00 (9 billion rows). Cause: not known, there is nothing before to compare with."},
		{compared(budget("9e9", "0", "1.5e-9", "1e-9"), rules.NoBefore), "Most of it: D1 $30.00 (9 billion rows). Cause: price, $0.0015 a million rows instead of $0.0010 for D1."},
		{compared(budget("9e9", "8e9", "0", "0"), rules.WithBefore), "Most of it: D1 $30.00 (9 billion rows). Cause: no change, D1 used as much as before (9 billion, 8 billion by then in the period before), at the same price."},
		{compared(budget("9e9", "18e9", "0", "0"), rules.WithBefore), "Most of it: D1 $30.00 (9 billion rows). Cause: no change, D1 used less than before (9 billion, 18 billion by then in the period before), at the same price."},
		{dailyNew, "Most of it: D1 $30.00 (9 billion rows). Cause: usage, D1 used 9 billion where there usually is none."},
		{second, "Most of it: D1 $30.00 (9 billion rows), KV $9.00 (400), R2 $2.00 (400). Cause: no change, D1 used as much as before (9 billion, 9 billion by then in the period before), at the same price. Also: usage, KV used 400 where there was none by then in the period before."},
		{daily, "Most of it: D1 $30.00 (9 billion rows). Cause: usage, D1 used 9 billion, usually 4.4 billion (2.1x)."},
	} {
		if got := Cause(rules.Alert{State: rules.Firing, Finding: tt.finding}); got != tt.want {
			t.Errorf("got  %q\nwant %q", got, tt.want)
		}
	}
}

func TestPrice(t *testing.T) {
	for _, tt := range []struct{ price, unit, want string }{
		{"5", "", "$5.00 each"}, {"0.015", "GB-months", "$0.015 a GB-month"}, {"0.0003", "Count", "$0.30 a thousand"},
		{"0.000000001", "rows", "$0.0010 a million rows"}, {"0.0000125", "GB-seconds", "$0.0125 a thousand GB-seconds"},
		{"0.00000000000012", "rows", "$0.00012 a billion rows"}, {"1234.5", "", "$1,234.50 each"}, {"0", "", "$0.00 a billion"},
	} {
		if got := Price(dec(tt.price), "USD", tt.unit); got != tt.want {
			t.Errorf("%s per %q: got %q, want %q", tt.price, tt.unit, got, tt.want)
		}
	}
	if now, before := prices(dec("0.30001"), dec("0.3"), "USD", ""); now != "$0.30001 each" || before != "$0.30000" {
		t.Errorf("prices that are close: got %q and %q", now, before)
	}
}
