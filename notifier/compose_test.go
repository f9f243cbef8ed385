package notifier_test

import (
	"testing"
	"time"

	"github.com/billbot/billbot/notifier"
	"github.com/billbot/billbot/rules"
	"github.com/google/go-cmp/cmp"
)

// An alert's thread is its history. The channel hears of it again when it grows
// worse, be it at a higher line or as another kind (a forecast that comes true),
// unless people keep it quiet.
func TestComposeReplies(t *testing.T) {
	const none, inThread, inChannel = "none", "in the thread", "in the channel"
	deed := &rules.Deed{By: "U1"}
	for _, tt := range []struct {
		name  string
		event rules.Event
		reply string
	}{
		{"fires", rules.Event{Type: rules.Fired, Fresh: true}, inThread},
		{"fires as another kind", rules.Event{Type: rules.Fired}, inChannel},
		{"escalates", rules.Event{Type: rules.Escalated}, inChannel},
		{"escalates while snoozed", rules.Event{Type: rules.Escalated, Quiet: true}, inThread},
		{"was told on the first day, escalates", rules.Event{Type: rules.Escalated, Fresh: true}, inThread},
		{"goes on", rules.Event{Type: rules.Updated}, none},
		{"resolves", rules.Event{Type: rules.Recovered}, inThread},
		{"ends with its period", rules.Event{Type: rules.PeriodEnded}, inThread},
		{"acknowledged", rules.Event{Type: rules.Acknowledged, Quiet: true, Deed: deed}, inThread},
		{"snoozed", rules.Event{Type: rules.Snoozed, Quiet: true, Deed: deed}, inThread},
		{"expected", rules.Event{Type: rules.Expected, Quiet: true, Deed: deed}, inThread},
	} {
		tt.event.Alert.ID = "k7q2m4xa"
		items := notifier.Compose(&rules.Rules{}, rules.Account{}, nil, []rules.Event{tt.event})
		if len(items) == 0 || items[0].Reply || items[0].Key != "k7q2m4xa" {
			t.Errorf("%s: got %+v, want the alert's message first", tt.name, items)
			continue
		}
		reply := none
		for _, item := range items[1:] {
			switch {
			case reply != none || !item.Reply || item.Key != "k7q2m4xa":
				t.Errorf("%s: got %+v too", tt.name, item)
			case item.Loud():
				reply = inChannel
			default:
				reply = inThread
			}
		}
		if reply != tt.reply {
			t.Errorf("%s: the reply is %s, want %s", tt.name, reply, tt.reply)
		}
	}
}

// Who keeps an alert quiet is not to be called for it.
func TestNobodyIsMentionedQuietly(t *testing.T) {
	r := &rules.Rules{Rules: []rules.Rule{{Name: "whole", Mention: []string{"U1"}}}}
	alert := rules.Alert{ID: "a", Finding: rules.Finding{Rule: "whole"}}
	for _, quiet := range []bool{true, false} {
		items := notifier.Compose(r, rules.Account{}, nil, []rules.Event{{Type: rules.Escalated, Alert: alert, Quiet: quiet}})
		if got := len(items[1].Content.Mention) > 0; got == quiet {
			t.Errorf("quiet %t: the reply mentions: %t", quiet, got)
		}
	}
}

// A person may deal with a whole storm: that is one reply.
func TestDeedsOfAStormAreOneReply(t *testing.T) {
	now := time.Date(2026, 4, 4, 9, 0, 0, 0, time.UTC)
	var alerts []rules.Alert
	var events []rules.Event
	for _, id := range []string{"a", "b", "c"} {
		alert, event, err := rules.Alert{ID: id, Message: "storm-a", State: rules.Firing}.Acknowledge("U1", "", now)
		if err != nil {
			t.Fatal(err)
		}
		alerts, events = append(alerts, alert), append(events, event)
	}
	items := notifier.Compose(&rules.Rules{}, rules.Account{}, alerts, events)
	if len(items) != 2 || len(items[0].Content.Storm) != 3 || items[1].Loud() {
		t.Fatalf("got %+v, want the storm and a reply", items)
	}
	var told []string
	for _, a := range items[1].Content.Storm {
		told = append(told, a.ID)
	}
	if diff := cmp.Diff([]string{"a", "b", "c"}, told); diff != "" || items[1].Content.Deed.By != "U1" {
		t.Errorf("told (-want +got):\n%s", diff)
	}
}

// Where messages cannot be edited, newer figures alone are not posted.
func TestComposeSaysWhatIsOnlyNewerFigures(t *testing.T) {
	alone := func(kind rules.EventType) rules.Event {
		return rules.Event{Type: kind, Alert: rules.Alert{ID: "k7q2m4xa"}}
	}
	quiet := func(kind rules.EventType) rules.Event {
		return rules.Event{Type: kind, Quiet: true, Alert: rules.Alert{ID: "k7q2m4xa"}}
	}
	shared := func(kind rules.EventType, id string) rules.Event {
		return rules.Event{Type: kind, Alert: rules.Alert{ID: id, Message: "storm-a"}}
	}
	for _, tt := range []struct {
		events []rules.Event
		silent bool
	}{
		{[]rules.Event{alone(rules.Updated)}, true},
		{[]rules.Event{alone(rules.Escalated)}, false},
		{[]rules.Event{alone(rules.Recovered)}, false},
		{[]rules.Event{quiet(rules.Escalated)}, true},
		{[]rules.Event{quiet(rules.Acknowledged)}, true},
		{[]rules.Event{shared(rules.Updated, "a"), shared(rules.Updated, "b")}, true},
		{[]rules.Event{shared(rules.Updated, "a"), shared(rules.Escalated, "b")}, false},
	} {
		alerts := []rules.Alert{{ID: "a", Message: "storm-a"}, {ID: "b", Message: "storm-a"}}
		if item := notifier.Compose(&rules.Rules{}, rules.Account{}, alerts, tt.events)[0]; item.Silent != tt.silent {
			t.Errorf("%v: got silent %t, want %t", tt.events, item.Silent, tt.silent)
		}
	}
}
