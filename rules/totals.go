package rules

import (
	"slices"
	"time"

	"github.com/billbot/billbot/fetcher"
)

// Watched is an account with its ledger, and how it was polled.
type Watched struct {
	Account Account
	Bill    fetcher.Bill
	// Ledger has the charges that figures are checked by; periods left unread are
	// not checked. Only [Rules.EvaluateTrust] asks for it.
	Ledger fetcher.Ledger
	Poll   fetcher.PollState // for [Rules.EvaluateTrust]
}

// FleetID stands for an account's ID where all accounts are meant: alerts that
// span accounts are kept under it.
const FleetID = "*"

// HasTotals reports whether any rule is per total.
func (r *Rules) HasTotals() bool {
	return slices.ContainsFunc(r.Rules, func(rule Rule) bool { return rule.Per == PerTotal })
}

// EvaluateTotals says what is true across accounts: a finding for each rule
// per total. It is run once a sweep, when every account has been polled.
func (r *Rules) EvaluateTotals(watched []Watched, now time.Time) []Finding {
	var findings []Finding
	for _, rule := range r.Rules {
		if rule.Per == PerTotal {
			findings = append(findings, rule.EvaluateTogether(rule.together(watched), now)...)
		}
	}
	return findings
}

// EvaluateTogether evaluates one rule per total on the bills of its accounts,
// already put together. A backtest keeps them so through all its days; everybody
// else calls [Rules.EvaluateTotals].
func (rule Rule) EvaluateTogether(whole fetcher.Bill, now time.Time) []Finding {
	b := newBook(Account{}, whole, now)
	return rule.caused(b, rule.evaluate(b, nil))
}

// together is the bills of the rule's accounts as one. It can be trusted only if
// each of them can.
func (rule Rule) together(watched []Watched) fetcher.Bill {
	whole := fetcher.Bill{Trust: fetcher.Trust{Verdict: fetcher.Trusted}}
	for _, w := range watched {
		if !rule.Match.Account(w.Account) {
			continue
		}
		whole.Lines = append(whole.Lines, w.Bill.Lines...)
		whole.Terms.Anchors = append(whole.Terms.Anchors, w.Bill.Terms.Anchors...)
		if !w.Bill.Trust.OK() {
			whole.Trust = w.Bill.Trust
		}
	}
	fetcher.SortLines(whole.Lines)
	return whole
}
