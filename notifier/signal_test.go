package notifier_test

import (
	"slices"
	"strconv"
	"testing"

	"github.com/billbot/billbot/notifier"
	"github.com/billbot/billbot/rules"
	"github.com/billbot/billbot/rules/report"
)

const signalRules = `
accounts:
  - {name: production, id: 023e105f4ecef8ad9ca31a8372d0c353, tags: [client-a]}
  - {name: staging, id: 9a7806061c88ada191ed06f989cc3dac}
slack: {channel: "#a"}
webhooks:
  - {name: all, url: "https://a.example.com"}
  - {name: critical, url: "https://b.example.com", severity: critical}
  - {name: spikes, url: "https://c.example.com", rules: ["run*"]}
  - {name: client, url: "https://d.example.com", accounts: ["tag:client-a"]}
rules:
  - {name: runaway, spike: {}}
  - {name: whole, budget: {amount: 5}}
`

func loadSignalRules(t *testing.T) *rules.Rules {
	t.Helper()
	r, err := rules.Load("rules.yaml", []byte(signalRules))
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// toldTo is the webhooks that items go to, each event once.
func toldTo(t *testing.T, items []notifier.Item) (told []string) {
	t.Helper()
	keys := map[string]bool{}
	for _, item := range items {
		if to := item.Destination(); to != "" {
			told = append(told, to+" "+string(item.Content.Signal.Type))
			if keys[item.Key] {
				t.Errorf("%s is the key of two events", item.Key)
			}
			keys[item.Key] = true
		}
	}
	return told
}

func TestWhoIsTold(t *testing.T) {
	r := loadSignalRules(t)
	for _, c := range []struct {
		name    string
		account int
		rule    string
		level   rules.Severity
		event   rules.EventType
		change  func(*rules.Alert)
		want    []string
	}{
		{"a spike", 0, "runaway", rules.Warning, rules.Fired, nil, []string{"all fired", "spikes fired", "client fired"}},
		{"of another account", 1, "runaway", rules.Info, rules.Escalated, nil, []string{"all escalated", "spikes escalated"}},
		{"a critical budget", 1, "whole", rules.Critical, rules.Recovered, nil, []string{"all resolved", "critical resolved"}},
		{"its period ended", 1, "whole", rules.Info, rules.PeriodEnded, nil, []string{"all resolved"}},
		{"newer figures", 0, "runaway", rules.Critical, rules.Updated, nil, nil},
		{"on before", 0, "runaway", rules.Critical, rules.Fired, func(a *rules.Alert) { a.Seeded = true }, nil},
		{"an action", 0, "runaway", rules.Critical, rules.ActionApproved, func(a *rules.Alert) { a.Approval = &rules.Approval{Webhook: "critical"} }, []string{"critical action"}},
		{"a question", 0, "runaway", rules.Critical, rules.ActionWaiting, func(a *rules.Alert) { a.Approval = &rules.Approval{Webhook: "critical"} }, nil},
	} {
		a := rules.Alert{ID: "x", State: rules.Firing, Finding: rules.Finding{Rule: c.rule, Severity: c.level}}
		if c.change != nil {
			c.change(&a)
		}
		events := []rules.Event{{Type: c.event, Alert: a, At: t0, Fresh: true}}
		if got := toldTo(t, notifier.Compose(r, r.Accounts[c.account], []rules.Alert{a}, events)); !slices.Equal(got, c.want) {
			t.Errorf("%s: told %q, want %q", c.name, got, c.want)
		}
	}
}

// A webhook of some accounts hears of those alone, and one of some rules of no
// summary.
func TestWhoIsToldASummary(t *testing.T) {
	r := loadSignalRules(t)
	summary := report.Summary{Date: "2026-07-10", Accounts: []report.AccountSummary{{Account: "production"}, {Account: "staging"}}}
	items := notifier.SignalSummary(r, r.Accounts, summary, t0)
	if got := toldTo(t, items); !slices.Equal(got, []string{"all summary", "critical summary", "client summary"}) {
		t.Errorf("told %q", got)
	}
	if told := items[2].Content.Signal.Summary.Accounts; len(told) != 1 || told[0].Account != "production" {
		t.Errorf("a client is told of %+v", told)
	}
}

// Alerts that ask for an answer each have a message of their own.
func TestQuestionsAreNotGathered(t *testing.T) {
	r := loadSignalRules(t)
	var alerts []rules.Alert
	var events []rules.Event
	for i := range 6 {
		a := rules.Alert{ID: strconv.Itoa(i), State: rules.Firing, Finding: rules.Finding{Rule: "runaway", Subject: rules.Subject{Account: "production", Service: strconv.Itoa(i)}}}
		if i < 3 {
			a.Approval = &rules.Approval{State: rules.Waiting}
		}
		alerts, events = append(alerts, a), append(events, rules.Event{Type: rules.Fired, Fresh: true, Alert: a, At: t0})
	}
	notifier.Gather(r, r.Accounts[0], alerts, events)
	for i, a := range alerts {
		if shares := a.Message != ""; shares == (i < 3) {
			t.Errorf("alert %d shares a message: %t", i, shares)
		}
	}
}
