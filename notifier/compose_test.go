package notifier_test

import (
	"testing"

	"github.com/billbot/billbot/notifier"
	"github.com/billbot/billbot/rules"
)

// An alert that grows worse is told in its message's thread too, be it at a
// higher line or as another kind: a forecast that comes true.
func TestComposeReplies(t *testing.T) {
	for _, tt := range []struct {
		event   rules.EventType
		fresh   bool
		replies int
	}{
		{rules.Fired, true, 0},
		{rules.Fired, false, 1},
		{rules.Escalated, false, 1},
		{rules.Escalated, true, 0},
		{rules.Updated, false, 0},
		{rules.Recovered, false, 0},
	} {
		event := rules.Event{Type: tt.event, Fresh: tt.fresh, Alert: rules.Alert{ID: "k7q2m4xa"}}
		items := notifier.Compose(&rules.Rules{}, rules.Account{}, nil, []rules.Event{event})
		replies := 0
		for _, item := range items {
			if item.Reply {
				replies++
			}
			if item.Key != event.Alert.ID {
				t.Errorf("%s: got the key %s", tt.event, item.Key)
			}
		}
		if replies != tt.replies || len(items) != 1+tt.replies {
			t.Errorf("%s, fresh %t: got %d replies of %d items, want %d", tt.event, tt.fresh, replies, len(items), tt.replies)
		}
	}
}

// Where messages cannot be edited, newer figures alone are not posted.
func TestComposeSaysWhatIsOnlyNewerFigures(t *testing.T) {
	alone := func(kind rules.EventType) rules.Event {
		return rules.Event{Type: kind, Alert: rules.Alert{ID: "k7q2m4xa"}}
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
		{[]rules.Event{shared(rules.Updated, "a"), shared(rules.Updated, "b")}, true},
		{[]rules.Event{shared(rules.Updated, "a"), shared(rules.Escalated, "b")}, false},
	} {
		alerts := []rules.Alert{{ID: "a", Message: "storm-a"}, {ID: "b", Message: "storm-a"}}
		if item := notifier.Compose(&rules.Rules{}, rules.Account{}, alerts, tt.events)[0]; item.Silent != tt.silent {
			t.Errorf("%v: got silent %t, want %t", tt.events, item.Silent, tt.silent)
		}
	}
}
