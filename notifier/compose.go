package notifier

import (
	"cmp"
	"slices"
	"time"

	"github.com/billbot/billbot/fetcher"
	"github.com/billbot/billbot/rules"
	"github.com/billbot/billbot/rules/report"
)

// Compose turns events of one account into the items to deliver; alerts is the
// account's alerts as they are after the events. An alert has one message: its
// item carries the alert as it is now, and delivery posts it once and edits it
// from then on. An alert that grows worse is told in the message's thread too,
// and shown in the channel again, as an edit notifies nobody. Alerts that share
// a message ([Gather]) are shown in it together. An alert that the account's
// first message told has none of its own.
func Compose(r *rules.Rules, account rules.Account, alerts []rules.Alert, events []rules.Event) []Item {
	var items []Item
	storms := map[string]bool{}
	for _, e := range events {
		if e.Alert.Seeded {
			continue
		}
		rule := ruleOf(r, e.Alert.Finding.Rule)
		item := Item{
			Key: e.Alert.MessageKey(), Channel: ChannelOf(r, account, rule), CreatedAt: e.At,
			Content: Content{Alert: &e.Alert, Mention: rule.Mention},
			Silent:  e.Type == rules.Updated,
		}
		switch {
		case e.Alert.Message == "":
			items = append(items, item)
		case !storms[e.Alert.Message]:
			storms[e.Alert.Message] = true
			items = append(items, composeStorm(r, account, alerts, e, isSilent(events, e.Alert.Message))...)
		}
		if worse := e.Type == rules.Escalated || e.Type == rules.Fired; worse && !e.Fresh {
			item.Reply = true
			items = append(items, item)
		}
	}
	return items
}

// isSilent reports whether all that happened to the alerts of a message is that
// their figures are newer.
func isSilent(events []rules.Event, message string) bool {
	return !slices.ContainsFunc(events, func(e rules.Event) bool {
		return e.Alert.Message == message && e.Type != rules.Updated
	})
}

// ComposeWelcome makes the first message of an account. Alerts that were on
// already are told in it.
func ComposeWelcome(r *rules.Rules, account rules.Account, w report.Welcome, now time.Time) Item {
	return Item{
		Key: "welcome-" + account.ID, Channel: ChannelOf(r, account, rules.Rule{}), CreatedAt: now,
		Content: Content{Welcome: &w},
	}
}

// Illustrate adds to the messages of alerts what a bill shows of them. Messages
// that several alerts share, and replies, have no chart.
func Illustrate(r *rules.Rules, bill fetcher.Bill, items []Item) {
	for i := range items {
		content := &items[i].Content
		if content.Alert != nil && !items[i].Reply {
			content.Chart = report.AlertChart(bill, ruleOf(r, content.Alert.Finding.Rule), content.Alert.Finding)
		}
	}
}

// NoChannel stands for the channel where the rules file names none. Slack has no
// such channel; printed messages go there.
const NoChannel = "-"

// ChannelOf is where messages of a rule and an account go: the rule's channel,
// else the account's, else the default.
func ChannelOf(r *rules.Rules, account rules.Account, rule rules.Rule) string {
	return cmp.Or(rule.Channel, account.Channel, r.Slack.Channel, NoChannel)
}

func ruleOf(r *rules.Rules, name string) rules.Rule {
	if i := slices.IndexFunc(r.Rules, func(rule rules.Rule) bool { return rule.Name == name }); i >= 0 {
		return r.Rules[i]
	}
	return rules.Rule{Name: name}
}
