package rules_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/billbot/billbot/fetcher"
	"github.com/billbot/billbot/rules"
	"github.com/google/go-cmp/cmp"
)

// life is an account as the daemon lives it: looked at again and again, its
// alerts kept, what was said written down.
type life struct {
	t      testing.TB
	rules  *rules.Rules
	alerts []rules.Alert
	said   []string
	mark   func(rules.Event) string // optional: what is added to what is said
}

// newLife is an account nobody looked at yet.
func newLife(t testing.TB, written string) *life { return &life{t: t, rules: rulesOf(t, written)} }

// look evaluates a ledger at a moment. Looking again must not say a thing.
func (l *life) look(ledger fetcher.Ledger, now time.Time) {
	l.t.Helper()
	l.evaluate(ledger.Bill(), now)
	before := len(l.said)
	l.evaluate(ledger.Bill(), now.Add(time.Minute))
	if len(l.said) > before {
		l.t.Errorf("looked twice, said twice: %q", l.said[before-1:])
	}
}

func (l *life) evaluate(known fetcher.Bill, now time.Time) {
	changed, events := rules.Advance(production.ID, l.alerts, l.rules.Evaluate(production, known, now), now)
	l.rules.Causes(production, known, changed, events, now)
	l.take(changed, events)
}

func (l *life) advance(findings []rules.Finding, now time.Time) {
	l.take(rules.Advance(production.ID, l.alerts, findings, now))
}

func (l *life) take(changed []rules.Alert, events []rules.Event) {
	for _, a := range changed {
		l.alerts = slices.DeleteFunc(l.alerts, func(b rules.Alert) bool { return a.ID == b.ID })
		l.alerts = append(l.alerts, a)
	}
	for _, e := range events {
		text := said(e)
		if l.mark != nil {
			text += l.mark(e)
		}
		l.said = append(l.said, text)
	}
}

// mornings looks at a ledger every morning, after each of the days from first
// to last.
func (l *life) mornings(ledger fetcher.Ledger, first, last string) {
	l.t.Helper()
	for d := day(first); d <= day(last); d++ {
		l.look(upTo(ledger, d), morningAfter(d))
	}
}

// said is an event in a line: "09-06 fired 100% 26.00", with the charge day in
// brackets where it is not the day before.
func said(e rules.Event) string {
	f := e.Alert.Finding
	level := f.Threshold
	switch f.Kind {
	case rules.KindSpike:
		level = string(f.Severity)
	case rules.KindForecast:
		level = "forecast " + level
	}
	morning := fetcher.DayOf(e.At)
	parts := []string{morning.String()[len("2026-"):], string(e.Type), f.Subject.Service, f.Subject.Zone, level, f.Amount.String()}
	if f.Day != morning-1 {
		parts = append(parts, fmt.Sprintf("(%s)", f.Day.String()[len("2026-"):]))
	}
	return strings.Join(slices.DeleteFunc(parts, func(s string) bool { return s == "" }), " ")
}

// check compares what was said since the last check, but for mere updates.
func (l *life) check(want ...string) {
	l.t.Helper()
	got := slices.DeleteFunc(l.said, func(s string) bool { return strings.Contains(s, " updated ") })
	l.said = nil
	if diff := cmp.Diff(want, slices.Clip(got), cmp.Transformer("none", func(s []string) []string { return append([]string{}, s...) })); diff != "" {
		l.t.Errorf("said (-want +got):\n%s", diff)
	}
}

// newest is the alert that fired last.
func (l *life) newest() rules.Alert {
	l.t.Helper()
	if len(l.alerts) == 0 {
		l.t.Fatal("no alert")
	}
	return slices.MaxFunc(l.alerts, func(a, b rules.Alert) int { return a.Since.Compare(b.Since) })
}
