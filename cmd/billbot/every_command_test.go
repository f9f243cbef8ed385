package main

import (
	"strings"
	"testing"

	"github.com/billbot/billbot/notifier/slack"
	"github.com/billbot/billbot/rules"
)

// commandDeeds is everything that /spend can be asked, and what its answer says.
// ID stands for the alert's.
var commandDeeds = []struct {
	typed, want string
	stored      func(rules.Alert) bool // nil: nothing changes
}{
	{"", "production: $1,0", nil},
	{"today", "Today, Sat 4 Apr: no charges known yet", nil},
	{"yesterday", "Yesterday, Fri 3 Apr: $1,018.93", nil},
	{"week", "This week: $1,0", nil},
	{"month", "This month: $1,0", nil},
	{"period", "This billing period: $1,0", nil},
	{"by service", "• Durable Objects Storage Rows Read: $1,018.93", nil},
	{"by family", "• Durable Objects: $1,018.93", nil},
	{"by zone", "• no zone: $1,0", nil},
	{"by account", "• production: $1,0", nil},
	{"durable objects storage rows read", "Durable Objects Storage Rows Read: $1,018.93 so far", nil},
	{"top", "• Up: Durable Objects Storage Rows Read", nil},
	{"budgets", "None of 1 budget is over", nil},
	{"alerts", "1 alert open", nil},
	{"forecast", "Data through Fri 3 Apr", nil},
	{"why runaway", "Durable Objects Storage Rows Read (production): fired, critical", nil},
	{"export", "production,Durable Objects Storage Rows Read", nil},
	{"help", "/spend by service, by family, by zone or by account", nil},
	{"snooze ID 24h", "Done:", func(a rules.Alert) bool { return a.SnoozedUntil.Equal(at7(5)) }},
	{"snooze ID period", "Done:", func(a rules.Alert) bool { return a.SnoozedUntil.Equal(periodOver) }},
	{"ack ID", "Done:", func(a rules.Alert) bool { return a.AcknowledgedBy == "U0ADA" }},
}

// TestEveryCommandBothWays asks everything that /spend knows, over HTTP and over
// sockets, and looks at the answers and at what is stored.
func TestEveryCommandBothWays(t *testing.T) {
	t.Parallel()
	bothWays(t, func(t *testing.T, r *reached) {
		for _, tt := range commandDeeds {
			before := r.alert()
			text, err := readAnswer(r.ask(strings.Replace(tt.typed, "ID", before.ID, 1)))
			if err != nil || !strings.Contains(text, tt.want) {
				t.Errorf("/spend %s was answered %q, %v, want %q in it", tt.typed, text, err, tt.want)
			}
			after := r.alert()
			if isSame := after.SnoozedUntil.Equal(before.SnoozedUntil) && after.AcknowledgedBy == before.AcknowledgedBy; isSame != (tt.stored == nil) {
				t.Errorf("/spend %s changed the alert: %t", tt.typed, !isSame)
			}
			if tt.stored != nil && !tt.stored(after) {
				t.Errorf("/spend %s: the store has %+v", tt.typed, after)
			}
		}
		r.deliver()
		for _, want := range []string{"Acknowledged by <@U0ADA>", "Snoozed until Wed 15 Apr 00:00 UTC by <@U0ADA>"} {
			if root := plain(r.root().Blocks); !strings.Contains(root, want) {
				t.Errorf("the message says %s, want %q in it", root, want)
			}
		}
	})
}

// TestEveryCommandIsAsked: what the code can be asked, the table asks.
func TestEveryCommandIsAsked(t *testing.T) {
	asked := map[string]bool{}
	for _, tt := range commandDeeds {
		q := slack.ParseQuery(strings.Replace(tt.typed, "ID", "k7q2m4xa", 1))
		if q.Wrong != "" {
			t.Errorf("%q: %s", tt.typed, q.Wrong)
		}
		asked["Ask "+string(q.Ask)], asked["Span "+string(q.Span)], asked["Part "+string(q.Part)] = true, true, true
	}
	known := constants(t, "../../notifier/slack", "Ask")
	known = append(known, constants(t, "../../rules/report", "Span", "Part")...)
	if len(known) < 20 {
		t.Fatalf("found only %q in the code", known)
	}
	for _, k := range known {
		if !asked[k] {
			t.Errorf("nothing in the table asks for %q", k)
		}
	}
}
