package rules

import (
	"errors"
	"slices"
	"strings"
	"time"
)

// Action is what a rule asks a person to have done when it speaks: billbot does
// nothing itself, it tells a webhook that somebody said yes.
type Action struct {
	Webhook   string        // by name
	Approve   []string      // users (U…, W…) who may say so, each alone
	Automatic bool          // nobody is asked
	Expires   time.Duration // of the question; 30m by default
}

// Approval is how far the action of an alert has come.
type Approval struct {
	State     ApprovalState `json:"state"`
	At        time.Time     `json:"at"`         // of the state
	Webhook   string        `json:"webhook"`    // by name
	Approvers []string      `json:"approvers"`  // who may answer; none where it is automatic
	Expires   time.Time     `json:"expires_at"` // of the question
	By        string        `json:"by,omitempty"`
	Approver  string        `json:"approver,omitempty"` // who said yes last
	Reverse   bool          `json:"reverse,omitempty"`  // it is about taking back what was done
}

// ApprovalState is how far an action has come.
type ApprovalState string

// The states of an action: it is asked for, allowed, told to the webhook, and
// done as that said; or it is refused, nobody answered in time, or it was taken
// back.
const (
	Waiting  ApprovalState = "waiting"
	Approved ApprovalState = "approved"
	Sent     ApprovalState = "sent"
	Done     ApprovalState = "done"
	Denied   ApprovalState = "denied"
	Expired  ApprovalState = "expired"
	Reversed ApprovalState = "reversed"
)

// What happens to the action of an alert, in the audit trail.
const (
	ActionWaiting  EventType = "action_waiting"
	ActionApproved EventType = "action_approved"
	ActionSent     EventType = "action_sent"
	ActionDone     EventType = "action_done"
	ActionDenied   EventType = "action_denied"
	ActionExpired  EventType = "action_expired"
	ActionReversed EventType = "action_reversed"
	// ReverseApproved is that somebody wants back what was done.
	ReverseApproved EventType = "action_reverse_approved"
)

// IsAction reports whether an event is about the action of an alert.
func (t EventType) IsAction() bool { return strings.HasPrefix(string(t), "action_") }

// Who does what no person does.
const (
	ByBillbot = "billbot"
	ByRule    = "the rules file, approve: automatic"
)

// Why a person's answer changes nothing.
var (
	ErrNoAction    = errors.New("nothing is asked of anybody")
	ErrNotApprover = errors.New("the rule's action.approve names who may answer")
	ErrLate        = errors.New("the question has expired")
)

// Answer is what a person answers, or wants.
type Answer string

// The answers.
const (
	Approve Answer = "approve"
	Deny    Answer = "deny"
	Reverse Answer = "reverse" // what was sent, or done
)

// Answered is the alert after a person answered. action is that of its rule as
// the rules file has it now, nil where it has none: who may answer is what it
// says now. The error is [ErrNoAction], [ErrNotApprover], [ErrLate] or
// [ErrAlready].
func (a Alert) Answered(action *Action, by string, answer Answer, now time.Time) (Alert, Event, error) {
	switch {
	case a.Approval == nil || action == nil:
		return a, Event{}, ErrNoAction
	case !slices.Contains(action.Approve, by):
		return a, Event{}, ErrNotApprover
	}
	state := a.Approval.State
	switch {
	case answer == Reverse && (state == Sent || state == Done) && !a.Approval.Reverse:
		return a.approved(ReverseApproved, true, by, now)
	case answer == Reverse || state != Waiting && state != Expired:
		return a, Event{}, ErrAlready
	case state == Expired || !now.Before(a.Approval.Expires):
		return a, Event{}, ErrLate
	case answer == Deny:
		return a.moved(Denied, ActionDenied, by, now)
	}
	return a.approved(ActionApproved, false, by, now)
}

func (a Alert) approved(event EventType, reverse bool, by string, now time.Time) (Alert, Event, error) {
	next := *a.Approval
	next.Reverse, next.Approver = reverse, by
	a.Approval = &next
	return a.moved(Approved, event, by, now)
}

// moved has the action come further.
func (a Alert) moved(state ApprovalState, event EventType, by string, now time.Time) (Alert, Event, error) {
	was := a.standing()
	next := *a.Approval
	next.State, next.At, next.By = state, now, by
	a.Approval = &next
	return a.done(was, Deed{At: now, By: by, Type: event})
}

// Told is the alert after its webhook took the action; said is the state that
// the answer named, if any. What is settled already stays: the error is
// [ErrAlready].
func (a Alert) Told(said ApprovalState, reverse bool, now time.Time) (Alert, Event, error) {
	switch p := a.Approval; {
	case p == nil:
		return a, Event{}, ErrNoAction
	case p.Reverse != reverse || p.State != Approved:
		return a, Event{}, ErrAlready // a repeat, or an answer to what is no longer asked
	case said == Done && !reverse:
		return a.moved(Done, ActionDone, p.Webhook, now)
	case said == Reversed && reverse:
		return a.moved(Reversed, ActionReversed, p.Webhook, now)
	}
	return a.moved(Sent, ActionSent, ByBillbot, now)
}

// Lapse ends a question that nobody answered in time, or whose alert is over.
// The error is [ErrAlready] where there is none.
func (a Alert) Lapse(now time.Time) (Alert, Event, error) {
	if !a.Lapses(now) {
		return a, Event{}, ErrAlready
	}
	return a.moved(Expired, ActionExpired, ByBillbot, now)
}

// Lapses reports whether the alert asks what is not to be answered any more.
func (a Alert) Lapses(now time.Time) bool {
	p := a.Approval
	return p != nil && p.State == Waiting && (!a.On() || !now.Before(p.Expires))
}

// Ask has the alerts that begin or grow worse ask for the action of their rule,
// and ends the questions of those that are over. It changes alerts and events,
// and returns the events with those of the questions. What grew worse while an
// answer stands is not asked again, unless that was no, or none.
func (r *Rules) Ask(alerts []Alert, events []Event, now time.Time) []Event {
	for i, e := range slices.Clone(events) {
		changed, asked, err := r.question(e, now)
		if err != nil {
			continue
		}
		events[i].Alert.Approval = changed.Approval
		asked.Alert.Message = e.Alert.Message
		events = append(events, asked)
		for j := range alerts {
			if alerts[j].ID == changed.ID {
				alerts[j].Approval = changed.Approval
			}
		}
	}
	return events
}

func (r *Rules) question(e Event, now time.Time) (Alert, Event, error) {
	action := r.actionOf(e.Alert)
	switch p := e.Alert.Approval; {
	case e.Alert.Lapses(now):
		return e.Alert.Lapse(now)
	case action == nil || e.Alert.State != Firing || e.Alert.Seeded || e.Type != Fired && e.Type != Escalated:
		return e.Alert, Event{}, ErrNoAction
	case p != nil && p.State != Denied && p.State != Expired && p.State != Reversed:
		return e.Alert, Event{}, ErrAlready
	}
	a := e.Alert
	a.Approval = &Approval{Webhook: action.Webhook, Approvers: action.Approve, Expires: now.Add(action.Expires)}
	if action.Automatic {
		return a.approved(ActionApproved, false, ByRule, now)
	}
	return a.moved(Waiting, ActionWaiting, ByBillbot, now)
}

func (r *Rules) actionOf(a Alert) *Action {
	for _, rule := range r.Rules {
		if rule.Name == a.Finding.Rule {
			return rule.Action
		}
	}
	return nil
}

// Asks reports whether any rule has an action.
func (r *Rules) Asks() bool {
	return slices.ContainsFunc(r.Rules, func(rule Rule) bool { return rule.Action != nil })
}
