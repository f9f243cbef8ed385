package report

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/billbot/billbot/fetcher"
	"github.com/billbot/billbot/rules"
)

// WelcomeOf builds the first message about an account: what is watched, where
// its budgets stand, and the spikes that are already on.
func WelcomeOf(r *rules.Rules, account rules.Account, l fetcher.Ledger, fired []rules.Alert, now time.Time) Welcome {
	w := Welcome{Account: account.Name, Through: l.Through(), Rules: describe(r, account)}
	w.Budgets = BudgetLines(r.Evaluate(account, l, now))
	if spends := SpendOf(l, now); len(spends) > 0 {
		w.Period, w.ToDate, w.Currency = spends[0].Period, spends[0].Total, spends[0].Currency
	}
	w.Spikes = OpenAlerts(slices.DeleteFunc(slices.Clone(fired), func(a rules.Alert) bool { return a.Finding.Kind != rules.KindSpike }))
	return w
}

// describe says in a line each what the account's rules watch.
func describe(r *rules.Rules, account rules.Account) []string {
	var lines []string
	for _, rule := range r.Rules {
		if rule.Match.Account(account) {
			lines = append(lines, rule.Name+": "+Describe(rule))
		}
	}
	return lines
}

// Describe says what a rule watches, in a few words.
func Describe(rule rules.Rule) string {
	what := "every service"
	if names := rule.Match.Services; len(names) > 0 {
		var texts []string
		for _, p := range names {
			texts = append(texts, p.Text)
		}
		what = strings.Join(texts, ", ")
	}
	if rule.Spike != nil {
		return fmt.Sprintf("days far above usual, of %s", what)
	}
	period := strings.ReplaceAll(string(rule.Budget.Period), "_", " ")
	return fmt.Sprintf("%s a %s for %s", Money(rule.Budget.Amount, rule.Budget.Currency), period, what)
}
