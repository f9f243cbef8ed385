package ruletest

import (
	"cmp"
	"slices"

	"github.com/billbot/billbot/fetcher"
	"github.com/billbot/billbot/rules"
	"github.com/shopspring/decimal"
)

// Outcome is what a test came to.
type Outcome struct {
	Missing    []Expectation // did not happen
	Unexpected []rules.Event // happened, and was not expected
	Got        []rules.Event // all that was said
}

// OK reports whether the test passed.
func (o Outcome) OK() bool { return len(o.Missing)+len(o.Unexpected) == 0 }

// Compare holds what was said against what was expected. Each expectation wants
// an event of its own. Every alert that fired or escalated must be expected;
// other events, which only edit a message, must happen where they are expected
// and may happen where they are not.
func Compare(expect []Expectation, got []rules.Event) Outcome {
	m := matching{expect: expect, got: got, taker: make([]int, len(got))}
	for i := range m.taker {
		m.taker[i] = nobody
	}
	o := Outcome{Got: got}
	for i, e := range expect {
		if !m.place(i, make([]bool, len(got))) {
			o.Missing = append(o.Missing, e)
		}
	}
	for i, event := range got {
		if m.taker[i] == nobody && (event.Type == rules.Fired || event.Type == rules.Escalated) {
			o.Unexpected = append(o.Unexpected, event)
		}
	}
	return o
}

// matching gives events to expectations, one each. One that leaves much open
// does not take the only event that another could have.
type matching struct {
	expect []Expectation
	got    []rules.Event
	taker  []int // of each event: the expectation that has it
}

const nobody = -1

// place finds an event for an expectation; those that have one already move to
// another where they can.
func (m matching) place(i int, tried []bool) bool {
	for j, event := range m.got {
		if tried[j] || !m.expect[i].fits(event) {
			continue
		}
		tried[j] = true
		if m.taker[j] == nobody || m.place(m.taker[j], tried) {
			m.taker[j] = i
			return true
		}
	}
	return false
}

// fits reports whether an event is one that was expected.
func (e Expectation) fits(event rules.Event) bool {
	f := event.Alert.Finding
	return e.Event == event.Type && e.Rule == f.Rule &&
		same(e.Account, f.Subject.Account) && same(e.Service, f.Subject.Service) && same(e.Zone, f.Subject.Zone) &&
		same(e.Day, f.Day) && same(e.At, fetcher.DayOf(event.At)) &&
		same(e.Level, f.Severity) && same(e.Threshold, f.Threshold) &&
		(e.Amount == nil || e.Amount.Equal(f.Amount))
}

// same reports whether a value is what was expected; zero expects nothing.
func same[T comparable](want, got T) bool {
	var open T
	return want == open || want == got
}

// Line is an event of a diff: what was expected, or what was said. What was
// left open is empty.
type Line struct {
	Sign      string           `json:"sign"` // "-" expected, "+" got
	Day       fetcher.Day      `json:"day"`
	At        fetcher.Day      `json:"at"`
	Event     rules.EventType  `json:"event"`
	Rule      string           `json:"rule"`
	Account   string           `json:"account"`
	Service   string           `json:"service"`
	Zone      string           `json:"zone"`
	Level     rules.Severity   `json:"level"`
	Threshold string           `json:"threshold"`
	Amount    *decimal.Decimal `json:"amount"`
}

// Diff is what did not happen and what was not expected, rule by rule: what was
// expected of one, then what it said, by day.
func (o Outcome) Diff() []Line {
	var lines []Line
	for _, e := range o.Missing {
		lines = append(lines, Line{"-", e.Day, e.At, e.Event, e.Rule, e.Account, e.Service, e.Zone, e.Level, e.Threshold, e.Amount})
	}
	for _, event := range o.Unexpected {
		f := event.Alert.Finding
		lines = append(lines, Line{"+", f.Day, fetcher.DayOf(event.At), event.Type, f.Rule, f.Subject.Account, f.Subject.Service,
			f.Subject.Zone, f.Severity, f.Threshold, &f.Amount})
	}
	slices.SortStableFunc(lines, func(a, b Line) int {
		return cmp.Or(cmp.Compare(a.Rule, b.Rule), cmp.Compare(b.Sign, a.Sign), // "-" first
			cmp.Compare(cmp.Or(a.Day, a.At-1), cmp.Or(b.Day, b.At-1)))
	})
	return lines
}

// Coverage counts, for each rule, the tests in which it fired.
type Coverage map[string]int

// Add takes one test's events.
func (c Coverage) Add(got []rules.Event) {
	seen := map[string]bool{}
	for _, event := range got {
		if rule := event.Alert.Finding.Rule; event.Type == rules.Fired && !seen[rule] {
			seen[rule] = true
			c[rule]++
		}
	}
}

// Never is the rules that fired in no test, in the order of their file.
func (c Coverage) Never(r *rules.Rules) []string {
	var never []string
	for _, rule := range r.OfBill() {
		if c[rule.Name] == 0 {
			never = append(never, rule.Name)
		}
	}
	return never
}
