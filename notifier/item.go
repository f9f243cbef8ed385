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
	Reply   bool    `json:"reply,omitempty"`  // into the thread of the message with that key; shown in the channel too if Loud
	Quiet   bool    `json:"quiet,omitempty"`  // a reply that stays in the thread
	Silent  bool    `json:"silent,omitempty"` // nothing that the channel is to hear of again: nothing to post where messages cannot be edited
	Version int     `json:"version"`          // raised when newer content replaced what was waiting
	Content Content `json:"content"`

	State     State     `json:"state"`
	CreatedAt time.Time `json:"created_at"` // of the content
	Attempts  int       `json:"attempts"`
	StartedAt time.Time `json:"started_at,omitzero"` // of the last attempt
	NotBefore time.Time `json:"not_before,omitzero"` // no attempt before then
	Pauses    Pause     `json:"pauses,omitempty"`    // what else waits until NotBefore
	LastError string    `json:"last_error,omitempty"`
	Closed    Pause     `json:"closed,omitempty"` // what the last attempt found closed, until a person acts

	// UnsureSince is when the first attempt started that may have been
	// accepted though nobody heard: the message may be there already.
	UnsureSince time.Time `json:"unsure_since,omitzero"`
	// FailingSince is when the first attempt started of those that failed in a
	// row. Times in which the other side was closed do not count.
	FailingSince time.Time `json:"failing_since,omitzero"`
	// Looks counts those since the last attempt that did not find the message.
	Looks int `json:"looks,omitempty"`
	// Repeat is the version that was sent, once, without knowing whether an
	// earlier attempt was accepted; 0 while none was. From then on the message
	// says that it may be a repeat.
	Repeat int `json:"repeat,omitempty"`
	// Anew is set when the message to edit was found to be gone: the item is
	// posted, whatever receipt there is.
	Anew bool `json:"anew,omitempty"`
}

// Content is what a message says. One of Alert, Storm, Digest, Summary, Welcome,
// Closes, Notice and Signal is set.
type Content struct {
	Alert   *rules.Alert  `json:"alert,omitempty"`
	Storm   []rules.Alert `json:"storm,omitempty"`   // alerts that share a message: those that are on, then the dearest, first
	Mention []string      `json:"mention,omitempty"` // for Alert and Storm
	Digest  *Digest       `json:"digest,omitempty"`
	Chart   *report.Chart `json:"chart,omitempty"` // for Alert and Storm: their last days
	// Event is what a reply tells of its alerts; "" in a reply that says that one
	// grew worse, or tells the rest of a storm. Deed is what a person did.
	Event   rules.EventType `json:"event,omitempty"`
	Deed    *rules.Deed     `json:"deed,omitempty"`
	Summary *report.Summary `json:"summary,omitempty"`
	Welcome *report.Welcome `json:"welcome,omitempty"`
	Closes  []report.Close  `json:"closes,omitempty"` // of one billing period, by currency
	Notice  *Notice         `json:"notice,omitempty"`
	Signal  *Signal         `json:"signal,omitempty"` // for a machine
}

// Notice is what billbot says of itself: that something keeps it from telling
// people, or people from asking.
type Notice struct {
	Title string   `json:"title"` // one line, without a final full stop
	Lines []string `json:"lines,omitempty"`
}

// Alerts is the alerts that the content is about.
func (c Content) Alerts() []rules.Alert {
	switch {
	case c.Digest != nil:
		var all []rules.Alert
		for _, e := range c.Digest.Entries {
			all = append(all, e.Content.Alerts()...)
		}
		return all
	case c.Alert != nil:
		return append([]rules.Alert{*c.Alert}, c.Storm...)
	}
	return c.Storm
}

// Loud reports whether a reply is shown in the channel too: what grew worse is,
// unless people keep the alert quiet; the history of an alert, and what a
// message had no room for, are not.
func (i Item) Loud() bool { return i.Content.Storm == nil && !i.Quiet }

// By is the item as it can be known at a moment: since when it fails is unknown
// where that is later, told by a clock that was ahead.
func (i Item) By(now time.Time) Item {
	if i.FailingSince.After(now) {
		i.FailingSince = time.Time{}
	}
	return i
}

// State is where an item is on its way.
type State string

// The states of an item. Delivered items are not kept; their receipts are.
const (
	Pending State = "pending"
	Sending State = "sending" // an attempt began and its end is not known
	Dead    State = "dead"    // will not be tried again by itself
)

// Pause is what an item's wait stops besides itself and the later items of its
// key.
type Pause string

// What can wait with an item. The zero Pause is nothing.
const (
	PauseChannel Pause = "channel" // everything for the item's channel
	PauseLooks   Pause = "looks"   // whatever has to be looked for
	PauseAll     Pause = "all"
)

// Receipt says where a message is.
type Receipt struct {
	Channel string    `json:"channel"`        // as the channel's side names it: an ID
	Name    string    `json:"name,omitempty"` // of the channel, as items name it
	TS      string    `json:"ts"`             // Slack's message timestamp, its name within the channel
	SentAt  time.Time `json:"sent_at"`
	// PostedAt is when the channel was shown the message, by billbot's clock.
	PostedAt time.Time `json:"posted_at,omitzero"`
}
