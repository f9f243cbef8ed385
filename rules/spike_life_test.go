package rules_test

import (
	"testing"

	"github.com/billbot/billbot/fetcher"
	"github.com/billbot/billbot/rules"
	"github.com/google/go-cmp/cmp"
)

const spikes = "- {name: runaway, spike: {above: 2x, at_least: {amount: 1.00}}}"

// quiet is a service's days from 11 August through 31 August.
const quiet = "0.10x21 "

func d1(costs string) fetcher.Ledger {
	return bill(line{service: "D1", from: "08-11", costs: costs})
}

func TestSpikeFiresUpdatesAndResolves(t *testing.T) {
	l := newLife(t, spikes)
	l.mornings(d1(quiet+"1.20 1.30 1.25 0.1 0.1 0.1"), "08-11", "09-06")
	want := []string{
		"09-02 fired D1 warning 1.2",
		"09-03 updated D1 warning 1.3",
		"09-04 updated D1 warning 1.25",
		"09-05 updated D1 warning 1.25 (09-03)",
		"09-06 resolved D1 warning 1.25 (09-03)",
	}
	if diff := cmp.Diff(want, l.said); diff != "" {
		t.Errorf("said (-want +got):\n%s", diff)
	}
}

// A spike is critical once what it will cost over usual in its period passes
// ten times at_least.
func TestSpikeEscalates(t *testing.T) {
	l := newLife(t, spikes)
	// Three days of 1.90 more and, in August, none ahead are 5.70; on the fourth, in
	// September, four are taken to follow: 15.20.
	l.mornings(bill(line{service: "D1", from: "08-01", costs: "0.10x28 2 2 2 2"}), "08-01", "09-01")
	l.check("08-30 fired D1 warning 2", "09-02 escalated D1 critical 2")
	// Ten times exactly is not past it.
	l = newLife(t, spikes)
	l.mornings(bill(line{service: "D1", from: "08-01", costs: "0.10x30 10.10"}), "08-01", "08-31")
	l.check("09-01 fired D1 warning 10.1")
	l = newLife(t, spikes)
	l.mornings(bill(line{service: "D1", from: "08-01", costs: "0.10x30 10.11"}), "08-01", "08-31")
	l.check("09-01 fired D1 critical 10.11")
}

// A rule's severity is the least a spike has.
func TestSeverityOfTheRule(t *testing.T) {
	for severity, want := range map[string]string{"info": "info", "warning": "warning", "critical": "critical"} {
		l := newLife(t, "- {name: runaway, severity: "+severity+", spike: }")
		l.mornings(bill(line{service: "D1", from: "08-01", costs: "0.10x30 2"}), "08-01", "08-31")
		l.check("09-01 fired D1 " + want + " 2")
	}
}

func TestRelapse(t *testing.T) {
	l := newLife(t, spikes)
	l.mornings(d1(quiet+"20 0.1 0.1 0.1 0.1 0.1 0.1 22 0.1 0.1"), "08-11", "09-10")
	l.check(
		"09-02 fired D1 critical 20",
		"09-04 resolved D1 critical 20 (09-01)",
		"09-09 escalated D1 critical 22",
		"09-11 resolved D1 critical 22 (09-08)",
	)
	if len(l.alerts) != 1 || l.alerts[0].Finding.Over != 2 {
		t.Errorf("within a week: got %d alerts, %d days over, want one of 2 days", len(l.alerts), l.alerts[0].Finding.Over)
	}
	l = newLife(t, spikes)
	l.mornings(d1(quiet+"20 0.1 0.1 0.1 0.1 0.1 0.1 0.1 22"), "08-11", "09-09")
	l.check(
		"09-02 fired D1 critical 20",
		"09-04 resolved D1 critical 20 (09-01)",
		"09-10 fired D1 critical 22",
	)
	if len(l.alerts) != 2 || l.alerts[0].ID == l.alerts[1].ID {
		t.Errorf("after a week: got %d alerts, want two with an ID each", len(l.alerts))
	}
}

// A day that is restated over the line is told once and named while it is
// among the last four; what is older is history.
func TestRestatedDay(t *testing.T) {
	for _, tt := range []struct {
		restated string
		want     []string
	}{
		{"0.1 0.1 0.1 0.1 9", []string{"09-06 fired D1 warning 9"}},
		{"0.1 0.1 9 0.1 0.1", []string{"09-06 fired D1 warning 9 (09-03)", "09-07 resolved D1 warning 9 (09-03)"}},
		{"0.1 9 0.1 0.1 0.1", []string{"09-06 fired D1 warning 9 (09-02)", "09-07 resolved D1 warning 9 (09-02)"}},
		{"9 0.1 0.1 0.1 0.1", nil},
	} {
		l := newLife(t, "- {name: runaway, spike: {at_least: {amount: 5}}}")
		l.mornings(d1(quiet+"0.1 0.1 0.1 0.1 0.1"), "08-11", "09-05")
		l.look(d1(quiet+tt.restated), morningAfter(day("09-05")))
		l.look(d1(quiet+tt.restated+" 0.1"), morningAfter(day("09-06")))
		l.check(tt.want...)
	}
}

// One odd day is no catastrophe, whatever a month of such days would cost: it is
// taken to last as long again as it has lasted.
func TestOneOddDayIsNotAMonth(t *testing.T) {
	for costs, want := range map[string][]string{
		"0x20 3.75 0 0": {"09-22 fired D1 warning 3.75", "09-24 resolved D1 warning 3.75 (09-21)"},
		"0x20 5 0 0":    {"09-22 fired D1 warning 5", "09-24 resolved D1 warning 5 (09-21)"},
		"0x20 5.01 0 0": {"09-22 fired D1 critical 5.01", "09-24 resolved D1 critical 5.01 (09-21)"},
		"0x20 3.75x2":   {"09-22 fired D1 warning 3.75", "09-23 escalated D1 critical 3.75"},
	} {
		l := newLife(t, "- {name: runaway, spike: {}}")
		ledger := bill(line{service: "D1", from: "09-01", costs: costs})
		l.mornings(ledger, "09-01", ledger.Through().String())
		l.check(want...)
	}
}

// What comes back within a week was told: a lesser spike is an edit.
func TestLesserRelapseIsAnEdit(t *testing.T) {
	l := newLife(t, spikes)
	l.mornings(d1(quiet+"2 0.1 0.1 0.1 2"), "08-11", "09-05")
	want := []string{
		"09-02 fired D1 warning 2",
		"09-03 updated D1 warning 2 (09-01)",
		"09-04 resolved D1 warning 2 (09-01)",
		"09-06 updated D1 warning 2",
	}
	if diff := cmp.Diff(want, l.said); diff != "" {
		t.Errorf("said (-want +got):\n%s", diff)
	}
}

// A slow leak is told as one that rises, before any day is far over usual.
func TestSlowLeak(t *testing.T) {
	l := newLife(t, spikes)
	l.mornings(bill(line{service: "D1", from: "08-11", costs: "9 10 11 10 9 11 10x15 11 12.1 13.3 14.6 16.1 17.7 19.5 21.4"}), "08-11", "09-08")
	if len(l.said) == 0 || l.said[0] != "09-07 fired D1 critical 17.7" || !l.newest().Finding.Run {
		t.Errorf("said %q, want it to fire on the sixth day, as a run", l.said)
	}
}

// A provisional day that is withdrawn resolves once another charge day is in.
func TestWithdrawnDay(t *testing.T) {
	l := newLife(t, spikes)
	l.mornings(d1(quiet+"9"), "08-11", "09-01")
	withdrawn := d1(quiet + "0.1 0.1")
	withdrawn.Trust.Verdict = fetcher.Untrusted
	l.look(withdrawn, morningAfter(day("09-02")))
	l.check("09-02 fired D1 critical 9")
	withdrawn.Trust.Verdict = fetcher.Trusted
	l.look(upTo(withdrawn, day("09-01")), morningAfter(day("09-01")))
	l.check()
	l.look(withdrawn, morningAfter(day("09-02")))
	l.check("09-03 resolved D1 critical 9 (09-01)")
	if got := l.newest(); got.State != rules.Resolved || !got.Finding.Withdrawn {
		t.Errorf("state %s, withdrawn %t, want resolved and withdrawn", got.State, got.Finding.Withdrawn)
	}
	// The same alert confirms a day that is restated and stays over.
	l = newLife(t, spikes)
	l.look(d1(quiet+"9"), morningAfter(day("09-01")))
	l.look(d1(quiet+"12 0.1"), morningAfter(day("09-02")))
	l.look(d1(quiet+"12 0.1 0.1"), morningAfter(day("09-03")))
	l.check("09-02 fired D1 critical 9", "09-04 resolved D1 critical 12 (09-01)")
	if l.newest().Finding.Withdrawn {
		t.Error("withdrawn, want confirmed")
	}
}

// Usage that the allowance hides is told by its worth, once there is a price.
func TestHiddenUsage(t *testing.T) {
	f := lastFinding(t, spikes, bill(line{
		service: "D1", from: "08-11",
		costs:      "0x10 0.1x11 0",
		quantities: "100x21 9000",
	}))
	if !f.Open || !f.Valued || !f.Amount.Equal(dec("9")) || !f.Usual.Equal(dec("0.1")) || f.Day != day("09-01") {
		t.Errorf("got %+v, want a worth of $9.00 on the 1st, usually $0.10", f)
	}
}

func TestSpikeSaysWhy(t *testing.T) {
	f := lastFinding(t, spikes, d1(quiet+"9 11"))
	if !f.Extra.Equal(dec("19.8")) || f.Over != 2 || f.Episode != day("09-01") || f.History != 22 {
		t.Errorf("got %s extra in %d days from %s, want 19.8 in 2 from 2026-09-01", f.Extra, f.Over, f.Episode)
	}
	if c := f.Causes[0]; !c.Quantity.Equal(dec("11000")) || !c.UsualQuantity.Equal(dec("100")) {
		t.Errorf("got %s, usually %s, want 11000, usually 100", c.Quantity, c.UsualQuantity)
	}
	// 20 so far and 28 days like the newest.
	if want := dec("328"); !f.Projected.Equal(want) || f.Period.Start != day("09-01") {
		t.Errorf("projected %s in the period from %s, want %s", f.Projected, f.Period.Start, want)
	}
}

// The share is of what the account usually costs before the day, so that what a
// spike costs never takes back a day that was told.
func TestShareKnowsNoFuture(t *testing.T) {
	ledger := bill(
		line{service: "D1", from: "08-11", costs: "0.1x21 30x22"},
		line{service: "Workers", from: "08-11", costs: "10x21 2000x22"})
	f := findingOf(t, "- {name: runaway, spike: {at_least: {amount: 1, share: 20%}}}", ledger, "D1")
	if f.Episode != day("09-01") {
		t.Errorf("episode from %s, want 2026-09-01", f.Episode)
	}
}

// A share asks that a rise matters to the account.
func TestSpikeOfALargeAccount(t *testing.T) {
	ledger := bill(
		line{service: "D1", from: "08-11", costs: quiet + "5"},
		line{service: "Workers", from: "08-11", costs: "100x22"})
	for share, want := range map[string]bool{"4%": true, "5%": false} {
		f := findingOf(t, "- {name: runaway, spike: {at_least: {amount: 1, share: "+share+"}}}", ledger, "D1")
		if f.Open != want {
			t.Errorf("a rise of 4.90 in an account of 100 a day, share %s: got %t", share, f.Open)
		}
	}
}

func lastFinding(t *testing.T, written string, l fetcher.Ledger) rules.Finding {
	t.Helper()
	findings := rulesOf(t, written).Evaluate(production, l.Bill(), morningAfter(l.Through()))
	return findings[len(findings)-1]
}

func findingOf(t *testing.T, written string, l fetcher.Ledger, service string) rules.Finding {
	t.Helper()
	for _, f := range rulesOf(t, written).Evaluate(production, l.Bill(), morningAfter(l.Through())) {
		if f.Subject.Service == service {
			return f
		}
	}
	t.Fatalf("no finding of %s", service)
	return rules.Finding{}
}
