package rules

import (
	"cmp"
	"crypto/sha256"
	"encoding/base32"
	"strings"
	"time"

	"github.com/billbot/billbot/fetcher"
)

// Alert is what has been told of one episode of a rule and subject.
type Alert struct {
	ID      string      `json:"id"` // short, stable, typable
	Finding Finding     `json:"finding"`
	State   State       `json:"state"`
	Since   time.Time   `json:"since"`           // when it fired
	Day     fetcher.Day `json:"day"`             // the charge day it fired for
	Kinds   []Kind      `json:"kinds,omitempty"` // what it fired as: a forecast that comes true fires as a budget too
	Ended   Ending      `json:"ended,omitempty"`
	EndedAt time.Time   `json:"ended_at,omitzero"`
	// Calm is the first settled day that was seen back under the line; zero
	// while over it.
	Calm fetcher.Day `json:"calm,omitempty"`
	// Seeded says that the alert was already on when its account was first
	// seen: the account's first message told it, it has none of its own.
	Seeded bool `json:"seeded,omitempty"`
	// Message is the key of the message that it shares with other alerts; ""
	// means that it has one of its own, under its ID.
	Message string `json:"message,omitempty"`

	// What people did about it: the newest of each. People are a Slack user's ID
	// or a name.
	AcknowledgedBy string       `json:"acknowledged_by,omitempty"`
	AcknowledgedAt time.Time    `json:"acknowledged_at,omitzero"`
	SnoozedUntil   time.Time    `json:"snoozed_until,omitzero"`
	SnoozedBy      string       `json:"snoozed_by,omitempty"`
	SnoozedAt      time.Time    `json:"snoozed_at,omitzero"`
	Expected       *Expectation `json:"expected,omitempty"`
	// Approval is how far the action of its rule has come, nil where there is none.
	Approval *Approval `json:"approval,omitempty"`
	// Missed says that it grew worse while it was held, and that the channel
	// has not heard of it yet.
	Missed bool `json:"missed,omitempty"`
}

// State is what an alert is in.
type State string

// The states of an alert. Unknown is that of what cannot be judged: data that
// does not come, figures that may be off, a rule that chooses nothing. It is
// never taken for well.
const (
	Firing   State = "firing"
	Resolved State = "resolved"
	Unknown  State = "unknown"
)

// On reports whether the alert's episode goes on.
func (a Alert) On() bool { return a.State == Firing || a.State == Unknown }

// MessageKey names the message that shows the alert.
func (a Alert) MessageKey() string { return cmp.Or(a.Message, a.ID) }

// stateOf is the state of an alert while its finding is open.
func stateOf(f Finding) State {
	if f.IsUnknown() {
		return Unknown
	}
	return Firing
}

// Ending is how an alert ended.
type Ending string

// The endings of an alert.
const (
	EndedBack   Ending = "resolved"     // seen back under the line
	EndedPeriod Ending = "period_ended" // its period is over
	EndedRaised Ending = "raised"       // its budget was raised over what is spent
	// EndedRemoved is that of an alert whose rule, or account, was taken out of
	// the rules file.
	EndedRemoved Ending = "rule_removed"
)

// EventType is what happened to an alert.
type EventType string

// What can happen to an alert.
const (
	Fired       EventType = "fired"
	Escalated   EventType = "escalated"
	Updated     EventType = "updated"
	Recovered   EventType = "resolved"
	PeriodEnded EventType = "period_ended"
)

// What people do about an alert. Rules never do.
const (
	Acknowledged EventType = "acknowledged"
	Snoozed      EventType = "snoozed"
	Expected     EventType = "expected"
)

// What people do about a message that waits.
const (
	Resent  EventType = "resent"
	Dropped EventType = "dropped"
)

// Event is a change of an alert worth telling.
type Event struct {
	Type  EventType
	Alert Alert // as it is after the event
	Fresh bool  // the alert has no message of its own yet
	At    time.Time
	Quiet bool  // it grew worse while people held it: the channel is not to hear of it
	Deed  *Deed // what a person did; nil for what the rules say
}

// alertID names an episode. It is derived, so that the same episode has the
// same ID whenever and wherever it is found. A forecast is a budget's alert.
func alertID(accountID string, f Finding) string {
	kind := f.Kind
	if f.OfBudget() {
		kind = KindBudget
	}
	names := []string{f.Rule, string(kind), accountID, f.Subject.Service, f.Subject.Zone, f.Episode.String()}
	if f.Subject.Currency != "" {
		names = append(names, f.Subject.Currency)
	}
	sum := sha256.Sum256([]byte(strings.Join(names, "\x00")))
	return strings.ToLower(base32.StdEncoding.EncodeToString(sum[:5]))
}
