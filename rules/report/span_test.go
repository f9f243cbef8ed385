package report_test

import (
	"slices"
	"testing"

	"github.com/billbot/billbot/fetcher"
	"github.com/billbot/billbot/rules"
	"github.com/billbot/billbot/rules/report"
	"github.com/google/go-cmp/cmp"
)

// two is D1 and KV over six weeks, D1 three times as dear in the last.
func two() report.Watched {
	return watched(run("D1", day(8, 3), times(35, "1")+times(7, "3")), run("KV", day(8, 3), times(42, "0.5")))
}

func weekOf(t *testing.T, w report.Watched, every rules.Every, from, to fetcher.Day) report.Summary {
	t.Helper()
	all := []report.Watched{w}
	s := report.SummaryOf(&rules.Rules{}, all, report.Totals{}, "2026-09-14", noon(to+1))
	return report.Detail(report.OverSpan(s, every, fetcher.Period{Start: from, End: to}, all), all)
}

func TestWeekAgainstTheWeekBefore(t *testing.T) {
	s := weekOf(t, two(), rules.EveryWeek, day(9, 7), day(9, 13))
	a := s.Accounts[0]
	if s.Short || !a.Cost.Equal(dec("24.5")) || !a.Usual.Equal(dec("10.5")) || a.New {
		t.Errorf("got %s, before %s, short %t, new %t, want 24.5 and 10.5", a.Cost, a.Usual, s.Short, a.New)
	}
	want := [][]string{
		{"Service", "7 Sep to 13 Sep", "Week before", "Period so far"},
		{"D1", "$21.00", "$7.00", "$27.00"},
		{"KV", "$3.50", "$3.50", "$6.50"},
		{"Together", "$24.50", "$10.50", "$33.50"},
	}
	if diff := cmp.Diff(want, report.SummaryTable(s)); diff != "" {
		t.Errorf("table (-want +got):\n%s", diff)
	}
	if got, want := report.SummaryTitle(s), "Week 7 Sep to 13 Sep: 1 unusual service"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	c := s.Chart
	if c == nil || c.Days != (fetcher.Period{Start: day(8, 31), End: day(9, 13)}) || len(c.Series) != 3 || c.Series[0].Name != report.SeriesAll {
		t.Fatalf("got the chart %+v, want all services and the two over fourteen days", c)
	}
	if got := c.Series[0].Points; !got[0].Equal(dec("1.5")) || !got[13].Equal(dec("3.5")) {
		t.Errorf("all services: got %v", got)
	}
}

// Days that are not there yet are not taken for nothing.
func TestWeekWithoutItsLastDay(t *testing.T) {
	w := two()
	w.Bill = w.Bill.Until(day(9, 12))
	a := weekOf(t, w, rules.EveryWeek, day(9, 7), day(9, 13)).Accounts[0]
	if got, want := report.AccountTitle(a), "production: $21.00 from 7 Sep to 13 Sep as far as data goes, Sat 12 Sep, $10.50 in the week before"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestQuietWeek(t *testing.T) {
	s := weekOf(t, two(), rules.EveryWeek, day(8, 31), day(9, 6))
	if !s.Short || s.Breakdown != nil || s.Chart != nil {
		t.Errorf("got %+v, want a short one without a table", s)
	}
}

// A week or month before that is not known whole is not compared with.
func TestFirstMonth(t *testing.T) {
	s := weekOf(t, two(), rules.EveryMonth, day(8, 1), day(8, 31))
	a := s.Accounts[0]
	if !a.New || len(a.Movers) > 0 || !a.Cost.Equal(dec("43.5")) {
		t.Errorf("got %s, movers %v, new %t, want 43.5 and nothing to compare with", a.Cost, a.Movers, a.New)
	}
	if got, want := report.AccountTitle(a), "production: $43.50 from 3 Aug to 31 Aug"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

// A month has more days than a chart has points.
func TestChartOfAMonth(t *testing.T) {
	w := watched(run("D1", day(7, 1), times(62, "1")), run("KV", day(8, 1), times(31, "9")))
	c := weekOf(t, w, rules.EveryMonth, day(8, 1), day(8, 31)).Chart
	if c == nil || c.Each != 2 || len(c.Series[0].Points) != 16 || len(report.ChartDays(*c)) != 16 {
		t.Fatalf("got %+v, want sixteen points of two days", c)
	}
	if last := c.Series[0].Points[15]; !last.Equal(dec("10")) {
		t.Errorf("the last point, of one day: got %s, want 10", last)
	}
	if got, want := report.ChartTitle(*c), "Cost a day (USD), mean of 2 days"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

// Several accounts of one currency are told by account; of several, nothing
// adds up.
func TestTableOfSeveralAccounts(t *testing.T) {
	a, b := two(), two()
	b.Account.Name, b.Bill.Account.Name = "staging", "staging"
	all := []report.Watched{a, b}
	s := report.Detail(report.SummaryOf(&rules.Rules{}, all, report.Totals{}, "2026-09-08", noon(day(9, 14))), all)
	s.Short = false
	s = report.Detail(s, all)
	if table := report.SummaryTable(s); len(table) != 4 || table[0][0] != "Account" || table[3][1] != "$7.00" {
		t.Errorf("got %v, want two accounts and both together", table)
	}
	s.Accounts[1].Currency, s.Breakdown, s.Chart = "EUR", nil, nil
	if s = report.Detail(s, all); s.Breakdown != nil || s.Chart != nil {
		t.Error("accounts of two currencies have a table or a chart")
	}
}

func TestTheRestIsOneLine(t *testing.T) {
	var runs [][]fetcher.Charge
	for _, name := range []string{"A", "B", "C", "D", "E", "F", "G"} {
		runs = append(runs, run(name, day(8, 20), times(21, "1")+"4"))
	}
	all := []report.Watched{watched(runs...)}
	s := report.Detail(report.SummaryOf(&rules.Rules{}, all, report.Totals{}, "2026-09-11", noon(day(9, 11))), all)
	table := report.SummaryTable(s)
	want := []string{"2 more", "$8.00", "$2.00", "$26.00"}
	if len(table) != 8 || !cmp.Equal(want, table[6]) {
		t.Errorf("got %v, want five services, %v and the sum", table, want)
	}
}

// A week tells of what is billed since any of its days, and is not short then.
func TestWeekTellsWhatIsBilledNow(t *testing.T) {
	w := watched(run("D1", day(8, 3), times(42, "1")), free("KV", day(8, 3), times(42, "0.1"), 38))
	s := weekOf(t, w, rules.EveryWeek, day(9, 7), day(9, 13))
	want := "• Billed now: KV, free until now, $0.40 so far, about $2.10 by 30 Sep"
	if got := report.AccountLines(s.Accounts[0]); s.Short || !slices.Contains(got, want) {
		t.Errorf("short %t, got %q, want %q in it", s.Short, got, want)
	}
}
