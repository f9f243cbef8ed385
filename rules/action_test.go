package rules_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/billbot/billbot/rules"
	"github.com/google/go-cmp/cmp"
)

var someMorning = time.Date(2026, 9, 5, 9, 0, 0, 0, time.UTC)

// act does something about the only alert of a life.
func (l *life) act(do func(rules.Alert) (rules.Alert, rules.Event, error)) {
	l.t.Helper()
	a, e, err := do(l.alerts[0])
	if err != nil {
		l.t.Fatal(err)
	}
	if !e.Quiet || e.Deed == nil || e.Deed.Alert != a.ID || e.Deed.Type != e.Type {
		l.t.Errorf("what was done is told as %+v", e)
	}
	l.alerts[0] = a
}

// loud adds whether the channel hears of it to what is said.
func (l *life) loud() {
	l.mark = func(e rules.Event) string {
		if e.Quiet {
			return " quietly"
		}
		return ""
	}
}

const longBudget = "- {name: whole, budget: {amount: 25, period: month, actual: [50%, 80%, 100%]}}"

func TestAcknowledgedAlertStaysLoud(t *testing.T) {
	l := newLife(t, longBudget)
	l.loud()
	spent := bill(line{service: "D1", from: "09-01", costs: "13 1 6 0 9"})
	l.mornings(spent, "09-01", "09-02")
	l.act(func(a rules.Alert) (rules.Alert, rules.Event, error) { return a.Acknowledge("U1", "", someMorning) })
	if got := l.alerts[0]; got.AcknowledgedBy != "U1" || !got.AcknowledgedAt.Equal(someMorning) {
		t.Errorf("acknowledged as %q at %s", got.AcknowledgedBy, got.AcknowledgedAt)
	}
	l.mornings(spent, "09-03", "09-03")
	if got := l.alerts[0].AcknowledgedBy; got != "" {
		t.Errorf("grew worse and is still acknowledged by %q: that was of less", got)
	}
	l.check("09-02 fired 50% 13", "09-04 escalated 80% 20")
}

func TestSnoozedAlertIsToldWhenTheSnoozeEnds(t *testing.T) {
	l := newLife(t, longBudget)
	l.loud()
	spent := bill(line{service: "D1", from: "09-01", costs: "13 1 6 0 9"})
	l.mornings(spent, "09-01", "09-02")
	until := morningAfter(day("09-05"))
	l.act(func(a rules.Alert) (rules.Alert, rules.Event, error) {
		return a.Snooze("U1", "", until, morningAfter(day("09-02")))
	})
	l.mornings(spent, "09-03", "09-06")
	l.check("09-02 fired 50% 13", "09-04 escalated 80% 20 quietly",
		// The hundred per cent come on the morning the snooze ends.
		"09-06 escalated 100% 29")
	if a := l.alerts[0]; !a.SnoozedUntil.IsZero() || a.Missed {
		t.Errorf("after the snooze: %+v", a)
	}
}

func TestWhatWasMissedIsTold(t *testing.T) {
	l := newLife(t, longBudget)
	l.loud()
	spent := bill(line{service: "D1", from: "09-01", costs: "13 1 6 0 0 0 0"})
	l.mornings(spent, "09-01", "09-02")
	l.act(func(a rules.Alert) (rules.Alert, rules.Event, error) {
		return a.Expect("U1", " a  backfill ", day("09-05"), morningAfter(day("09-02")))
	})
	if got := l.alerts[0].Expected.Reason; got != "a backfill" {
		t.Errorf("the reason is %q", got)
	}
	l.mornings(spent, "09-03", "09-07")
	l.check("09-02 fired 50% 13", "09-04 escalated 80% 20 quietly", "09-06 escalated 80% 20")
}

func TestHoldThatMissedNothingEndsQuietly(t *testing.T) {
	l := newLife(t, longBudget)
	spent := bill(line{service: "D1", from: "09-01", costs: "13 1 0 0 0"})
	l.mornings(spent, "09-01", "09-02")
	l.act(func(a rules.Alert) (rules.Alert, rules.Event, error) {
		return a.Snooze("U1", "", morningAfter(day("09-03")), morningAfter(day("09-02")))
	})
	l.mornings(spent, "09-03", "09-05")
	l.check("09-02 fired 50% 13")
	if !l.alerts[0].SnoozedUntil.IsZero() {
		t.Error("a snooze that is over is still there")
	}
}

// Who snoozed a warning did not say so of what it became.
func TestCriticalIsLoudWhateverIsSnoozed(t *testing.T) {
	for name, hold := range map[string]func(rules.Alert) (rules.Alert, rules.Event, error){
		"snoozed": func(a rules.Alert) (rules.Alert, rules.Event, error) {
			return a.Snooze("U1", "", someMorning.AddDate(0, 0, 7), morningAfter(day("08-29")))
		},
		"expected": func(a rules.Alert) (rules.Alert, rules.Event, error) {
			return a.Expect("U1", "a backfill", day("09-20"), morningAfter(day("08-29")))
		},
	} {
		t.Run(name, func(t *testing.T) {
			l := newLife(t, spikes)
			l.loud()
			spent := bill(line{service: "D1", from: "08-01", costs: "0.10x28 2 2 2 2"})
			l.mornings(spent, "08-01", "08-29")
			l.act(hold)
			l.mornings(spent, "08-30", "09-01")
			l.check("08-30 fired D1 warning 2", "09-02 escalated D1 critical 2")
		})
	}
}

func TestSnoozedAlertResolves(t *testing.T) {
	l := newLife(t, spikes)
	spent := bill(line{service: "D1", from: "08-01", costs: "0.10x28 2 0.1 0.1 0.1"})
	l.mornings(spent, "08-01", "08-29")
	l.act(func(a rules.Alert) (rules.Alert, rules.Event, error) {
		return a.Snooze("U1", "", someMorning.AddDate(0, 1, 0), morningAfter(day("08-29")))
	})
	l.mornings(spent, "08-30", "09-01")
	if a := l.alerts[0]; a.State != rules.Resolved {
		t.Errorf("a snoozed alert that is back to usual is %s", a.State)
	}
}

func TestWhatCannotBeDone(t *testing.T) {
	on := rules.Alert{ID: "a", State: rules.Firing}
	over := rules.Alert{ID: "a", State: rules.Resolved}
	acknowledged, _, _ := on.Acknowledge("U1", "", someMorning)
	snoozed, _, _ := on.Snooze("U1", "", someMorning.Add(24*time.Hour), someMorning)
	expected, _, _ := on.Expect("U1", "why", day("09-09"), someMorning)
	tests := map[string]struct {
		alert rules.Alert
		do    func(rules.Alert) (rules.Alert, rules.Event, error)
		want  error
	}{
		"acknowledge what is over": {over, func(a rules.Alert) (rules.Alert, rules.Event, error) { return a.Acknowledge("U2", "", someMorning) }, rules.ErrOver},
		"acknowledge again":        {acknowledged, func(a rules.Alert) (rules.Alert, rules.Event, error) { return a.Acknowledge("U2", "", someMorning) }, rules.ErrAlready},
		"snooze what is over": {over, func(a rules.Alert) (rules.Alert, rules.Event, error) {
			return a.Snooze("U2", "", someMorning.Add(time.Hour), someMorning)
		}, rules.ErrOver},
		"snooze twice": {snoozed, func(a rules.Alert) (rules.Alert, rules.Event, error) {
			return a.Snooze("U2", "", someMorning.Add(24*time.Hour+2*time.Second), someMorning.Add(2*time.Second))
		}, rules.ErrAlready},
		"snooze shorter": {snoozed, func(a rules.Alert) (rules.Alert, rules.Event, error) {
			return a.Snooze("U2", "", someMorning.Add(time.Hour), someMorning)
		}, nil},
		"snooze into the past": {on, func(a rules.Alert) (rules.Alert, rules.Event, error) {
			return a.Snooze("U2", "", someMorning, someMorning)
		}, rules.ErrPast},
		"snooze for two years": {on, func(a rules.Alert) (rules.Alert, rules.Event, error) {
			return a.Snooze("U2", "", someMorning.AddDate(2, 0, 0), someMorning)
		}, rules.ErrFar},
		"expect until yesterday": {on, func(a rules.Alert) (rules.Alert, rules.Event, error) {
			return a.Expect("U2", "why", day("09-04"), someMorning)
		}, rules.ErrPast},
		"expect until today": {on, func(a rules.Alert) (rules.Alert, rules.Event, error) {
			return a.Expect("U2", "why", day("09-05"), someMorning)
		}, nil},
		"expect without reason": {on, func(a rules.Alert) (rules.Alert, rules.Event, error) {
			return a.Expect("U2", " \n", day("09-09"), someMorning)
		}, rules.ErrNoReason},
		"expect again": {expected, func(a rules.Alert) (rules.Alert, rules.Event, error) {
			return a.Expect("U2", "why", day("09-09"), someMorning)
		}, rules.ErrAlready},
		"expect for another day": {expected, func(a rules.Alert) (rules.Alert, rules.Event, error) {
			return a.Expect("U2", "why", day("09-10"), someMorning)
		}, nil},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			got, _, err := tt.do(tt.alert)
			if !errors.Is(err, tt.want) || tt.want == nil && err != nil {
				t.Errorf("got %v, want %v", err, tt.want)
			}
			if diff := cmp.Diff(tt.alert, got); (diff == "") != (err != nil) {
				t.Errorf("error %v, and the change is (-before +after):\n%s", err, diff)
			}
		})
	}
}

func TestLongReasonsAreCut(t *testing.T) {
	a, e, err := rules.Alert{ID: "a", State: rules.Firing}.Expect("U1", strings.Repeat("é", 2000), day("09-09"), someMorning)
	if err != nil || len([]rune(a.Expected.Reason)) != 500 || e.Deed.Reason != a.Expected.Reason {
		t.Errorf("error %v, reason of %d characters", err, len([]rune(a.Expected.Reason)))
	}
}
