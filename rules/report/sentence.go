package report

import (
	"strings"

	"github.com/billbot/billbot/rules"
)

// Sentence tells an alert in one line: the headline with its account, then
// the cause and the outlook while it is on, or the last figures once it is
// over. Notifications, the backtest and the command line show it.
func Sentence(a rules.Alert) string {
	head := Headline(a)
	if account := a.Finding.Subject.Account; account != "" {
		head += " (" + name(account) + ")"
	}
	sentences := []string{head + "."}
	if a.State == rules.Firing {
		sentences = append(sentences, Cause(a), Outlook(a))
	} else {
		sentences = append(sentences, Figures(a))
	}
	return Cut(joined(sentences, " "), 600)
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
