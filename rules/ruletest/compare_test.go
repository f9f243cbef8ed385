package ruletest_test

import (
	"testing"

	"github.com/billbot/billbot/fetcher"
	"github.com/billbot/billbot/rules"
	"github.com/billbot/billbot/rules/ruletest"
	"github.com/google/go-cmp/cmp"
	"github.com/shopspring/decimal"
)

// event is one of D1's on a day in April.
func event(kind rules.EventType, rule string, day int, level rules.Severity) rules.Event {
	on := fetcher.NewDay(2026, 4, day)
	return rules.Event{Type: kind, At: (on + 1).Time(), Alert: rules.Alert{Finding: rules.Finding{
		Rule: rule, Day: on, Severity: level, Subject: rules.Subject{Account: "a", Service: "D1"}, Amount: decimal.NewFromInt(4),
	}}}
}

func expected(rule string, day int) ruletest.Expectation {
	return ruletest.Expectation{Event: rules.Fired, Rule: rule, Day: fetcher.NewDay(2026, 4, day)}
}

// signs is what differs, one word a line of the diff.
func signs(o ruletest.Outcome) []string {
	var all []string
	for _, l := range o.Diff() {
		all = append(all, l.Sign+l.Rule)
	}
	return all
}

func TestCompare(t *testing.T) {
	critical, morning, four, five := expected("r", 3), expected("r", 0), expected("r", 3), expected("r", 3)
	critical.Level = rules.Critical
	morning.Day, morning.At = 0, fetcher.NewDay(2026, 4, 4)
	n4, n5 := decimal.New(400, -2), decimal.NewFromInt(5)
	four.Amount, five.Amount = &n4, &n5
	open := ruletest.Expectation{Event: rules.Fired, Rule: "r"}
	resolved := ruletest.Expectation{Event: rules.Recovered, Rule: "r"}
	fired, later := event(rules.Fired, "r", 3, rules.Warning), event(rules.Fired, "r", 5, rules.Warning)
	over := event(rules.Recovered, "r", 3, rules.Warning)
	for _, tt := range []struct {
		name   string
		expect []ruletest.Expectation
		got    []rules.Event
		want   []string
	}{
		{"nothing of nothing", nil, nil, nil},
		{"what was expected", []ruletest.Expectation{expected("r", 3)}, []rules.Event{fired}, nil},
		{"it did not happen", []ruletest.Expectation{expected("r", 3)}, nil, []string{"-r"}},
		{"nobody expected it", nil, []rules.Event{fired}, []string{"+r"}},
		{"an escalation nobody expected", nil, []rules.Event{event(rules.Escalated, "r", 3, rules.Critical)}, []string{"+r"}},
		{"another day", []ruletest.Expectation{expected("r", 3)}, []rules.Event{later}, []string{"-r", "+r"}},
		{"another level", []ruletest.Expectation{critical}, []rules.Event{fired}, []string{"-r", "+r"}},
		{"another rule", []ruletest.Expectation{expected("q", 3)}, []rules.Event{fired}, []string{"-q", "+r"}},
		{"by the morning", []ruletest.Expectation{morning}, []rules.Event{fired}, nil},
		{"by amount, however written", []ruletest.Expectation{four}, []rules.Event{fired}, nil},
		{"another amount", []ruletest.Expectation{five}, []rules.Event{fired}, []string{"-r", "+r"}},
		{"the open one leaves the other its event", []ruletest.Expectation{open, expected("r", 3)}, []rules.Event{fired, later}, nil},
		{"two want one", []ruletest.Expectation{open, expected("r", 3)}, []rules.Event{fired}, []string{"-r"}},
		{"edits need not be expected", []ruletest.Expectation{open}, []rules.Event{fired, over}, nil},
		{"edits can be", []ruletest.Expectation{open, resolved}, []rules.Event{fired, over}, nil},
		{"edits that did not happen", []ruletest.Expectation{open, resolved}, []rules.Event{fired}, []string{"-r"}},
	} {
		o := ruletest.Compare(tt.expect, tt.got)
		if diff := cmp.Diff(tt.want, signs(o)); diff != "" || o.OK() != (tt.want == nil) {
			t.Errorf("%s: ok %t (-want +got):\n%s", tt.name, o.OK(), diff)
		}
	}
}

func TestCoverage(t *testing.T) {
	c := ruletest.Coverage{}
	c.Add([]rules.Event{event(rules.Fired, "runaway", 3, rules.Warning), event(rules.Fired, "runaway", 4, rules.Warning)})
	c.Add([]rules.Event{event(rules.Recovered, "whole-account", 3, rules.Warning)})
	if c["runaway"] != 1 {
		t.Errorf("runaway fired in %d tests, want 1", c["runaway"])
	}
	if diff := cmp.Diff([]string{"whole-account"}, c.Never(rulesOf(t, someRules))); diff != "" {
		t.Errorf("never fired (-want +got):\n%s", diff)
	}
}
