package rules

import (
	"errors"
	"testing"
	"time"

	"pgregory.net/rapid"
)

var asking = time.Date(2026, time.April, 4, 7, 0, 0, 0, time.UTC)

const askingRules = `
webhooks: [{name: stop, url: "https://stop.example.com"}]
rules:
  - {name: a, spike: {}, action: {webhook: stop, approve: [U0ADA, U0BEA]}}
  - {name: b, spike: {}}
  - {name: c, spike: {}, action: {webhook: stop, approve: automatic}}
`

// asks has a rule's alert fire, and returns it and what was asked.
func asks(t interface {
	Helper()
	Fatal(...any)
}, r *Rules, rule string, change func(*Event)) (Alert, []Event) {
	t.Helper()
	e := Event{Type: Fired, Fresh: true, At: asking, Alert: Alert{ID: "x", State: Firing, Finding: Finding{Rule: rule, Kind: KindSpike}}}
	if change != nil {
		change(&e)
	}
	alerts := []Alert{e.Alert}
	events := r.Ask(alerts, []Event{e}, asking)
	return alerts[0], events[1:]
}

func TestAsk(t *testing.T) {
	r := mustLoad(t, askingRules)
	for _, c := range []struct {
		name, rule string
		change     func(*Event)
		want       ApprovalState // "": nothing is asked
	}{
		{"it fires", "a", nil, Waiting},
		{"it grows worse", "a", func(e *Event) { e.Type = Escalated }, Waiting},
		{"nobody is to be asked", "c", nil, Approved},
		{"no action", "b", nil, ""},
		{"it was on before billbot came", "a", func(e *Event) { e.Alert.Seeded = true }, ""},
		{"automatic, and on before billbot came", "c", func(e *Event) { e.Alert.Seeded = true }, ""},
		{"nobody can judge it", "c", func(e *Event) { e.Alert.State = Unknown }, ""},
		{"newer figures", "a", func(e *Event) { e.Type = Updated }, ""},
		{"it is over", "a", func(e *Event) { e.Type, e.Alert.State = Recovered, Resolved }, ""},
	} {
		alert, events := asks(t, r, c.rule, c.change)
		got := ApprovalState("")
		if alert.Approval != nil {
			got = alert.Approval.State
		}
		if got != c.want || (len(events) == 1) != (c.want != "") {
			t.Errorf("%s: got %q and %d events, want %q", c.name, got, len(events), c.want)
		}
	}
}

// Where an answer stands, what grows worse asks no more; an old no, or none, is
// asked again. A question ends with its alert.
func TestAskAgain(t *testing.T) {
	r := mustLoad(t, askingRules)
	for before, want := range map[ApprovalState]ApprovalState{
		Waiting: Waiting, Approved: Approved, Sent: Sent, Done: Done, Denied: Waiting, Expired: Waiting, Reversed: Waiting,
	} {
		alert, _ := asks(t, r, "a", func(e *Event) {
			e.Type, e.Alert.Approval = Escalated, &Approval{State: before, Expires: asking.Add(time.Minute)}
		})
		if alert.Approval.State != want {
			t.Errorf("%s: got %s, want %s", before, alert.Approval.State, want)
		}
	}
	alert, events := asks(t, r, "a", func(e *Event) {
		e.Type, e.Alert.State, e.Alert.Approval = Recovered, Resolved, &Approval{State: Waiting, Expires: asking.Add(time.Minute)}
	})
	if alert.Approval.State != Expired || len(events) != 1 || events[0].Deed.Type != ActionExpired {
		t.Errorf("got %+v and %+v", alert.Approval, events)
	}
}

// Whatever people press and webhooks answer, in whatever order: nothing is
// approved but by who may, once, in time, and nothing is done that was not
// approved.
func TestApprovalIsWhatWasSaid(t *testing.T) {
	r := mustLoad(t, askingRules)
	rapid.Check(t, func(t *rapid.T) {
		a, _ := asks(t, r, "a", nil)
		action, now := r.Rules[0].Action, asking
		approved := 0
		for range rapid.IntRange(1, 20).Draw(t, "steps") {
			now = now.Add(time.Duration(rapid.IntRange(0, 12).Draw(t, "minutes")) * time.Minute)
			was := a
			var err error
			var e Event
			by := rapid.SampledFrom([]string{"U0ADA", "U0BEA", "U0EVE", ""}).Draw(t, "by")
			switch what := rapid.SampledFrom([]string{"approve", "deny", "reverse", "told", "lapse"}).Draw(t, "what"); what {
			case "told":
				a, e, err = a.Told(rapid.SampledFrom([]ApprovalState{Done, Reversed, ""}).Draw(t, "said"), rapid.Bool().Draw(t, "reverse"), now)
				if err == nil && was.Approval.State != Approved {
					t.Fatalf("%s became %s", was.Approval.State, a.Approval.State)
				}
			case "lapse":
				a, e, err = a.Lapse(now)
			default:
				a, e, err = a.Answered(action, by, Answer(what), now)
				if err == nil && by != "U0ADA" && by != "U0BEA" {
					t.Fatalf("%q was heard", by)
				}
			}
			switch {
			case err != nil && a.Approval.State != was.Approval.State:
				t.Fatalf("an error changed %s to %s", was.Approval.State, a.Approval.State)
			case err == nil && (e.Deed == nil || !e.Deed.Type.IsAction() || e.Deed.Before == e.Deed.After):
				t.Fatalf("nothing for the audit trail: %+v", e.Deed)
			case err == nil && e.Type == ActionApproved:
				if approved++; approved > 1 || !now.Before(asking.Add(30*time.Minute)) {
					t.Fatalf("approved %d times, at %v", approved, now)
				}
			case (a.Approval.State == Sent || a.Approval.State == Done || a.Approval.State == Reversed) && approved == 0:
				t.Fatalf("%s, and nobody approved", a.Approval.State)
			}
		}
	})
}

func TestAnsweredWithoutAction(t *testing.T) {
	r := mustLoad(t, askingRules)
	alert, _ := asks(t, r, "a", nil)
	if _, _, err := alert.Answered(nil, "U0ADA", Approve, asking); !errors.Is(err, ErrNoAction) {
		t.Errorf("a rule that lost its action: %v", err)
	}
	if _, _, err := alert.Answered(r.Rules[2].Action, "", Approve, asking); !errors.Is(err, ErrNotApprover) {
		t.Errorf("a rule that asks nobody any more: %v", err)
	}
}
