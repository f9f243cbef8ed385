package report

import (
	"slices"
	"time"

	"github.com/billbot/billbot/fetcher"
	"github.com/billbot/billbot/rules"
)

// WelcomeOf builds the first message about an account: what is watched, where
// its budgets stand, and what is already on.
func WelcomeOf(r *rules.Rules, account rules.Account, b fetcher.Bill, fired []rules.Alert, now time.Time) Welcome {
	w := Welcome{Account: account.Name, Through: b.Through()}
	w.Budgets = BudgetLines(r.Evaluate(account, b, now))
	if spends := SpendOf(b, now); len(spends) > 0 {
		w.Period, w.ToDate, w.Currency = spends[0].Period, spends[0].Total, spends[0].Currency
	}
	w.Rules = describe(r, account, w.Currency)
	for _, o := range OpenAlerts(fired) {
		switch o.Kind {
		case rules.KindSpike:
			w.Spikes = append(w.Spikes, o)
		case rules.KindStale, rules.KindMismatch:
			w.Doubts = append(w.Doubts, o)
		default:
			w.Passed = append(w.Passed, o)
		}
	}
	return w
}

// describe says in a line each what the account's rules watch.
func describe(r *rules.Rules, account rules.Account, currency string) []string {
	var lines []string
	for _, rule := range r.Rules {
		if rule.Match.Account(account) {
			lines = append(lines, rule.Name+": "+Describe(rule, currency))
		}
	}
	return lines
}

// on is what was already the matter when billbot came, the gravest first.
func (w Welcome) on() []OpenAlert {
	on := slices.Concat(w.Passed, w.Spikes, w.Doubts)
	slices.SortStableFunc(on, func(a, b OpenAlert) int { return b.Severity.Compare(a.Severity) })
	return on
}
