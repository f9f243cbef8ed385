package webhook

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/billbot/billbot/notifier"
	"github.com/billbot/billbot/rules"
)

// Event is what one webhook is told.
type Event struct {
	Type      rules.EventType `json:"type"`
	Timestamp time.Time       `json:"timestamp"` // when it happened
	Data      Data            `json:"data"`
}

// Data is what an event is about: an alert and what a person did about it, a
// summary, or the alerts that are on.
type Data struct {
	Alert   *Alert   `json:"alert,omitempty"`
	Person  *Person  `json:"person,omitempty"`
	Action  *Action  `json:"action,omitempty"`
	Summary *Summary `json:"summary,omitempty"`
	Alerts  *[]Alert `json:"alerts,omitempty"` // of a state: empty where none is on
}

// Person is who did something about an alert, and what they said.
type Person struct {
	By     string     `json:"by"` // a Slack user's ID, or a name
	Reason string     `json:"reason,omitempty"`
	Until  *time.Time `json:"until,omitempty"` // of a snooze or an expectation
}

// Action is what somebody wants done about the alert.
type Action struct {
	Do Do     `json:"do"`
	By string `json:"by"` // who said yes: a Slack user's ID, or that nobody was asked
}

// Do is what is wanted.
type Do string

// What can be wanted: that what makes the bill grow is stopped, or that this is
// taken back.
const (
	Stop    Do = "stop"
	Reverse Do = "reverse"
)

func actionOf(p rules.Approval) *Action {
	if p.Reverse {
		return &Action{Do: Reverse, By: p.Approver}
	}
	return &Action{Do: Stop, By: p.Approver}
}

// Body is the event of an item, the same at each attempt.
func Body(item notifier.Item) ([]byte, error) {
	if item.Content.Signal == nil {
		return nil, errors.New("no event to tell a webhook of")
	}
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(eventOf(*item.Content.Signal)); err != nil {
		return nil, fmt.Errorf("writing an event: %w", err)
	}
	return bytes.TrimRight(out.Bytes(), "\n"), nil
}

func eventOf(s notifier.Signal) Event {
	e := Event{Type: s.Type, Timestamp: s.At.UTC()}
	if s.Alert != nil {
		a := alertOf(s.Account, *s.Alert)
		e.Data.Alert = &a
	}
	if s.Type == notifier.Acted && s.Alert.Approval != nil {
		e.Data.Action = actionOf(*s.Alert.Approval)
	} else if d := s.Deed; d != nil {
		e.Data.Person = &Person{By: d.By, Reason: d.Reason, Until: unlessZero(d.Until)}
	}
	if s.Summary != nil {
		e.Data.Summary = summaryOf(*s.Summary)
	}
	if s.Type == notifier.Stated {
		alerts := make([]Alert, len(s.State))
		for i, standing := range s.State {
			alerts[i] = alertOf(standing.Account, standing.Alert)
		}
		e.Data.Alerts = &alerts
	}
	return e
}

func unlessZero(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	t = t.UTC()
	return &t
}
