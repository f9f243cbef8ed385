package ruletest

import (
	"github.com/billbot/billbot/fetcher"
	"github.com/billbot/billbot/rules"
)

// expectation reads an event that must happen.
func (l loader) expectation(part rules.Part, of subjects) Expectation {
	b := part.Block("an expected event", "rule", "day", "at", "event", "level", "service", "zone", "account", "threshold", "amount")
	e := Expectation{Line: part.Line(), Event: rules.Fired}
	if name, ok := b.Need("rule").Text(); ok {
		e.Rule, _ = b.Get("rule").Known("rule", name, l.names)
		l.happens(b.Get("rule"), e.Rule)
	}
	if event := b.Get("event"); event.Present() {
		e.Event = rules.EventType(event.Word(string(rules.Fired), string(rules.Escalated), string(rules.Updated),
			string(rules.Recovered), string(rules.PeriodEnded)))
	}
	if level := b.Get("level"); level.Present() {
		e.Level = rules.Severity(level.Word(string(rules.Info), string(rules.Warning), string(rules.Critical)))
	}
	e.when(part, b)
	e.subject(b, of)
	e.Threshold, _ = b.Get("threshold").Text()
	if amount, ok := b.Get("amount").Number(); ok {
		e.Amount = &amount
	}
	return e
}

// happens reports a rule that no test can make fire: a test has the charges of
// every day, and believes them.
func (l loader) happens(part rules.Part, name string) {
	for _, rule := range l.rules.Rules {
		if rule.Name == name && rule.Stale != nil {
			part.Report("rule %q is about data that cannot be read or believed: a test cannot expect it", Cut(name))
		}
	}
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

// subjects is what the events of a test can be about.
type subjects struct{ services, zones, accounts rules.Names }

func subjectsOf(rows []Row) subjects {
	var services, zones, accounts []string
	for _, row := range rows {
		services = append(services, fetcher.Service(row.Service))
		zones, accounts = append(zones, row.Zone), append(accounts, row.Account.Name)
	}
	return subjects{rules.NewNames(services), rules.NewNames(zones), rules.NewNames(accounts)}
}

// subject reads what the event is about. It must be something that the test
// has, as nothing else can have an event.
func (e *Expectation) subject(b rules.Block, of subjects) {
	if name, ok := b.Get("service").Text(); ok {
		e.Service, _ = b.Get("service").Known("service of the test", fetcher.Service(name), of.services)
	}
	if name, ok := b.Get("zone").Text(); ok {
		e.Zone, _ = b.Get("zone").Known("zone of the test", name, of.zones)
	}
	if name, ok := b.Get("account").Text(); ok {
		e.Account, _ = b.Get("account").Known("account of the test", name, of.accounts)
	}
}
