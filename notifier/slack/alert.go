package slack

import (
	"time"

	"github.com/billbot/billbot/notifier"
	"github.com/billbot/billbot/notifier/slack/blockkit"
	"github.com/billbot/billbot/rules"
	"github.com/billbot/billbot/rules/report"
	"github.com/slack-go/slack"
)

// renderAlert lays out the message of an alert: what it is and where, how
// much, the facts beside it, why, and where it leads.
func renderAlert(item notifier.Item) Message {
	a := *item.Content.Alert
	title, named := report.Title(a, blockkit.MaxHeader-emojiRoom)
	var p page
	p.add(
		header(report.Emoji(a)+" "+title),
		figures(a, item.Content.Mention, named),
		lines(report.Cause(a), report.Outlook(a), report.Others(a)),
		standing([]rules.Alert{a}),
		chartBlock(item.Content.Chart),
		approvalButtons(item.Key, a),
		buttons(item.Key, []rules.Alert{a}),
		footer(report.DataLine(a.Finding.Through), report.HistoryHint(a), since(a.Since),
			"Rule "+report.Name(a.Finding.Rule, 60), "Alert "+report.Name(a.ID, 20)),
	)
	return Message{
		Text:     marked(report.Sentence(a), maxText),
		Blocks:   p.blocks,
		Metadata: alertMetadata(item.Key, a),
	}
}

// since says when an alert fired.
func since(fired time.Time) string {
	if fired.IsZero() {
		return ""
	}
	return "Since " + report.Moment(fired)
}

// emojiRoom is what an emoji takes of a header.
const emojiRoom = 4

// renderReply lays out the message in an alert's thread that says that it got
// worse. It carries no alert's metadata: the alert is found by its own
// message.
func renderReply(item notifier.Item) Message {
	a := *item.Content.Alert
	title, named := report.Title(a, maxElement)
	text := report.Emoji(a) + " *" + marked(title, maxElement) + "*"
	if more := joinLines([]string{marked(report.Outlook(a), 300), ping(a, item.Content.Mention)}); more != "" {
		text += "\n" + more
	}
	var p page
	p.add(slack.NewSectionBlock(mrkdwn(text), nil, nil), footer(severity(a), inAccount(a, named), report.DataLine(a.Finding.Through)))
	return withKey(Message{Text: marked(report.Sentence(a), maxText), Blocks: p.blocks}, EventReply, item)
}

func inAccount(a rules.Alert, named bool) string {
	if named || a.Finding.Subject.Account == "" {
		return ""
	}
	return "Account " + report.Name(a.Finding.Subject.Account, 60)
}

func severity(a rules.Alert) string {
	if !a.On() {
		return ""
	}
	return "Severity: " + severityWord(a)
}

// severityWord is how much the alert matters; an unknown word is a warning.
func severityWord(a rules.Alert) string {
	switch s := a.Finding.Severity; s {
	case rules.Critical, rules.Info:
		return string(s)
	}
	return string(rules.Warning)
}

// figures is the section of an alert's amounts and short facts; the account is
// one of them unless it is named already. A budget and what is included are in
// the line of amounts.
func figures(a rules.Alert, mention []string, named bool) slack.Block {
	f := a.Finding
	text := joinLines([]string{marked(report.Figures(a), 500), ping(a, mention)})
	var facts []*slack.TextBlockObject
	if f.Subject.Account != "" && !named {
		facts = append(facts, field("Account", report.Name(f.Subject.Account, 60)))
	}
	if a.On() {
		facts = append(facts, field("Severity", severityWord(a)))
	}
	switch f.Kind {
	case rules.KindSpike:
		facts = append(facts, field("Usual day", report.Money(f.Usual, f.Currency)))
	case rules.KindPrice:
		facts = append(facts, field("Price before", report.PriceBefore(f)))
	}
	if f.PeriodKind != rules.ByDay && f.Kind != rules.KindStale && f.Kind != rules.KindUnmatched {
		facts = append(facts, field(periodLabel(f), report.PeriodOf(a)))
	}
	return slack.NewSectionBlock(mrkdwn(text), facts[:min(len(facts), maxFields)], nil)
}

// ping mentions people while the alert is on. Nobody needs to be called for
// what is over.
func ping(a rules.Alert, mention []string) string {
	if !a.On() {
		return ""
	}
	return mentions(mention)
}

// alertMetadata says which alert a message shows: identifiers only, as every
// member of the workspace can read it.
func alertMetadata(key string, a rules.Alert) slack.SlackMetadata {
	f := a.Finding
	return slack.SlackMetadata{
		EventType: EventAlert,
		EventPayload: map[string]any{
			"key":     exact(key),
			"rule":    short(f.Rule),
			"kind":    string(f.Kind),
			"account": short(f.Subject.Account),
			"service": short(f.Subject.Service),
			"day":     f.Day.String(),
			"state":   string(a.State),
		},
	}
}

func periodLabel(f rules.Finding) string {
	if f.PeriodKind == "" || f.PeriodKind == rules.ByBillingPeriod {
		return "Billing period"
	}
	return "Period"
}
