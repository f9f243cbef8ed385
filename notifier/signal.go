package notifier

import (
	"crypto/sha256"
	"encoding/base32"
	"strings"
	"time"

	"github.com/billbot/billbot/rules"
	"github.com/billbot/billbot/rules/report"
)

// Signal is what one machine is told of one event. It is never replaced by a
// newer one, as a message is: each is told, with the alert as it was then.
type Signal struct {
	Type rules.EventType `json:"type"`
	At   time.Time       `json:"at"` // when it happened
	// Alert is what it happened to, of an account by ID; Deed is what a person did.
	Alert   *rules.Alert `json:"alert,omitempty"`
	Account string       `json:"account,omitempty"`
	Deed    *rules.Deed  `json:"deed,omitempty"`
	// Summary is that of a summary, State the alerts that are on.
	Summary *report.Summary `json:"summary,omitempty"`
	State   []Standing      `json:"state,omitempty"`
}

// Standing is an alert, and the ID of its account.
type Standing struct {
	Account string      `json:"account"`
	Alert   rules.Alert `json:"alert"`
}

// What machines are told besides what happens to alerts.
const (
	Summarized rules.EventType = "summary"
	Stated     rules.EventType = "state"  // the alerts that are on, as somebody asked for them
	Acted      rules.EventType = "action" // somebody wants something done about an alert
)

// webhookPrefix begins the channel of what goes to a webhook; its name follows.
// Slack has no such channel.
const webhookPrefix = "webhook:"

// WebhookChannel is the channel of a webhook's items.
func WebhookChannel(name string) string { return webhookPrefix + name }

// Destination is the webhook that an item goes to, by name; "" is people.
func (i Item) Destination() string {
	if i.Content.Signal == nil {
		return ""
	}
	return strings.TrimPrefix(i.Channel, webhookPrefix)
}

// NewSignal is an item that tells a webhook of something. Its key is the same
// whenever it is made of the same event, and is what the other side knows
// repeats by.
func NewSignal(webhook string, s Signal, at time.Time) Item {
	about := ""
	s.At = at
	if s.Alert != nil {
		about = s.Alert.ID
	}
	sum := sha256.Sum256([]byte(strings.Join([]string{webhook, string(s.Type), about, s.Account, at.UTC().Format(time.RFC3339Nano)}, "\x00")))
	return Item{
		Key:     "msg_" + strings.ToLower(base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(sum[:15])),
		Channel: WebhookChannel(webhook), CreatedAt: at, Content: Content{Signal: &s},
	}
}

// signal makes what webhooks are told of events of one account. That figures are
// newer is told nobody; what somebody wants done is told the webhook of the
// action, and no other.
func signal(r *rules.Rules, account rules.Account, events []rules.Event) []Item {
	var items []Item
	for _, e := range events {
		if e.Type == rules.ActionApproved || e.Type == rules.ReverseApproved {
			items = append(items, NewSignal(e.Alert.Approval.Webhook, Signal{Type: Acted, Alert: &e.Alert, Account: account.ID, Deed: e.Deed}, e.At))
		}
		if e.Alert.Seeded && e.Deed == nil || e.Type == rules.Updated || e.Type.IsAction() {
			continue
		}
		for _, w := range r.Webhooks {
			if w.Hears(account, e.Alert.Finding) {
				items = append(items, NewSignal(w.Name, Signal{Type: signalType(e.Type), Alert: &e.Alert, Account: account.ID, Deed: e.Deed}, e.At))
			}
		}
	}
	return items
}

// signalType is what an event is called to machines, to which the end of an
// alert is one thing, whatever ended it.
func signalType(t rules.EventType) rules.EventType {
	if t == rules.PeriodEnded {
		return rules.Recovered
	}
	return t
}

// SignalSummary makes what webhooks are told of a summary of accounts, each of
// those that it watches.
func SignalSummary(r *rules.Rules, accounts []rules.Account, s report.Summary, at time.Time) []Item {
	var items []Item
	for _, w := range r.Webhooks {
		watched := map[string]bool{}
		for _, account := range accounts {
			watched[account.Name] = w.HearsSummary(account)
		}
		part := s
		part.Accounts, part.Chart, part.Breakdown = nil, nil, nil
		for _, account := range s.Accounts {
			if watched[account.Account] {
				part.Accounts = append(part.Accounts, account)
			}
		}
		if len(part.Accounts) > 0 {
			items = append(items, NewSignal(w.Name, Signal{Type: Summarized, Summary: &part, Account: part.Accounts[0].Account}, at))
		}
	}
	return items
}
