package main

import (
	"strings"
	"testing"
	"time"

	"github.com/billbot/billbot/rules"
)

// TestSpendActsOnAlerts: /spend does what the buttons do, for who may, and the
// message says so.
func TestSpendActsOnAlerts(t *testing.T) {
	t.Parallel()
	p := fired(t, actionRules)
	id := p.alert().ID
	for _, tt := range []struct{ user, channel, typed, want string }{
		{"U0BOB", elsewhere, "ack " + id, "You may not change this alert."},
		{"U0ADA", elsewhere, "snooze " + id, "Done:"},
		{"U0ADA", home, "ack " + id, "Done:"},
		{"U0ADA", home, "ack [" + strings.ToUpper(id) + "]", "That is done already."},
		{"U0ADA", home, "snooze " + id + " 7d", "Done:"},
		{"U0ADA", home, "snooze " + id + " until the period ends", "Done:"},
		{"U0ADA", home, "snooze " + id + " soon", "Did you mean “snooze " + id + " 24h”?"},
		{"U0ADA", home, "ack everything", "Did you mean “ack " + id + "”?"},
		{"U0ADA", home, "snooze aaaaaaaa", "billbot knows no alert “aaaaaaaa”."},
		{"U0ADA", home, "why " + id, "Durable Objects"},
		{"U0ADA", home, "why runawy", "No rule is called “runawy”. Did you mean “runaway”?"},
	} {
		answer, err := askOverHTTP(t.Context(), p.slack.Server, p.addr, p.slack.Command(tt.user, tt.channel, "/spend", tt.typed))
		if err != nil {
			t.Fatal(err)
		}
		if text, err := readAnswer(answer); err != nil || !strings.Contains(text, tt.want) {
			t.Errorf("/spend %s was answered %q, %v, want %q in it", tt.typed, text, err, tt.want)
		}
	}
	a := p.alert()
	if want := time.Date(2026, 4, 15, 0, 0, 0, 0, time.UTC); a.AcknowledgedBy != "U0ADA" || !a.SnoozedUntil.Equal(want) {
		t.Errorf("acknowledged by %q, snoozed until %s, want %s", a.AcknowledgedBy, a.SnoozedUntil, want)
	}
	p.deliver(p.env.now())
	if root := p.slack.posted("billbot_alert")[0]; !strings.Contains(root.Blocks, "Acknowledged by") {
		t.Errorf("the message says: %s", root.Blocks)
	}
}

// TestSpendAlertsNamesAccounts: of several accounts it is told whose an alert is.
func TestSpendAlertsNamesAccounts(t *testing.T) {
	t.Parallel()
	p := fired(t, actionRules)
	for _, several := range []bool{false, true} {
		if several {
			p.eng.rules.Accounts = append(p.eng.rules.Accounts, rules.Account{Name: "quiet", ID: "0"})
		}
		if text := p.spend("alerts"); strings.Contains(text, "(production) [") != several {
			t.Errorf("several accounts: %t, answered %s", several, text)
		}
	}
}

// spend asks /spend in the alert's channel.
func (p *pressing) spend(typed string) string {
	p.t.Helper()
	answer, err := askOverHTTP(p.t.Context(), p.slack.Server, p.addr, p.slack.Command("U0ADA", home, "/spend", typed))
	if err != nil {
		p.t.Fatal(err)
	}
	text, err := readAnswer(answer)
	if err != nil {
		p.t.Fatal(err)
	}
	return text
}
