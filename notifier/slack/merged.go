package slack

import (
	"encoding/json"
	"slices"
	"strconv"

	"github.com/billbot/billbot/notifier"
	"github.com/billbot/billbot/rules"
	"github.com/billbot/billbot/rules/report"
	"github.com/slack-go/slack"
)

// digestLines is how many entries of a digest its message tells.
const digestLines = 10

// renderDigest lays out a message that stands for several: the first ones, a
// line each, and how many more there are. It has no buttons: its alerts have
// nothing to do with each other, so each is named by its ID.
func renderDigest(item notifier.Item) Message {
	entries, alerts := item.Content.Digest.Entries, item.Content.Alerts()
	others := 0
	var told []string
	for _, e := range entries {
		if len(e.Content.Alerts()) == 0 {
			others++
		}
		told = append(told, entryLines(e)...)
	}
	var p page
	p.add(header(digestEmoji(alerts) + " " + report.DigestTitle(alerts, others)))
	if people := mentions(item.Content.Mentions()); people != "" {
		p.add(slack.NewSectionBlock(mrkdwn(people), nil, nil))
	}
	for _, line := range told[:min(len(told), digestLines)] {
		p.fits(lines(line))
	}
	p.add(lines(andMore(len(told)-digestLines)), footer(digestFacts(alerts)...))
	return Message{
		Text: marked(report.DigestSentence(alerts, others), maxText), Blocks: p.blocks, Metadata: digestMetadata(item, alerts),
	}
}

// entryLines tell an entry of a digest, a line for each alert.
func entryLines(e notifier.Entry) []string {
	content := e.Content
	switch {
	case content.Welcome != nil:
		return []string{report.WelcomeEmoji(*content.Welcome) + " " + report.WelcomeLine(*content.Welcome)}
	case len(content.Closes) > 0:
		return []string{"📕 " + report.CloseLine(content.Closes[0])}
	}
	var told []string
	for _, a := range content.Alerts() {
		told = append(told, report.DigestLine(a))
	}
	return told
}

func andMore(n int) string {
	if n <= 0 {
		return ""
	}
	return "+" + strconv.Itoa(n) + " more: billbot alerts lists them."
}

func digestEmoji(alerts []rules.Alert) string {
	if len(alerts) == 0 {
		return "📬"
	}
	return report.StormEmoji(alerts)
}

func digestFacts(alerts []rules.Alert) []string {
	facts := []string{}
	if len(alerts) > 0 {
		facts = append(facts, report.DataLine(report.StormThrough(alerts)))
	}
	if slices.ContainsFunc(alerts, rules.Alert.On) {
		facts = append(facts, "Each is an alert of its own: /spend ack takes its ID")
	}
	return facts
}

// digestMetadata names every alert of the message, as far as there is room.
func digestMetadata(item notifier.Item, alerts []rules.Alert) slack.SlackMetadata {
	state := string(rules.Resolved)
	if slices.ContainsFunc(alerts, rules.Alert.On) {
		state = string(rules.Firing)
	}
	return slack.SlackMetadata{
		EventType: EventAlert,
		EventPayload: map[string]any{
			payloadKey: exact(item.Key), "kind": "digest", "day": report.StormThrough(alerts).String(), "state": state,
			"alerts": idsWithin(alerts, maxDigestIDs), "count": len(alerts),
		},
	}
}

// maxDigestIDs is how many bytes of metadata the IDs of a digest may take, short
// of 4,096: some 240 of ours.
const maxDigestIDs = 2700

func idsWithin(alerts []rules.Alert, room int) []string {
	ids := []string{}
	for _, a := range alerts {
		id := report.Cut(a.ID, maxAlertID)
		written, err := json.Marshal(id)
		if room -= len(written) + 1; room < 0 || err != nil {
			break
		}
		ids = append(ids, id)
	}
	return ids
}
