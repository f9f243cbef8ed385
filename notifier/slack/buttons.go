package slack

import (
	"slices"
	"strings"

	"github.com/billbot/billbot/rules"
	"github.com/slack-go/slack"
)

// What can be pressed. The value of a button is the key of its message, which is
// looked up in the store: nothing else is remembered of a message, so that one
// posted before a restart works as well.
const (
	actionBlock = "alert"

	actionAcknowledge = "alert_acknowledge"
	actionSnooze      = "alert_snooze_24h"
	actionWhy         = "alert_why"
	actionMore        = "alert_more"

	actionApprove = "action_approve"
	actionDeny    = "action_deny"
	actionReverse = "action_reverse"

	optionWeek   = "snooze_7d"
	optionPeriod = "snooze_period"
	optionExpect = "expect"
)

// maxButtonKey is the longest key that an option's value has room for. Keys are
// ours, and a tenth of that.
const maxButtonKey = 120

// buttons is what can be done about the alerts of a message; nil when all of
// them are over. Those of a storm act on all its alerts that are on: it is one
// incident. A single one is named to /spend or the command line by its ID.
func buttons(key string, alerts []rules.Alert) slack.Block {
	on := slices.DeleteFunc(slices.Clone(alerts), func(a rules.Alert) bool { return !a.On() })
	if len(on) == 0 || key == "" || len(key) > maxButtonKey {
		return nil
	}
	var shown []slack.BlockElement
	if slices.ContainsFunc(on, func(a rules.Alert) bool { return a.AcknowledgedBy == "" }) {
		acknowledge := slack.NewButtonBlockElement(actionAcknowledge, key, label("Acknowledge"))
		shown = append(shown, acknowledge.WithStyle(slack.StylePrimary))
	}
	shown = append(shown,
		slack.NewButtonBlockElement(actionSnooze, key, label("Snooze 24h")),
		slack.NewButtonBlockElement(actionWhy, key, label("Why")),
		slack.NewOverflowBlockElement(actionMore, menu(key, on)...))
	return slack.NewActionBlock(actionBlock, shown...)
}

// menu is what the overflow menu offers.
func menu(key string, on []rules.Alert) []*slack.OptionBlockObject {
	options := []*slack.OptionBlockObject{option(optionWeek, key, "Snooze 7 days")}
	if slices.ContainsFunc(on, func(a rules.Alert) bool { return !a.Finding.Period.End.IsZero() }) {
		options = append(options, option(optionPeriod, key, "Snooze until the period ends"))
	}
	return append(options, option(optionExpect, key, "Expected until a date …"))
}

func option(name, key, text string) *slack.OptionBlockObject {
	return slack.NewOptionBlockObject(name+" "+key, label(text), nil)
}

func label(text string) *slack.TextBlockObject {
	return slack.NewTextBlockObject(slack.PlainTextType, text, false, false)
}

// pressed is what was asked for, and of which message.
type pressed struct{ action, key string }

// pressOf reads an action; an option of the menu counts as an action.
func pressOf(a *slack.BlockAction) pressed {
	if a.ActionID != actionMore {
		return pressed{a.ActionID, a.Value}
	}
	name, key, _ := strings.Cut(a.SelectedOption.Value, " ")
	return pressed{name, key}
}

// withoutButtons is a message for where nobody hears them pressed.
func withoutButtons(m Message) Message {
	m.Blocks = slices.DeleteFunc(slices.Clone(m.Blocks), func(b slack.Block) bool {
		_, is := b.(*slack.ActionBlock)
		return is
	})
	return m
}
