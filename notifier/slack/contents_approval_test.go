package slack

import (
	"testing"
	"time"

	"github.com/billbot/billbot/notifier"
	"github.com/billbot/billbot/rules"
)

// approvalItems is a message for each state of an action, and the thread's entry
// of how it came to it.
func approvalItems(t testing.TB) map[string]notifier.Item {
	t.Helper()
	items := map[string]notifier.Item{}
	action := &rules.Action{Webhook: "stop", Approve: []string{"U012AB3CD", "U0BEA"}, Expires: 30 * time.Minute}
	add := func(name string) func(rules.Alert, rules.Event, error) rules.Alert {
		return func(a rules.Alert, e rules.Event, err error) rules.Alert {
			if err != nil {
				t.Fatal(err)
			}
			items["action_"+name] = notifier.Item{Key: a.ID, Content: notifier.Content{Alert: &a}}
			items["action_"+name+"_reply"] = notifier.Item{Key: a.ID, Reply: true, Quiet: true,
				Content: notifier.Content{Alert: &a, Event: e.Type, Deed: e.Deed}}
			return a
		}
	}
	asked := spikeAlert(t)
	r := rules.Rules{Rules: []rules.Rule{{Name: asked.Finding.Rule, Action: action}}}
	events := r.Ask(nil, []rules.Event{{Type: rules.Fired, Alert: asked}}, pressedAt)
	waiting := add("waiting")(events[1].Alert, events[1], nil)
	add("denied")(waiting.Answered(action, "U0BEA", rules.Deny, pressedAt))
	add("expired")(waiting.Lapse(pressedAt.Add(time.Hour)))
	approved := add("approved")(waiting.Answered(action, "U012AB3CD", rules.Approve, pressedAt))
	add("sent")(approved.Told("", false, pressedAt))
	done := add("done")(approved.Told(rules.Done, false, pressedAt))
	back := add("reverse_approved")(done.Answered(action, "U0BEA", rules.Reverse, pressedAt))
	add("reversed")(back.Told(rules.Reversed, true, pressedAt))
	return items
}
