package slack

import (
	"github.com/billbot/billbot/notifier"
	"github.com/billbot/billbot/rules"
	"github.com/billbot/billbot/rules/report"
	"github.com/slack-go/slack"
)

// renderAlert lays out the message of an alert: what it is, how much, the
// facts beside it, why, and where it leads.
func renderAlert(item notifier.Item) Message {
	a := *item.Content.Alert
	var p page
	p.add(
		header(emoji(a)+" "+report.Headline(a)),
		figures(a, item.Content.Mention),
		lines(report.Cause(a), report.Outlook(a), report.Others(a)),
		footer(report.DataLine(a.Finding.Through), report.HistoryHint(a),
			"Rule "+report.Name(a.Finding.Rule, 60), "Alert "+report.Name(a.ID, 20), acknowledged(a), snoozed(a)),
	)
	return Message{
		Text:     marked(report.Sentence(a), maxText),
		Blocks:   p.blocks,
		Metadata: alertMetadata(item.Key, a),
	}
}

// renderReply lays out the message in an alert's thread that says that it got
// worse. It carries no alert's metadata: the alert is found by its own
// message.
func renderReply(item notifier.Item) Message {
	a := *item.Content.Alert
	text := emoji(a) + " *" + marked(report.Headline(a), 300) + "*"
	if more := joinLines([]string{marked(report.Outlook(a), 300), ping(a, item.Content.Mention)}); more != "" {
		text += "\n" + more
	}
	var p page
	p.add(slack.NewSectionBlock(mrkdwn(text), nil, nil), footer(severity(a), inAccount(a), report.DataLine(a.Finding.Through)))
	return withKey(Message{Text: marked(report.Sentence(a), maxText), Blocks: p.blocks}, EventReply, item)
}

func inAccount(a rules.Alert) string {
	if a.Finding.Subject.Account == "" {
		return ""
	}
	return "Account " + report.Name(a.Finding.Subject.Account, 60)
}

func severity(a rules.Alert) string {
	if a.State != rules.Firing {
		return ""
	}
	return "Now " + severityWord(a)
}

// severityWord is how much the alert matters; an unknown word is a warning.
func severityWord(a rules.Alert) string {
	switch s := a.Finding.Severity; s {
	case rules.Critical, rules.Info:
		return string(s)
	}
	return string(rules.Warning)
}

// emoji shows an alert's state, or its severity while it is on. The words
// beside it say the same, for those who do not see colours.
func emoji(a rules.Alert) string {
	switch a.State {
	case rules.Resolved:
		return "✅"
	case rules.Unknown:
		return "⚪"
	}
	switch a.Finding.Severity {
	case rules.Critical:
		return "🔴"
	case rules.Info:
		return "🔵"
	}
	return "🟡"
}

// figures is the section of an alert's amounts and short facts.
func figures(a rules.Alert, mention []string) slack.Block {
	f := a.Finding
	text := joinLines([]string{marked(report.Figures(a), 500), ping(a, mention)})
	var facts []*slack.TextBlockObject
	if f.Subject.Account != "" {
		facts = append(facts, field("Account", report.Name(f.Subject.Account, 60)))
	}
	if a.State == rules.Firing {
		facts = append(facts, field("Severity", severityWord(a)))
	}
	if f.Kind == rules.KindSpike {
		facts = append(facts, field("Usual day", report.Money(f.Usual, f.Currency)))
	} else {
		facts = append(facts, field("Limit", report.Money(f.Limit, f.Currency)))
	}
	if f.PeriodKind != rules.ByDay {
		facts = append(facts, field(periodLabel(f), report.PeriodOf(a)))
	}
	return slack.NewSectionBlock(mrkdwn(text), facts[:min(len(facts), maxFields)], nil)
}

// ping mentions people while the alert is on. Nobody needs to be called for
// what is over.
func ping(a rules.Alert, mention []string) string {
	if a.State != rules.Firing {
		return ""
	}
	return mentions(mention)
}

func acknowledged(a rules.Alert) string {
	if a.AcknowledgedBy == "" {
		return ""
	}
	return "Acknowledged by " + report.Name(a.AcknowledgedBy, 60)
}

func snoozed(a rules.Alert) string {
	if a.SnoozedUntil.IsZero() || a.State == rules.Resolved {
		return ""
	}
	return "Snoozed until " + a.SnoozedUntil.UTC().Format("Mon 2 Jan 15:04 MST")
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
