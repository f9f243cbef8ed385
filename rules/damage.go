package rules

import (
	"slices"
	"time"

	"github.com/billbot/billbot/fetcher"
)

// EvaluateKept says of each account whether what is kept of it can be read, by
// the account's stale rule. damaged has the accounts, by name, of which it
// cannot, with what is known of their polling all the same. The findings are
// judged with the rules across accounts: an account that cannot be read has no
// alerts that could be told from.
func (r *Rules) EvaluateKept(damaged map[string]fetcher.PollState, now time.Time) []Finding {
	var findings []Finding
	for _, account := range r.Accounts {
		i := slices.IndexFunc(r.Rules, func(rule Rule) bool { return rule.Stale != nil && rule.Match.Account(account) })
		if i < 0 {
			continue
		}
		f := Finding{
			Rule: r.Rules[i].Name, Kind: KindStale, Severity: r.Rules[i].Severity, Subject: Subject{Account: account.Name}, Trusted: true,
		}
		if poll, is := damaged[account.Name]; is {
			f.Open, f.Trusted = true, false
			f.Dark = &Dark{Cause: DarkDamaged, Since: now, Trusted: poll.LastTrusted}
			f.Episode = fetcher.DayOf(now)
			f.Day = f.Episode
		}
		findings = append(findings, f)
	}
	return findings
}
