package main

import (
	"fmt"

	"github.com/billbot/billbot/rules"
	"github.com/billbot/billbot/rules/report"
)

// logChange says what a poll changed, for people who read logs.
func (eng *engine) logChange(d decision) {
	log := eng.log.With("account", d.account.Name)
	for _, note := range d.notes {
		log.Warn(note)
	}
	for _, r := range d.commit.Revisions {
		log.Info("restated", "day", r.Day.String(), "service", r.Service, "old", r.OldCost.String(), "new", r.NewCost.String())
	}
	for _, e := range d.events {
		log.Info("alert "+string(e.Type), "told", !e.Alert.Seeded, "rule", e.Alert.Finding.Rule, "id", e.Alert.ID,
			"service", e.Alert.Finding.Subject.Service, "amount", e.Alert.Finding.Amount.String())
	}
}

// uncounted tells of budgets that leave out money in another currency, and of
// those that cannot be judged.
func uncounted(findings []rules.Finding) []string {
	var notes []string
	for _, f := range findings {
		if f.Unjudged != "" {
			notes = append(notes, fmt.Sprintf("rule %s: %s", f.Rule, report.UnjudgedText(f.Unjudged)))
		}
		for _, other := range f.Others {
			notes = append(notes, fmt.Sprintf("rule %s is in %s and does not count %s", f.Rule, f.Currency, report.Money(other.Amount, other.Currency)))
		}
	}
	return notes
}
