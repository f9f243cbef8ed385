package rules

import "time"

// TrustInputs is what a stale rule, or that a rule chooses nothing, was judged
// by.
type TrustInputs struct {
	LastTrusted time.Time     // the last trusted poll; zero: never
	Patience    time.Duration // how long there may be none
	// Steady says that the account had charges on enough days running for their
	// absence to say something.
	Steady bool
}

// ExplainTrust explains what an account's stale rule says of it, as
// [Rules.EvaluateTrust] and [Advance] do. It is nil where another stale rule
// counts for the account.
func (r *Rules) ExplainTrust(rule Rule, w Watched, told []Alert, now time.Time) []Explained {
	findings := r.EvaluateTrust(w, now)
	if len(findings) == 0 || findings[0].Rule != rule.Name {
		return nil
	}
	t := trust{watched: w, through: w.Bill.Through()}
	in := &TrustInputs{LastTrusted: w.Poll.LastTrusted, Patience: r.Patience(), Steady: t.steady()}
	all := rule.explained(w.Account.ID, findings, told, now)
	for i := range all {
		all[i].Trust = in
	}
	return all
}

// Explain explains whether a rule chooses anything on the bills that were seen;
// nil where it does, or where that cannot be said.
func (x *Reach) Explain(rule Rule, told []Alert, now time.Time) []Explained {
	for _, f := range x.Findings() {
		if f.Rule == rule.Name && f.Open {
			return rule.explained(FleetID, []Finding{f}, told, now)
		}
	}
	return nil
}
