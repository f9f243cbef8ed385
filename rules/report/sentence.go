package report

import (
	"strings"
	"unicode/utf8"

	"github.com/billbot/billbot/rules"
)

// Title is an alert's headline with its account at the end: "Spike: D1 - Rows
// Read at $41.20 on Fri 3 Apr, usually $4.40 (production)". Where that has more
// than limit characters the account is left out, as the verdict must not be
// cut; named tells whether it is there.
func Title(a rules.Alert, limit int) (title string, named bool) {
	head := Headline(a)
	account := a.Finding.Subject.Account
	if account == "" {
		return head, false
	}
	title = head + " (" + name(account) + ")"
	if utf8.RuneCountInString(title) > limit {
		return head, false
	}
	return title, true
}

// sentenceRunes bounds an alert told in one line.
const sentenceRunes = 600

// Sentence tells an alert in one line: the headline with its account, then
// the cause, the outlook and how little it was judged on while it is on, or the last figures once it is
// over. Notifications, the backtest and the command line show it.
func Sentence(a rules.Alert) string {
	head, _ := Title(a, sentenceRunes)
	sentences := []string{head + "."}
	if a.State == rules.Firing || a.On() && a.Finding.IsUnknown() {
		sentences = append(sentences, Cause(a), Outlook(a), stop(HistoryHint(a)))
	} else {
		sentences = append(sentences, Figures(a))
	}
	return Cut(joined(sentences, " "), sentenceRunes)
}

// stop ends what is said with a full stop.
func stop(text string) string {
	if text == "" {
		return ""
	}
	return text + "."
}

// joined joins the texts that say something.
func joined(texts []string, between string) string {
	var said []string
	for _, t := range texts {
		if t != "" {
			said = append(said, t)
		}
	}
	return strings.Join(said, between)
}
