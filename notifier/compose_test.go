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
