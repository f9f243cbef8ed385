package slack

import (
	"strconv"
	"strings"
	"time"

	"github.com/billbot/billbot/fetcher"
	"github.com/billbot/billbot/notifier"
	"github.com/billbot/billbot/notifier/slack/blockkit"
	"github.com/billbot/billbot/rules"
	"github.com/billbot/billbot/rules/report"
	"github.com/slack-go/slack"
)

// renderHistory lays out an entry in a thread: what was said when the alert
// fired, what a person did, or how it ended.
func renderHistory(item notifier.Item) Message {
	storm := item.Content.Storm
	if item.Content.Alert != nil {
		storm = []rules.Alert{*item.Content.Alert}
	}
	var p page
	var text string
	if d := item.Content.Deed; d != nil {
		text = deedLine(*d)
		p.add(slack.NewSectionBlock(mrkdwn(joinLines([]string{text, aboutSome(item), reasonOf(*d)})), nil, nil))
	} else {
		text = joinLines(stories(storm, item.Content.Event))
		p.add(lines(text))
		text = marked(text, maxText)
	}
	return withKey(Message{Text: text, Blocks: p.blocks}, EventReply, item)
}

// stories tell what happened to alerts, a line each, as far as there is room.
func stories(alerts []rules.Alert, event rules.EventType) []string {
	const most = 12
	room := blockkit.MaxSection/(min(len(alerts), most)+1) - 1
	var told []string
	for i, a := range alerts {
		if i == most {
			return append(told, "… and "+strconv.Itoa(len(alerts)-most)+" more.")
		}
		told = append(told, report.Cut(story(a, event), room))
	}
	return told
}

func story(a rules.Alert, event rules.EventType) string {
	if event == rules.Fired {
		return "Fired " + report.Moment(a.Since) + ". " + report.Sentence(a)
	}
	return strings.TrimSpace(report.Emoji(a) + " " + report.Sentence(a) + " " + report.Lasted(a))
}

// deedLine is what a person did, and when.
func deedLine(d rules.Deed) string {
	return deedWord(d) + " by " + person(d.By) + ", " + report.Moment(d.At)
}

func deedWord(d rules.Deed) string {
	if d.Type.IsAction() {
		return approvalWord(d.Type)
	}
	switch d.Type {
	case rules.Snoozed:
		return "Snoozed until " + report.Moment(d.Until)
	case rules.Expected:
		return "Marked as expected through " + report.DayName(fetcher.DayOf(d.Until)-1, fetcher.DayOf(d.At))
	}
	return "Acknowledged"
}

func reasonOf(d rules.Deed) string {
	if d.Reason == "" {
		return ""
	}
	return "Reason: " + marked(report.Name(d.Reason, maxElement), maxElement*2)
}

// aboutSome says which alerts of a shared message a deed is about.
func aboutSome(item notifier.Item) string {
	switch storm := item.Content.Storm; len(storm) {
	case 0:
		return ""
	case 1:
		return marked(report.StormLine(storm[0]), maxElement*2)
	default:
		return strconv.Itoa(len(storm)) + " alerts of this message"
	}
}

// person shows who did something: a user by the ID that Slack gave, anybody else
// by the name they gave, as plain text.
func person(by string) string {
	if userID.MatchString(by) {
		return "<@" + by + ">"
	}
	return marked(report.Name(by, 60), 120)
}

// standing is what people did about the alerts of a message, a line for each
// deed that still counts; nil when there is none.
func standing(alerts []rules.Alert) slack.Block {
	var order []string
	times := map[string]int{}
	for _, a := range alerts {
		for _, line := range standingOf(a) {
			if times[line]++; times[line] == 1 {
				order = append(order, line)
			}
		}
	}
	const most = 8
	for i, line := range order {
		if len(alerts) > 1 && times[line] < len(alerts) {
			order[i] += " (" + strconv.Itoa(times[line]) + " of " + strconv.Itoa(len(alerts)) + ")"
		}
	}
	if len(order) == 0 {
		return nil
	}
	return slack.NewSectionBlock(mrkdwn(joinLines(order[:min(len(order), most)])), nil, nil)
}

func standingOf(a rules.Alert) []string {
	var said []string
	if a.AcknowledgedBy != "" {
		said = append(said, "Acknowledged"+byAt(a.AcknowledgedBy, a.AcknowledgedAt))
	}
	if !a.SnoozedUntil.IsZero() && a.On() {
		said = append(said, "Snoozed until "+report.Moment(a.SnoozedUntil)+byAt(a.SnoozedBy, a.SnoozedAt))
	}
	if p := a.Approval; p != nil {
		said = append(said, approvalLine(*p))
	}
	if e := a.Expected; e != nil && a.On() {
		until := report.DayName(e.Until, a.Finding.Through)
		said = append(said, "Expected through "+until+byAt(e.By, e.At)+": "+marked(report.Name(e.Reason, 200), 240))
	}
	return said
}

// byAt says who did something, and when, as far as that was kept.
func byAt(by string, at time.Time) string {
	text := ""
	if by != "" {
		text = " by " + person(by)
	}
	if !at.IsZero() {
		text += ", " + report.Moment(at)
	}
	return text
}
