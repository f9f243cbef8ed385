package ruletest

import (
	"github.com/billbot/billbot/rules"
)

// expectation reads an event that must happen.
func (l loader) expectation(part rules.Part, t Test) Expectation {
	b := part.Block("an expected event", "rule", "day", "at", "event", "level", "service", "zone", "account", "threshold", "amount")
	e := Expectation{Line: part.Line(), Event: rules.Fired}
	if name, ok := b.Need("rule").Text(); ok {
		e.Rule, _ = b.Get("rule").Known("rule", name, l.ruleNames())
	}
	if event := b.Get("event"); event.Present() {
		e.Event = rules.EventType(event.Word(string(rules.Fired), string(rules.Escalated), string(rules.Updated),
			string(rules.Recovered), string(rules.PeriodEnded)))
	}
	if level := b.Get("level"); level.Present() {
		e.Level = rules.Severity(level.Word(string(rules.Info), string(rules.Warning), string(rules.Critical)))
	}
	e.when(part, b)
	l.subject(&e, b, t)
	e.Threshold, _ = b.Get("threshold").Text()
	if amount, ok := b.Get("amount").Number(); ok {
		e.Amount = &amount
	}
	return e
}

// when reads the day an event is about, or the morning it is told.
func (e *Expectation) when(part rules.Part, b rules.Block) {
	day, at := b.Get("day"), b.Get("at")
	if part.IsMapping() && !day.Present() && !at.Present() {
		part.Report("an expected event needs \"day\", the day it is about, or \"at\", the morning it is told")
	}
	e.Day, _ = day.Day()
	e.At, _ = at.Day()
}

// subject reads what the event is about. It must be something that the test
// has, as nothing else can have an event.
func (l loader) subject(e *Expectation, b rules.Block, t Test) {
	if name, ok := b.Get("service").Text(); ok {
		e.Service, _ = b.Get("service").Known("service of the test", name, t.names(func(r Row) string { return identity(r) }))
	}
	if name, ok := b.Get("zone").Text(); ok {
		e.Zone, _ = b.Get("zone").Known("zone of the test", name, t.names(func(r Row) string { return r.Zone }))
	}
	if name, ok := b.Get("account").Text(); ok {
		e.Account, _ = b.Get("account").Known("account of the test", name, t.names(func(r Row) string { return r.Account.Name }))
	}
}

func (l loader) ruleNames() []string {
	var names []string
	for _, rule := range l.rules.Rules {
		names = append(names, rule.Name)
	}
	return names
}

// names is what the rows of the test are called, each once.
func (t Test) names(of func(Row) string) []string {
	var names []string
	seen := map[string]bool{"": true}
	for _, row := range t.Rows {
		if name := of(row); !seen[name] {
			seen[name] = true
			names = append(names, name)
		}
	}
	return names
}
