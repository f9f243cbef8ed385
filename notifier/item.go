package notifier

import (
	"time"

	"github.com/billbot/billbot/rules"
	"github.com/billbot/billbot/rules/report"
)

// Item is one message in the outbox.
type Item struct {
	ID      uint64  `json:"id"`  // order of the outbox; given by the store
	Key     string  `json:"key"` // which message this is: an alert's ID, a summary's date
	Channel string  `json:"channel"`
	Reply   bool    `json:"reply,omitempty"` // into the thread of the message with that key, and shown in the channel
	Version int     `json:"version"`         // raised when newer content replaced what was waiting
	Content Content `json:"content"`

	State     State     `json:"state"`
	CreatedAt time.Time `json:"created_at"`
	Attempts  int       `json:"attempts"`
	StartedAt time.Time `json:"started_at,omitzero"` // of the last attempt
	NotBefore time.Time `json:"not_before,omitzero"` // no attempt before then
	LastError string    `json:"last_error,omitempty"`
}

// Content is what a message says. One field is set.
type Content struct {
	Alert   *rules.Alert    `json:"alert,omitempty"`
	Mention []string        `json:"mention,omitempty"` // for Alert
	Summary *report.Summary `json:"summary,omitempty"`
	Welcome *report.Welcome `json:"welcome,omitempty"`
}

// State is where an item is on its way.
type State string

// The states of an item. Delivered items are not kept; their receipts are.
const (
	Pending State = "pending"
	Sending State = "sending" // an attempt began and its end is not known
	Dead    State = "dead"    // will not be tried again by itself
)

// Receipt says where a message is.
type Receipt struct {
	Channel string    `json:"channel"` // as the channel's side names it: an ID
	TS      string    `json:"ts"`      // Slack's message timestamp, its name within the channel
	SentAt  time.Time `json:"sent_at"`
}
