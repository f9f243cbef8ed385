package slack

import (
	"strconv"

	"github.com/billbot/billbot/notifier"
	"github.com/billbot/billbot/rules"
	"github.com/billbot/billbot/rules/report"
	"github.com/slack-go/slack"
)

// stormLines is how many alerts of a storm its message names; the thread has
// all that it does not tell in full.
const stormLines = 12

// renderStorm lays out alerts that share a message: all together first, then
// the dearest in full, then a line for each of the others.
func renderStorm(item notifier.Item) Message {
	storm := item.Content.Storm
	title := report.StormTitle(storm)
	var p page
	p.add(header(report.StormEmoji(storm) + " " + title))
	if gravest, on := report.StormGravest(storm); on {
		p.add(slack.NewSectionBlock(mrkdwn(joinLines([]string{mentions(item.Content.Mention), severity(gravest)})), nil, nil))
	}
	for i, a := range storm[:min(len(storm), notifier.StormShown)] {
		if !p.fits(inFull(a)) {
			storm = storm[:i]
			break
		}
	}
	var rest []string
	for _, a := range storm[min(len(storm), notifier.StormShown):min(len(storm), stormLines)] {
		rest = append(rest, report.StormLine(a))
	}
	if more := len(item.Content.Storm) - stormLines; more > 0 {
		rest = append(rest, "… and "+strconv.Itoa(more)+" more, in the thread.")
	}
	p.add(lines(rest...), standing(item.Content.Storm))
	p.fits(chartBlock(item.Content.Chart))
	p.add(buttons(item.Key, item.Content.Storm),
		footer(report.DataLine(report.StormThrough(storm)), since(report.StormSince(item.Content.Storm)), "Each is an alert of its own"))
	return Message{
		Text: marked(report.StormSentence(item.Content.Storm), maxText), Blocks: p.blocks, Metadata: stormMetadata(item),
	}
}

// renderRest lays out what a storm's message has no room to tell in full.
func renderRest(item notifier.Item) Message {
	storm := item.Content.Storm
	text := "The others, dearest first:"
	var p page
	p.add(lines(text))
	for i, a := range storm {
		if !p.fits(inFull(a)) {
			p.add(lines("… and " + strconv.Itoa(len(storm)-i) + " more: billbot alerts lists them."))
			break
		}
	}
	return withKey(Message{Text: text, Blocks: p.blocks}, EventReply, item)
}

// inFull tells one alert of several: what it is, why, and where it leads.
func inFull(a rules.Alert) slack.Block {
	return titled(report.StormLine(a), report.Cause(a), report.Outlook(a))
}

// maxNamed is how many alerts the metadata of a message names, and maxAlertID
// how long an ID may be there: it must stay short of 4,096 bytes.
const (
	maxNamed   = 40
	maxAlertID = 8
)

// stormMetadata names every alert of the message.
func stormMetadata(item notifier.Item) slack.SlackMetadata {
	storm := item.Content.Storm
	ids, state := []string{}, string(rules.Resolved)
	for _, a := range storm[:min(len(storm), maxNamed)] {
		ids = append(ids, report.Cut(a.ID, maxAlertID))
		if a.On() {
			state = string(rules.Firing)
		}
	}
	return slack.SlackMetadata{
		EventType: EventAlert,
		EventPayload: map[string]any{
			"key":     exact(item.Key),
			"kind":    "storm",
			"account": short(storm[0].Finding.Subject.Account),
			"day":     report.StormThrough(storm).String(),
			"state":   state,
			"alerts":  ids,
		},
	}
}
