package rules

import (
	"slices"
	"time"
)

// Retire ends the alerts of an account that are on and that nothing can speak
// for any more: their rule is gone from the rules file, is another kind of rule
// now, or watches the account no longer, or the account itself is gone. What is
// unknown of an account needs no rule, and lasts as long as the account is
// watched. It is a pure function; the rules that stay have their say in
// [Advance].
func (r *Rules) Retire(account Account, told []Alert, now time.Time) ([]Alert, []Event) {
	a := advance{told: slices.Clone(told), now: now}
	for _, alert := range a.current() {
		if alert.On() && !r.speaksFor(account, alert.Finding) {
			a.end(alert, EndedRemoved)
		}
	}
	return a.changed, a.events
}

// speaksFor reports whether there is a rule that can go on with a finding.
func (r *Rules) speaksFor(account Account, f Finding) bool {
	if account.ID != FleetID && !slices.ContainsFunc(r.Accounts, func(a Account) bool { return a.ID == account.ID }) {
		return false
	}
	if f.IsUnknown() {
		return true
	}
	return slices.ContainsFunc(r.Rules, func(rule Rule) bool {
		return rule.Name == f.Rule && rule.finds(f) && (account.ID == FleetID || rule.Match.Account(account))
	})
}

// finds reports whether a rule makes findings of a kind.
func (rule Rule) finds(f Finding) bool {
	switch f.Kind {
	case KindSpike:
		return rule.Spike != nil
	case KindAllowance:
		return rule.Allowance != nil
	case KindPrice:
		return rule.Price != nil
	}
	return rule.Budget != nil && f.OfBudget()
}
