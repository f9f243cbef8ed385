package report

import (
	"strconv"

	"github.com/billbot/billbot/rules"
)

// DigestTitle says what a message that stands for several tells, in one line
// without a final full stop: alerts, and how many other messages.
func DigestTitle(alerts []rules.Alert, others int) string {
	on := alertsOn(alerts)
	grave := 0
	for _, a := range on {
		if a.Finding.Severity == rules.Critical {
			grave++
		}
	}
	var title string
	switch {
	case len(alerts) == 0:
		return count(others, "message") + " at once"
	case len(on) == 0:
		title = count(len(alerts), "alert") + ", all over"
	case len(on) < len(alerts):
		title = count(len(alerts), "alert") + ", " + strconv.Itoa(len(on)) + " still on"
	default:
		title = count(len(alerts), "alert") + " at once"
	}
	if grave > 0 {
		title += ", " + strconv.Itoa(grave) + " critical"
	}
	if others > 0 {
		title += ", and " + count(others, "other message")
	}
	return title
}

// DigestSentence tells the alerts of such a message in one line: how many they
// are, and the first few, which matter most.
func DigestSentence(alerts []rules.Alert, others int) string {
	const most = 3
	sentences := []string{DigestTitle(alerts, others) + "."}
	for i, a := range alerts {
		if i == most {
			break
		}
		title, _ := Title(a, textRunes)
		sentences = append(sentences, stop(title))
	}
	return Cut(joined(sentences, " "), sentenceRunes)
}

// DigestLine names one alert of such a message, and its account.
func DigestLine(a rules.Alert) string {
	title, _ := Title(a, textRunes)
	line := Emoji(a) + " " + title + " [" + Name(a.ID, 16) + "]"
	if standing := Standing(a); standing != "" {
		line += ", " + standing
	}
	return line
}
