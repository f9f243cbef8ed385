package report_test

import (
	"strings"
	"testing"

	"github.com/billbot/billbot/fetcher"
	"github.com/billbot/billbot/rules/report"
	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func billedOf(name string, runs ...[]fetcher.Charge) report.Billed {
	l := ledger(runs...)
	l.Account.Name = name
	return report.Billed{Bill: l.Bill(), Poll: fetcher.PollState{Trust: trusted, LastTrusted: noon(day(9, 12))}}
}

// costs writes a breakdown's sums in a line: "USD 6.5: D1 6, KV 0.5".
func costs(b report.Breakdown) string {
	var sums []string
	for _, s := range b.Sums {
		var parts []string
		for _, c := range s.Lines {
			parts = append(parts, c.Name+" "+c.Cost.String())
		}
		sums = append(sums, s.Currency+" "+s.Total.String()+": "+strings.Join(parts, ", "))
	}
	return strings.Join(sums, "; ")
}

// Sat 12 September 2026 is asked; data goes through Thursday the 10th.
func TestBreakdown(t *testing.T) {
	d1 := run("D1 - Rows Read (first 5 included)", day(8, 30), "9 9 1 1 1 1 1 1 1 1 1 1")
	for i := range d1 {
		d1[i].ServiceFamilyName = "D1"
	}
	kv := run("KV", day(9, 9), "0.25 0.25")
	kv[1].BillingCurrency = "EUR"
	for i := range kv {
		kv[i].ZoneID = "z1"
	}
	accounts := []report.Billed{billedOf("production", d1, kv), billedOf("staging", run("KV", day(9, 10), "3")), billedOf("new")}
	tests := []struct {
		span report.Span
		part report.Part
		want string
		days string
		says string
	}{
		{report.SpanToday, report.PartService, "", "2026-09-12 2026-09-12", "Today, Sat 12 Sep: no charges known yet"},
		{report.SpanYesterday, report.PartService, "", "2026-09-11 2026-09-11", "Yesterday, Fri 11 Sep: no charges known yet"},
		{report.SpanWeek, report.PartService, "EUR 0.25: KV 0.25; USD 7.25: D1 - Rows Read 4, KV 3.25", "2026-09-07 2026-09-12", "This week: $7.25 and €0.25"},
		{report.SpanMonth, report.PartAccount, "EUR 0.25: production 0.25; USD 13.25: production 10.25, staging 3", "2026-09-01 2026-09-12", "This month: $13.25 and €0.25"},
		{report.SpanWeek, report.PartFamily, "EUR 0.25:  0.25; USD 7.25: D1 4,  3.25", "2026-09-07 2026-09-12", "This week: $7.25 and €0.25"},
		{report.SpanPeriod, report.PartZone, "EUR 0.25: z1 0.25; USD 13.25:  13, z1 0.25", "2026-09-01 2026-09-30", "This billing period: $13.25 and €0.25"},
	}
	for _, tt := range tests {
		b := report.BreakdownOf(accounts, tt.span, tt.part, noon(day(9, 12)))
		if got := costs(b); got != tt.want {
			t.Errorf("%s by %s: got %s, want %s", tt.span, tt.part, got, tt.want)
		}
		if got := b.Days.Start.String() + " " + b.Days.End.String(); got != tt.days {
			t.Errorf("%s: got the days %s, want %s", tt.span, got, tt.days)
		}
		if got := report.BreakdownTitle(b); got != tt.says {
			t.Errorf("%s: got %q, want %q", tt.span, got, tt.says)
		}
	}
	week := report.BreakdownOf(accounts, report.SpanWeek, report.PartService, noon(day(9, 12)))
	want := []string{
		"• KV: €0.25", "• D1 - Rows Read: $4.00 (55%)", "• and 1 more service: $3.25",
		"Not in it yet: what was used after Thu 10 Sep.", "1 account without data yet.", "Data through Thu 10 Sep (UTC)",
	}
	if diff := cmp.Diff(want, report.BreakdownLines(week, 1)); diff != "" {
		t.Errorf("lines (-want +got):\n%s", diff)
	}
	want = []string{"• no family: €0.25", "• D1: $4.00 (55%)", "• and 1 more family: $3.25"}
	families := report.BreakdownLines(report.BreakdownOf(accounts, report.SpanWeek, report.PartFamily, noon(day(9, 12))), 1)
	if diff := cmp.Diff(want, families[:3]); diff != "" {
		t.Errorf("families (-want +got):\n%s", diff)
	}
	none := report.BreakdownOf(nil, report.SpanPeriod, report.PartService, noon(day(9, 12)))
	if got := report.BreakdownTitle(none); got != "This billing period: no data yet" {
		t.Errorf("of no accounts: %q", got)
	}
}

// Whatever the parts, they add up to the same, and to what the days cost.
func TestBreakdownsAddUp(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var charges []fetcher.Charge
		want := map[fetcher.Day]string{}
		for range rapid.IntRange(0, 30).Draw(t, "charges") {
			d := day(9, rapid.IntRange(1, 12).Draw(t, "day"))
			cost := rapid.SampledFrom([]string{"1.25", "-0.5", "0", "0.000001", "1000000000"}).Draw(t, "cost")
			charge := row(rapid.SampledFrom([]string{"D1", "KV", "KV (first 3 included)"}).Draw(t, "service"), d, day(9, 1), cost, "USD")
			charge.ZoneName = rapid.SampledFrom([]string{"", "example.com"}).Draw(t, "zone")
			charges = append(charges, charge)
			want[d] = cost
		}
		accounts := []report.Billed{billedOf("production", charges)}
		for _, span := range []report.Span{report.SpanWeek, report.SpanMonth, report.SpanPeriod, report.SpanYesterday} {
			total := dec("0")
			b := report.BreakdownOf(accounts, span, report.PartService, noon(day(9, 12)))
			for _, c := range charges {
				if b.Days.Contains(c.ChargePeriodStart) {
					total = total.Add(c.ContractedCost.Decimal())
				}
			}
			for _, part := range []report.Part{report.PartService, report.PartFamily, report.PartZone, report.PartAccount} {
				got := dec("0")
				if part != report.PartAccount {
					b := report.BreakdownOf(accounts, span, part, noon(day(9, 12)))
					totals := report.TotalsBy([]fetcher.Bill{accounts[0].Bill}, part, b.Days)
					if diff := cmp.Diff(b.Sums, totals); len(b.Sums) > 0 && diff != "" {
						t.Fatalf("%s by %s: totals of those days (-breakdown +totals):\n%s", span, part, diff)
					}
				}
				for _, s := range report.BreakdownOf(accounts, span, part, noon(day(9, 12))).Sums {
					sum := dec("0")
					for _, c := range s.Lines {
						sum = sum.Add(c.Cost)
					}
					if !sum.Equal(s.Total) {
						t.Fatalf("%s by %s: parts add up to %s, total %s", span, part, sum, s.Total)
					}
					got = got.Add(s.Total)
				}
				if !got.Equal(total) {
					t.Fatalf("%s by %s: got %s, want %s", span, part, got, total)
				}
			}
		}
	})
}

func TestCSV(t *testing.T) {
	text, rows := report.CSVOf([]report.Billed{
		billedOf("=production", run("a,\"b\"", day(9, 1), "0.1 0.20"), run("@KV", day(8, 30), "7 7")), billedOf("new"),
	}, noon(day(9, 3)))
	want := "account,service,currency,period_start,data_through,cost\n" +
		"'=production,\"a,\"\"b\"\"\",USD,2026-09-01,2026-09-02,0.3\n"
	if text != want || rows != 1 {
		t.Errorf("got %d rows:\n%swant:\n%s", rows, text, want)
	}
}
