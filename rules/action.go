package rules

import (
	"errors"
	"strings"
	"time"

	"github.com/billbot/billbot/fetcher"
)

// What a person cannot do about an alert. Nothing changes then.
var (
	ErrOver     = errors.New("the alert is over")
	ErrAlready  = errors.New("that is so already")
	ErrPast     = errors.New("that moment is past")
	ErrFar      = errors.New("that is more than a year ahead")
	ErrNoReason = errors.New("a reason is needed")
)

// longestHold is how far ahead an alert can be kept quiet: what is for ever is
// a change of the rules file.
const longestHold = 366 * 24 * time.Hour

// sameMoment is how close two snoozes are the same one: a button pressed twice.
const sameMoment = time.Minute

// maxReason is how many characters of a reason are kept.
const maxReason = 500

// Expectation is that an alert was foreseen.
type Expectation struct {
	Until  fetcher.Day `json:"until"` // the last day of it, UTC
	Reason string      `json:"reason"`
	By     string      `json:"by"`
	At     time.Time   `json:"at"`
}

// Deed is what a person did about an alert, or about a message that waits: an
// entry of the audit trail.
type Deed struct {
	At     time.Time `json:"at"`
	By     string    `json:"by"` // a Slack user's ID, or a name
	Type   EventType `json:"type"`
	Alert  string    `json:"alert"`          // or the key of the message
	Until  time.Time `json:"until,omitzero"` // of a snooze or an expectation: the moment it ends
	Reason string    `json:"reason,omitempty"`
	Before string    `json:"before,omitempty"` // how it stood, in words
	After  string    `json:"after,omitempty"`
}

// Acknowledge records that somebody looks after an alert. It stays as loud as
// it is: the acknowledgement is of what was known, and ends when the alert grows
// worse. The error is [ErrOver] or [ErrAlready].
func (a Alert) Acknowledge(by, reason string, now time.Time) (Alert, Event, error) {
	if !a.On() {
		return a, Event{}, ErrOver
	}
	if a.AcknowledgedBy != "" {
		return a, Event{}, ErrAlready
	}
	was := a.standing()
	a.AcknowledgedBy, a.AcknowledgedAt = by, now
	return a.done(was, Deed{At: now, By: by, Type: Acknowledged, Reason: reason})
}

// Snooze keeps an alert out of the channel until a moment; its message stays
// true. The newest snooze counts, longer or shorter than the one before. The
// error is [ErrOver], [ErrAlready], [ErrPast] or [ErrFar].
func (a Alert) Snooze(by, reason string, until, now time.Time) (Alert, Event, error) {
	if err := a.mayHold(until, now); err != nil {
		return a, Event{}, err
	}
	if a.SnoozedUntil.Sub(until).Abs() < sameMoment {
		return a, Event{}, ErrAlready
	}
	was := a.standing()
	a.SnoozedUntil, a.SnoozedBy, a.SnoozedAt = until, by, now
	return a.done(was, Deed{At: now, By: by, Type: Snoozed, Until: until, Reason: reason})
}

// Expect keeps an alert out of the channel through a day, as what was foreseen,
// and says why. The error is [ErrOver], [ErrAlready], [ErrPast], [ErrFar] or
// [ErrNoReason].
func (a Alert) Expect(by, reason string, until fetcher.Day, now time.Time) (Alert, Event, error) {
	reason = cutReason(reason)
	end := (until + 1).Time()
	if err := a.mayHold(end, now); err != nil {
		return a, Event{}, err
	}
	if reason == "" {
		return a, Event{}, ErrNoReason
	}
	if e := a.Expected; e != nil && e.Until == until && e.Reason == reason {
		return a, Event{}, ErrAlready
	}
	was := a.standing()
	a.Expected = &Expectation{Until: until, Reason: reason, By: by, At: now}
	return a.done(was, Deed{At: now, By: by, Type: Expected, Until: end, Reason: reason})
}

func (a Alert) mayHold(until, now time.Time) error {
	switch {
	case !a.On():
		return ErrOver
	case !until.After(now):
		return ErrPast
	case until.Sub(now) > longestHold:
		return ErrFar
	}
	return nil
}

func (a Alert) done(was string, d Deed) (Alert, Event, error) {
	d.Alert, d.Reason = a.ID, cutReason(d.Reason)
	d.Before, d.After = was, a.standing()
	return a, Event{Type: d.Type, Alert: a, At: d.At, Quiet: true, Deed: &d}, nil
}

// standing is what people made of an alert, for the audit trail: "firing,
// acknowledged by ada".
func (a Alert) standing() string {
	texts := []string{string(a.State)}
	if a.AcknowledgedBy != "" {
		texts = append(texts, "acknowledged by "+a.AcknowledgedBy)
	}
	if !a.SnoozedUntil.IsZero() {
		texts = append(texts, "snoozed until "+a.SnoozedUntil.UTC().Format(time.RFC3339)+" by "+a.SnoozedBy)
	}
	if p := a.Approval; p != nil {
		texts = append(texts, "action "+string(p.State))
	}
	if e := a.Expected; e != nil {
		texts = append(texts, "expected through "+e.Until.String()+" by "+e.By)
	}
	return strings.Join(texts, ", ")
}

func cutReason(reason string) string {
	runes := []rune(strings.Join(strings.Fields(strings.ToValidUTF8(reason, "\uFFFD")), " "))
	return string(runes[:min(len(runes), maxReason)])
}

// Held reports whether a person keeps the alert out of the channel at a moment:
// it is snoozed, or expected.
func (a Alert) Held(now time.Time) bool {
	return now.Before(a.SnoozedUntil) || a.Expected != nil && fetcher.DayOf(now) <= a.Expected.Until
}

// grown is an alert that grew worse, and whether nobody is called for it. What
// is held stays quiet, and is told when the hold ends. What became critical
// since is not held: nobody who snoozed a warning said so of that. An
// acknowledgement was of less than there is now.
func (a *advance) grown(alert Alert) (Alert, bool) {
	for _, was := range a.told {
		if was.ID != alert.ID {
			continue
		}
		critical := alert.Finding.Severity == Critical && was.Finding.Severity != Critical
		if alert.Held(a.now) && !critical {
			alert.Missed = true
			return alert, true
		}
	}
	alert.AcknowledgedBy, alert.AcknowledgedAt, alert.Missed = "", time.Time{}, false
	return alert, false
}

// wake ends holds whose time is over. What grew worse meanwhile is told now.
func (a *advance) wake() {
	for _, alert := range a.current() {
		if held := !alert.SnoozedUntil.IsZero() || alert.Expected != nil; !held || !alert.On() || alert.Held(a.now) {
			continue
		}
		missed := alert.Missed
		alert.SnoozedUntil, alert.SnoozedBy, alert.SnoozedAt = time.Time{}, "", time.Time{}
		alert.Expected, alert.Missed = nil, false
		if missed {
			a.emit(Escalated, alert)
			continue
		}
		a.emit(Updated, alert)
	}
}
