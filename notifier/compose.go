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
// from then on. The message's thread is the alert's history: what was said when
// it fired, what people did, what it cost in the end. That it grew worse is
// shown in the channel too, as an edit notifies nobody, unless people keep it
// quiet. Alerts that share a message ([Gather]) are shown in it together, and
// have one history. An alert that the account's first message told has none of
// its own. Webhooks are told of each event by itself ([Signal]).
func Compose(r *rules.Rules, account rules.Account, alerts []rules.Alert, events []rules.Event) []Item {
	c := composing{storms: map[string]bool{}, told: map[string]int{}}
	for _, e := range events {
		if e.Alert.Seeded {
			continue
		}
		rule := ruleOf(r, e.Alert.Finding.Rule)
		item := Item{
			Key: e.Alert.MessageKey(), Channel: ChannelOf(r, account, rule), CreatedAt: e.At,
			Content: Content{Alert: &e.Alert, Mention: rule.Mention},
			Silent:  isUnheard(e),
		}
		switch {
		case e.Alert.Message == "":
			c.items = append(c.items, item)
		case !c.storms[e.Alert.Message]:
			c.storms[e.Alert.Message] = true
			c.items = append(c.items, composeStorm(r, account, alerts, e, isSilent(events, e.Alert.Message))...)
		}
		c.reply(e, item)
	}
	return append(c.items, signal(r, account, events)...)
}

// composing is items in the making.
type composing struct {
	items  []Item
	storms map[string]bool // messages that have their item
	told   map[string]int  // where in items the history of a shared message is, by message and event
}

// reply adds what the message's thread says of an event.
func (c *composing) reply(e rules.Event, item Item) {
	item.Reply, item.Quiet, item.Silent = true, true, false
	switch worse := e.Type == rules.Escalated || e.Type == rules.Fired; {
	case worse && !e.Fresh:
		if item.Quiet = e.Quiet; e.Quiet {
			item.Content.Mention = nil
		}
		c.items = append(c.items, item)
	case e.Deed != nil:
		c.history(e.Type, e, item)
	case e.Alert.Finding.IsUnknown(): // its message says all there is to say
	case e.Fresh && e.Alert.Message == "":
		c.history(rules.Fired, e, item)
	case e.Type == rules.Recovered, e.Type == rules.PeriodEnded:
		c.history(e.Type, e, item)
	}
}

// history tells an event in the thread. What happens at once to alerts that
// share a message is told at once.
func (c *composing) history(of rules.EventType, e rules.Event, item Item) {
	item.Content = Content{Alert: &e.Alert, Event: of, Deed: e.Deed}
	if e.Alert.Message != "" {
		key := e.Alert.Message + " " + string(of)
		if at, known := c.told[key]; known {
			c.items[at].Content.Storm = append(c.items[at].Content.Storm, e.Alert)
			return
		}
		c.told[key] = len(c.items)
		item.Content.Alert, item.Content.Storm = nil, []rules.Alert{e.Alert}
	}
	c.items = append(c.items, item)
}

// isUnheard reports whether the channel is not to hear of an event: figures are
// newer, or people did something or keep the alert quiet.
func isUnheard(e rules.Event) bool { return e.Type == rules.Updated || e.Quiet }

// isSilent reports whether the channel is to hear of nothing that happened to
// the alerts of a message.
func isSilent(events []rules.Event, message string) bool {
	return !slices.ContainsFunc(events, func(e rules.Event) bool {
		return e.Alert.Message == message && !isUnheard(e)
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

// Illustrate adds to the messages of alerts what a bill shows of them: one chart
// each, of all the alerts that share a message. Replies have none.
func Illustrate(r *rules.Rules, bill fetcher.Bill, items []Item) {
	for i := range items {
		content := &items[i].Content
		switch {
		case items[i].Reply:
		case content.Alert != nil:
			content.Chart = report.AlertChart(bill, ruleOf(r, content.Alert.Finding.Rule), content.Alert.Finding)
		case len(content.Storm) > 0:
			content.Chart = report.StormChart(bill, content.Storm)
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
