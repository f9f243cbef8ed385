package rules_test

import (
	"testing"

	"github.com/billbot/billbot/fetcher"
	"github.com/billbot/billbot/rules"
)

const monthly = `- {name: whole, budget: {amount: 25, period: month, actual: [50%, 80%, 100%, 30.00]}}`

func TestBudgetThresholdsFireOnce(t *testing.T) {
	l := newLife(t, monthly)
	l.mornings(bill(line{service: "D1", from: "09-01", costs: "5 7 0.50 0 7.50 0 4.99 0.01 1 4"}), "09-01", "09-10")
	l.check(
		"09-04 fired 50% 12.5",
		"09-06 escalated 80% 20",
		"09-09 escalated 100% 25",
		"09-11 escalated 30.00 30",
	)
	if got := len(l.alerts); got != 1 {
		t.Errorf("got %d alerts, want one", got)
	}
}

func TestSeveralThresholdsAtOnceAreOneMessage(t *testing.T) {
	l := newLife(t, monthly)
	l.mornings(bill(line{service: "D1", from: "09-01", costs: "1 28 0 0 9"}), "09-01", "09-05")
	l.check("09-03 fired 100% 29", "09-06 escalated 30.00 38")
}

func TestNothingBelowTheLowestThreshold(t *testing.T) {
	l := newLife(t, monthly)
	l.mornings(bill(line{service: "D1", from: "09-01", costs: "12.4999"}), "09-01", "09-30")
	l.check()
}

// The next period has the same thresholds and an alert of its own.
func TestPeriodEndsItsAlert(t *testing.T) {
	for name, rule := range map[string]string{
		"month":          "- {name: whole, budget: {amount: 25, period: month}}",
		"billing period": "- {name: whole, budget: {amount: 25, period: billing_period}}",
	} {
		t.Run(name, func(t *testing.T) {
			l := newLife(t, rule)
			l.mornings(bill(line{service: "D1", from: "09-01", costs: "1x29 0.5 20 5"}), "09-01", "10-02")
			l.check("09-26 fired 100% 25", "10-01 period_ended 100% 29.5", "10-03 fired 100% 25")
			if l.alerts[0].ID == l.alerts[1].ID {
				t.Errorf("two periods share the alert %s", l.alerts[0].ID)
			}
			if got := l.alerts[0]; got.State != rules.Resolved || got.Ended != rules.EndedPeriod {
				t.Errorf("September's alert: got %s, ended %q", got.State, got.Ended)
			}
		})
	}
}

// The last day's rows come when the period is over. What they take over the
// line is told, and stands for a day before it is told as ended.
func TestTheLastDayCounts(t *testing.T) {
	for _, period := range []string{"month", "billing_period"} {
		t.Run(period, func(t *testing.T) {
			l := newLife(t, "- {name: whole, budget: {amount: 25, period: "+period+", actual: [80%, 100%]}}")
			l.mornings(bill(line{service: "D1", from: "09-01", costs: "0.5x29 11 0.1 0.1"}), "09-01", "10-02")
			l.check("10-01 fired 100% 25.5", "10-02 period_ended 100% 25.5")
			l = newLife(t, "- {name: whole, budget: {amount: 25, period: "+period+", actual: [80%, 100%]}}")
			l.mornings(bill(line{service: "D1", from: "09-01", costs: "0.7x29 11 0.1 0.1"}), "09-01", "10-02")
			l.check("09-30 fired 80% 20.3", "10-01 escalated 100% 31.3", "10-02 period_ended 100% 31.3")
		})
	}
}

// An ended period is still measured while its last days can arrive or be
// restated, and then no more.
func TestLateRowsOfAnEndedPeriod(t *testing.T) {
	for _, period := range []string{"month", "billing_period"} {
		r := rulesOf(t, "- {name: whole, budget: {amount: 25, period: "+period+"}}")
		known := bill(line{service: "D1", from: "09-28", costs: "24 0 - 1 0 0 0 0 0"})
		for today, want := range map[string]string{"10-01": "24", "10-05": "26", "10-06": ""} {
			now := morningAfter(day(today) - 1)
			ledger := upTo(known, day(today)-1)
			if want == "26" {
				ledger = bill(line{service: "D1", from: "09-28", costs: "24 0 2 1 0 0 0"})
			}
			got := ""
			for _, f := range r.Evaluate(production, ledger.Bill(), now) {
				if f.Episode == day("09-01") {
					got = f.Amount.String()
				}
			}
			if got != want {
				t.Errorf("%s: September on %s is %q, want %q", period, today, got, want)
			}
		}
	}
}

// A period that passed while nobody looked ends its alert too.
func TestPeriodThatPassedUnseen(t *testing.T) {
	l := newLife(t, "- {name: whole, budget: {amount: 25, period: month}}")
	ledger := bill(line{service: "D1", from: "09-01", costs: "26"})
	l.mornings(ledger, "09-01", "09-02")
	l.check("09-02 fired 100% 26")
	l.look(ledger, morningAfter(day("11-10")))
	l.check("11-11 period_ended 100% 26 (09-01)")
}

// A refund is believed once two charge days stand under the line.
func TestRefundBelowTheLine(t *testing.T) {
	l := newLife(t, "- {name: whole, budget: {amount: 25, period: month}}")
	l.mornings(bill(line{service: "D1", from: "09-01", costs: "10 16"}), "09-01", "09-02")
	l.check("09-03 fired 100% 26")

	refunded := bill(line{service: "D1", from: "09-01", costs: "10 8 1"})
	l.look(refunded, morningAfter(day("09-03")))
	l.look(refunded, morningAfter(day("09-05"))) // later, and no newer data
	l.check()

	later := bill(line{service: "D1", from: "09-01", costs: "10 8 1 1"})
	later.Trust = fetcher.Trust{Verdict: fetcher.Untrusted, Reason: "rows are missing"}
	l.look(later, morningAfter(day("09-05")))
	l.check()

	later.Trust = fetcher.Trust{Verdict: fetcher.Trusted}
	l.look(later, morningAfter(day("09-05")))
	l.check("09-06 resolved 100% 20 (09-04)")
	if got := l.newest().Ended; got != rules.EndedBack {
		t.Errorf("ended %q, want %q", got, rules.EndedBack)
	}

	// Once a period: the same line again is the same alert, and no second one.
	l.look(bill(line{service: "D1", from: "09-01", costs: "10 8 1 1 6"}), morningAfter(day("09-05")))
	l.check()
	if got := l.newest(); len(l.alerts) != 1 || got.State != rules.Firing {
		t.Errorf("got %d alerts, the newest %s, want one that is firing", len(l.alerts), got.State)
	}
}

func TestRefundThatIsTakenBack(t *testing.T) {
	l := newLife(t, "- {name: whole, budget: {amount: 25, period: month}}")
	l.look(bill(line{service: "D1", from: "09-01", costs: "26"}), morningAfter(day("09-01")))
	l.look(bill(line{service: "D1", from: "09-01", costs: "18 1"}), morningAfter(day("09-02")))
	l.look(bill(line{service: "D1", from: "09-01", costs: "26 1 1"}), morningAfter(day("09-03")))
	l.look(bill(line{service: "D1", from: "09-01", costs: "18 1 1 1"}), morningAfter(day("09-04")))
	l.check("09-02 fired 100% 26")
}

// No answer and an answer that cannot be trusted resolve nothing.
func TestNothingResolvesWithoutTrust(t *testing.T) {
	for _, verdict := range []fetcher.Verdict{fetcher.Untrusted, fetcher.NoData} {
		for _, rule := range []string{
			"- {name: r, budget: {amount: 9, period: month}}",
			"- {name: r, budget: {amount: 9, period: day}}",
			"- {name: r, spike: }",
		} {
			l := newLife(t, rule)
			l.mornings(bill(line{service: "D1", from: "08-05", costs: "0x27 10"}), "09-01", "09-01")
			l.said = nil
			ledger := bill(line{service: "D1", from: "08-05", costs: "0x27 2 0x5"})
			ledger.Trust.Verdict = verdict
			l.look(ledger, morningAfter(day("09-06")))
			l.check()
			if got := l.newest().State; got != rules.Firing {
				t.Errorf("%s: %s on %s", rule, got, verdict)
			}
		}
	}
}

// What people would see is an update; what they would not is nothing.
func TestUpdates(t *testing.T) {
	dollars := line{service: "D1", from: "09-01", costs: "26 1"}
	for name, tt := range map[string]struct {
		ledger fetcher.Ledger
		want   int
	}{
		"the same":             {bill(dollars), 0},
		"told as two rows":     {bill(line{service: "D1", from: "09-01", costs: "20 1"}, line{service: "D1", from: "09-01", costs: "6"}), 0},
		"another day":          {bill(line{service: "D1", from: "09-01", costs: "26 1 0"}), 1},
		"more":                 {bill(line{service: "D1", from: "09-01", costs: "26 1.01"}), 1},
		"more, but of another": {bill(dollars, line{service: "KV", from: "09-01", costs: "3", currency: "EUR"}), 1},
		"less of another":      {bill(dollars, line{service: "KV", from: "09-01", costs: "-1", currency: "EUR"}), 1},
	} {
		l := newLife(t, "- {name: whole, budget: {amount: 25, period: month, currency: USD}}")
		l.look(bill(dollars), morningAfter(day("09-02")))
		l.said = nil
		l.look(tt.ledger, morningAfter(day("09-02")))
		if len(l.said) != tt.want {
			t.Errorf("%s: got %q, want %d updates", name, l.said, tt.want)
		}
	}
}
