package slack

import (
	"testing"
	"time"

	"github.com/billbot/billbot/notifier"
	"github.com/billbot/billbot/rules"
)

var pressedAt = time.Date(2026, 4, 4, 9, 12, 0, 0, time.UTC)

// deedItems is a message for each thing a person can do, and the thread's entry
// of it.
func deedItems(t testing.TB) map[string]notifier.Item {
	t.Helper()
	items := map[string]notifier.Item{}
	add := func(name string, a rules.Alert, e rules.Event, err error) {
		if err != nil {
			t.Fatal(err)
		}
		items["deed_"+name] = notifier.Item{Key: a.ID, Content: notifier.Content{Alert: &a}}
		items["deed_"+name+"_reply"] = notifier.Item{Key: a.ID, Reply: true, Quiet: true,
			Content: notifier.Content{Alert: &a, Event: e.Type, Deed: e.Deed}}
	}
	spike := spikeAlert(t)
	a, e, err := spike.Acknowledge("U012AB3CD", "", pressedAt)
	add("acknowledged", a, e, err)
	a, e, err = spike.Acknowledge("ada", "looking at the query plan", pressedAt)
	add("acknowledged_by_name", a, e, err)
	a, e, err = spike.Snooze("U012AB3CD", "", pressedAt.Add(24*time.Hour), pressedAt)
	add("snoozed", a, e, err)
	a, e, err = spike.Expect("U012AB3CD", "a backfill of last year", day(t, "2026-04-10"), pressedAt)
	add("expected", a, e, err)
	a, e, err = spike.Expect(hostile, hostile, day(t, "2026-04-10"), pressedAt)
	add("hostile", a, e, err)

	for name, item := range approvalItems(t) {
		items[name] = item
	}
	over, _, _ := spike.Acknowledge("U012AB3CD", "", pressedAt)
	over, _, _ = over.Snooze("U012AB3CD", "", pressedAt.Add(24*time.Hour), pressedAt)
	over.State, over.Ended, over.Finding.Open, over.EndedAt = rules.Resolved, rules.EndedBack, false, over.Since.Add(75*time.Hour)
	over.Finding.Over, over.Finding.Extra, over.Finding.Through = 3, dec("91.1"), day(t, "2026-04-07")
	items["deed_resolved"] = notifier.Item{Key: over.ID, Content: notifier.Content{Alert: &over}}
	items["history_resolved"] = notifier.Item{Key: over.ID, Reply: true, Quiet: true, Content: notifier.Content{Alert: &over, Event: rules.Recovered}}
	items["history_fired"] = notifier.Item{Key: spike.ID, Reply: true, Quiet: true, Content: notifier.Content{Alert: &spike, Event: rules.Fired}}
	return addStormDeeds(t, items)
}

// addStormDeeds acknowledges a whole storm, and snoozes one of its alerts.
func addStormDeeds(t testing.TB, items map[string]notifier.Item) map[string]notifier.Item {
	var told *rules.Deed
	deed := func(all bool) notifier.Item {
		return storm(t, 4, func(i int, a *rules.Alert) {
			changed, e, err := a.Acknowledge("U012AB3CD", "", pressedAt)
			if err != nil {
				t.Fatal(err)
			}
			if all || i == 1 {
				*a, told = changed, e.Deed
			}
		})
	}
	items["deed_storm"] = deed(true)
	items["deed_storm_one"] = deed(false)
	reply := inThread(deed(true))
	reply.Quiet, reply.Content.Event, reply.Content.Deed = true, rules.Acknowledged, told
	items["deed_storm_reply"] = reply
	over := inThread(storm(t, 15, func(_ int, a *rules.Alert) {
		a.State, a.Ended, a.Finding.Open, a.EndedAt = rules.Resolved, rules.EndedBack, false, a.Since.Add(20*time.Hour)
	}))
	over.Quiet, over.Content.Event = true, rules.Recovered
	items["history_storm_resolved"] = over
	return items
}

// What a person typed, or is called, is as harmless as what a bill says.
func TestDeedsAreHarmless(t *testing.T) {
	for _, name := range []string{"deed_hostile", "deed_hostile_reply"} {
		checkHarmless(t, Render(deedItems(t)[name]))
	}
	checkHarmless(t, Render(deedItems(t)["deed_acknowledged"]), "<@U012AB3CD>")
}

func TestNoButtonsWhereNothingCanBeDone(t *testing.T) {
	for _, name := range []string{"deed_resolved", "history_fired", "deed_snoozed_reply"} {
		if got := Render(deedItems(t)[name]); len(withoutButtons(got).Blocks) != len(got.Blocks) {
			t.Errorf("%s has buttons", name)
		}
	}
	if got := Render(deedItems(t)["deed_storm"]); len(withoutButtons(got).Blocks) != len(got.Blocks)-1 {
		t.Error("a storm that is on has no buttons")
	}
}
