package report_test

import (
	"slices"
	"testing"

	"github.com/billbot/billbot/fetcher"
	"github.com/billbot/billbot/rules"
	"github.com/billbot/billbot/rules/report"
	"github.com/google/go-cmp/cmp"
)

func TestAlertChart(t *testing.T) {
	bill := watched(run("D1", day(8, 1), times(40, "1")+"8"), run("KV", day(8, 1), times(41, "3"))).Bill
	spike := rules.Finding{Kind: rules.KindSpike, Currency: "USD", Subject: rules.Subject{Service: "D1"}}
	c := report.AlertChart(bill, rules.Rule{}, spike)
	if c == nil || c.Days.Days() != 14 || c.Days.End != day(9, 10) || len(c.Series) != 2 {
		t.Fatalf("got %+v, want fourteen days of actual and usual", c)
	}
	actual, usual := c.Series[0], c.Series[1]
	if actual.Name != "Actual" || !actual.Points[13].Equal(dec("8")) || usual.Name != "Usual" || !usual.Points[13].Equal(dec("1")) {
		t.Errorf("got %+v", c.Series)
	}
	budget := rules.Finding{Kind: rules.KindBudget, Currency: "USD"}
	if c := report.AlertChart(bill, rules.Rule{}, budget); !c.Series[0].Points[13].Equal(dec("11")) {
		t.Errorf("a budget of all services: got %v, want 11 on the last day", c.Series[0].Points)
	}
	narrow := rules.Rule{Match: rules.Match{Services: rules.Patterns{rules.NewServicePattern("K*")}}}
	if c := report.AlertChart(bill, narrow, budget); !c.Series[0].Points[13].Equal(dec("3")) {
		t.Errorf("a budget of KV: got %v, want 3 on the last day", c.Series[0].Points)
	}
	quota := rules.Finding{Kind: rules.KindBudget, Quantity: true, Unit: ""}
	if c := report.AlertChart(bill, narrow, quota); !c.Series[0].Points[13].Equal(dec("3000")) || c.Currency != "" {
		t.Errorf("a quota of KV: got %+v, want 3000 on the last day", c)
	}
}

// There is no chart of what is no amount, nor of what is known for two days;
// what is usual is only shown with a week of history before it.
func TestChartsOfLittle(t *testing.T) {
	spike := rules.Finding{Kind: rules.KindSpike, Currency: "USD"}
	if c := report.AlertChart(watched(run("D1", day(9, 1), "1 2")).Bill, rules.Rule{}, spike); c != nil {
		t.Errorf("two days: got %+v", c)
	}
	if c := report.AlertChart(watched().Bill, rules.Rule{}, spike); c != nil {
		t.Errorf("no days: got %+v", c)
	}
	c := report.AlertChart(watched(run("D1", day(9, 1), times(9, "1"))).Bill, rules.Rule{}, spike)
	if c == nil || len(c.Series) != 1 || c.Days.Days() != 9 {
		t.Errorf("nine days: got %+v, want them without usual", c)
	}
	stale := rules.Finding{Kind: rules.KindStale}
	if c := report.AlertChart(two().Bill, rules.Rule{}, stale); c != nil {
		t.Errorf("stale: got %+v", c)
	}
}

func TestChartNumbersHaveFourDigits(t *testing.T) {
	bill := watched(run("D1", day(9, 1), "41237.4119 0.000123456 0 123456789")).Bill
	c := report.AlertChart(bill, rules.Rule{}, rules.Finding{Kind: rules.KindSpike, Currency: "USD"})
	var got []string
	for _, p := range c.Series[0].Points {
		got = append(got, p.String())
	}
	if diff := cmp.Diff([]string{"41240", "0.0001235", "0", "123500000"}, got); diff != "" {
		t.Errorf("points (-want +got):\n%s", diff)
	}
}

func TestDaysOfAChart(t *testing.T) {
	c := report.Chart{Days: fetcher.Period{Start: day(3, 29), End: day(4, 2)}, Each: 1}
	if diff := cmp.Diff([]string{"29 Mar", "30", "31", "1 Apr", "2"}, report.ChartDays(c)); diff != "" {
		t.Errorf("days (-want +got):\n%s", diff)
	}
	for each := 1; each < 4; each++ {
		for start := day(1, 1); start < day(12, 31); start++ {
			end := start + 27
			if start.Time().Day() <= 28 {
				end = fetcher.DayOf(start.Time().AddDate(0, 1, -1))
			}
			days := report.ChartDays(report.Chart{Days: fetcher.Period{Start: start, End: end}, Each: each})
			slices.Sort(days)
			if n := len(days); n != len(slices.Compact(days)) {
				t.Fatalf("a month from %s, by %d: two points have one name", start, each)
			}
		}
	}
}

// Alerts of allowances show what is used of them, those of prices what it cost;
// days on which there was nothing are no picture.
func TestChartsOfTerms(t *testing.T) {
	bill := watched(run("D1", day(8, 1), times(40, "0")+"8"), run("KV", day(8, 1), times(41, "0"))).Bill
	allowance := rules.Finding{Kind: rules.KindAllowance, Quantity: true, Subject: rules.Subject{Service: "D1"}}
	if c := report.AlertChart(bill, rules.Rule{}, allowance); c == nil || c.Currency != "" || !c.Series[0].Points[13].Equal(dec("8000")) {
		t.Errorf("an allowance: got %+v, want 8000 used on the last day", c)
	}
	price := rules.Finding{Kind: rules.KindPrice, Currency: "USD", Subject: rules.Subject{Service: "D1"}}
	if c := report.AlertChart(bill, rules.Rule{}, price); c == nil || c.Currency != "USD" || !c.Series[0].Points[13].Equal(dec("8")) {
		t.Errorf("a price: got %+v, want $8 on the last day", c)
	}
	price.Subject.Service = "KV"
	if c := report.AlertChart(bill, rules.Rule{}, price); c != nil {
		t.Errorf("what costs nothing: got %+v", c)
	}
}

// A storm has one chart: its dearest services, in front of all of it together.
func TestStormChart(t *testing.T) {
	var storm []rules.Alert
	bill := watched(run("D1", day(8, 1), times(40, "1")+"8"), run("KV", day(8, 1), times(40, "1")+"30"),
		run("R2", day(8, 1), times(41, "0")), run("Calm", day(8, 1), times(41, "99"))).Bill
	for _, service := range []string{"D1", "KV", "R2"} {
		storm = append(storm, rules.Alert{Finding: rules.Finding{Kind: rules.KindSpike, Currency: "USD", Subject: rules.Subject{Service: service}}})
	}
	c := report.StormChart(bill, storm)
	if c == nil || !c.Layered || c.Currency != "USD" || c.Days.Days() != 14 || c.Days.End != day(9, 10) {
		t.Fatalf("got %+v, want fourteen days of services", c)
	}
	var names []string
	for _, s := range c.Series {
		names = append(names, s.Name+" "+s.Points[13].String())
	}
	if diff := cmp.Diff([]string{"Together 38", "KV 30", "D1 8"}, names); diff != "" {
		t.Errorf("series (-want +got):\n%s", diff)
	}
	if c := report.StormChart(bill, storm[:1]); len(c.Series) != 1 || c.Series[0].Name != "D1" {
		t.Errorf("one service: got %+v", c.Series)
	}
	for name, c := range map[string]*report.Chart{
		"no days": report.StormChart(watched().Bill, storm), "no storm": report.StormChart(bill, nil), "nothing billed": report.StormChart(bill, storm[2:]),
	} {
		if c != nil {
			t.Errorf("%s: got %+v", name, c)
		}
	}
}
