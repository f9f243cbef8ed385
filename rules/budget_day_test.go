package rules_test

import (
	"testing"

	"github.com/billbot/billbot/rules"
)

const daily = `- {name: daily, budget: {amount: 20, period: day, actual: [100%, 30.00]}}`

// Days over the budget are one episode until two settled days are under it. A
// day is settled two days after its end.
func TestRunOfDaysOverTheBudget(t *testing.T) {
	l := newLife(t, daily)
	l.mornings(bill(line{service: "D1", from: "09-01", costs: "5 21 22 3 25 31 4 5 6 7 8 20 1 1 1 1 1"}), "09-01", "09-17")
	l.check(
		"09-03 fired 100% 21",
		"09-07 escalated 30.00 31",
		"09-11 resolved 30.00 31 (09-06)",
		"09-13 fired 100% 20",
		"09-17 resolved 100% 20 (09-12)",
	)
	if l.alerts[0].ID == l.alerts[1].ID {
		t.Error("two runs of days share an alert")
	}
	first := l.alerts[0]
	if f := first.Finding; f.Over != 4 || f.Episode != day("09-02") || first.Day != day("09-02") || first.Ended != rules.EndedBack {
		t.Errorf("got %d days over from %s, ended %s, want 4 from 2026-09-02, resolved", f.Over, f.Episode, first.Ended)
	}
}

func TestOneSettledDayUnderDoesNotEndARun(t *testing.T) {
	l := newLife(t, daily)
	l.mornings(bill(line{service: "D1", from: "09-01", costs: "21 1 21 1 21 1 21 1 21"}), "09-01", "09-09")
	l.check("09-02 fired 100% 21")
}

// Days without rows of the rule's services are days under.
func TestQuietDaysEndARun(t *testing.T) {
	l := newLife(t, "- {name: daily, services: [D1], budget: {amount: 20, period: day}}")
	l.mornings(bill(line{service: "D1", from: "09-01", costs: "21"}, line{service: "KV", from: "09-01", costs: "99x9"}), "09-01", "09-09")
	l.check("09-02 fired 100% 21", "09-06 resolved 100% 21 (09-01)")
}

// A restated day tells its episode once, and names the day, while it is among
// the last four.
func TestRestatedDayOverTheBudget(t *testing.T) {
	was := bill(line{service: "D1", from: "09-01", costs: "5 5 5 5 5 5"})
	for _, tt := range []struct {
		restated string
		want     []string
	}{
		{"5 5 5 5 5 25", []string{"09-07 fired 100% 25"}},
		{"5 5 5 25 5 5", []string{"09-07 fired 100% 25 (09-04)"}},
		{"5 5 25 5 5 5", []string{"09-07 fired 100% 25 (09-03)"}},
		{"5 25 5 5 5 5", nil},
	} {
		l := newLife(t, daily)
		l.look(was, morningAfter(day("09-06")))
		restated := bill(line{service: "D1", from: "09-01", costs: tt.restated})
		l.look(restated, morningAfter(day("09-06")))
		l.look(restated, morningAfter(day("09-06")))
		l.check(tt.want...)
	}
}

// A run whose first day a restatement moved is the run that was told.
func TestRestatedDayBeforeARun(t *testing.T) {
	l := newLife(t, daily)
	l.look(bill(line{service: "D1", from: "09-01", costs: "5 5 25 5 5"}), morningAfter(day("09-05")))
	l.look(bill(line{service: "D1", from: "09-01", costs: "5 25 25 5 5"}), morningAfter(day("09-08")))
	l.look(bill(line{service: "D1", from: "09-01", costs: "5 25 25 5 5 5"}), morningAfter(day("09-08")))
	l.check("09-06 fired 100% 25 (09-03)", "09-09 resolved 100% 25 (09-03)")
}

// Over by what was provisional, and under once it is restated: the alert was
// about nothing. One answer does not settle that, as the next may take it back;
// another charge day does.
func TestWithdrawnDayOverTheBudget(t *testing.T) {
	l := newLife(t, daily)
	l.look(bill(line{service: "D1", from: "09-01", costs: "5 25"}), morningAfter(day("09-02")))
	l.look(bill(line{service: "D1", from: "09-01", costs: "5 15"}), morningAfter(day("09-02")))
	l.check("09-03 fired 100% 25")
	l.look(bill(line{service: "D1", from: "09-01", costs: "5 15 5"}), morningAfter(day("09-03")))
	l.check("09-04 resolved 100% 25 (09-02)")
}

// A day that is restated down and up again is the same alert, told once.
func TestFlickeringDay(t *testing.T) {
	l := newLife(t, daily)
	over, under := bill(line{service: "D1", from: "09-01", costs: "5 25"}), bill(line{service: "D1", from: "09-01", costs: "5 15"})
	l.look(over, morningAfter(day("09-02")))
	l.look(under, morningAfter(day("09-02")))
	l.look(over, morningAfter(day("09-02")))
	l.check("09-03 fired 100% 25")
	if got := l.newest(); got.State != rules.Firing {
		t.Errorf("state %s, want firing", got.State)
	}
}

// The newest day is told beside the last one over.
func TestNewestDay(t *testing.T) {
	f := rulesOf(t, daily).Evaluate(production, bill(line{service: "D1", from: "09-01", costs: "25 7"}).Bill(), morningAfter(day("09-02")))[0]
	if !f.Open || !f.Amount.Equal(dec("25")) || !f.Newest.Equal(dec("7")) || f.Day != day("09-01") || f.Through != day("09-02") {
		t.Errorf("got %+v, want 25 on the 1st, 7 on the 2nd", f)
	}
}
