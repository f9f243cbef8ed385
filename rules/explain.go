package rules

import (
	"slices"
	"time"

	"github.com/billbot/billbot/fetcher"
	"github.com/billbot/billbot/rules/spend"
	"github.com/shopspring/decimal"
)

// Explained is a finding with what it was judged by, and what became of it.
type Explained struct {
	Rule    Rule
	Finding Finding
	Before  *Alert    // what was told of its episode before; nil if nothing was
	Alert   *Alert    // the same, after what is said now
	Said    EventType // what is said now, "" if nothing
	AlertID string    // of the episode that the finding is of, told or not; "" while it has none
	Spike   *SpikeInputs
	Trust   *TrustInputs
	// Earlier is the periods that a budget's amount is made from, newest first;
	// the last one may be not known.
	Earlier []Past
	// Foreseen says that a forecast of the budget's period means something.
	Foreseen bool
	// Withdrawn is the newest alert of the same rule and subject that a
	// restatement took back, where the caller knows one.
	Withdrawn *Alert
}

// SpikeInputs is what a spike rule judged the newest charge day by.
type SpikeInputs struct {
	Day  spend.Judged
	Unit string
	// Share is the amount that the share of at_least comes to.
	Share decimal.Decimal
}

// Explain evaluates one rule on an account's bill, as [Rules.Evaluate] and
// [Advance] do, and keeps what they went by. told is the account's alerts before.
// For a rule per total the account is one with [FleetID] alone, and the bill that
// of its accounts together.
func (rule Rule) Explain(account Account, bill fetcher.Bill, told []Alert, now time.Time) []Explained {
	if (rule.Per == PerTotal) != (account.ID == FleetID) || rule.Per != PerTotal && !rule.Match.Account(account) {
		return nil
	}
	b := newBook(account, bill, now)
	all := rule.explained(account.ID, rule.caused(b, rule.evaluate(b, nil)), told, now)
	for i := range all {
		switch x := &all[i]; {
		case rule.Spike != nil:
			x.Spike = rule.spikeInputs(b, x.Finding.Subject.Service)
		case rule.Budget != nil && rule.Budget.Period != ByDay:
			x.Foreseen = !x.Finding.Ended && b.through < x.Finding.Period.End && b.foreseeable(x.Finding.Period)
			fallthrough
		case rule.Budget != nil:
			x.Earlier = rule.pasts(b, x.Finding)
		}
	}
	return all
}

// explained is findings with what became of them.
func (rule Rule) explained(accountID string, findings []Finding, told []Alert, now time.Time) []Explained {
	changed, events := Advance(accountID, told, findings, now)
	before := advance{told: told}
	var all []Explained
	for _, f := range findings {
		x := Explained{Rule: rule, Finding: f}
		if alert, known := before.alertOf(f); known {
			x.Before, x.AlertID = &alert, alert.ID
			x.Alert = x.Before
		} else if !f.Episode.IsZero() || f.IsUnknown() && f.Open {
			x.AlertID = alertID(accountID, f)
		}
		x.follow(changed, events)
		all = append(all, x)
	}
	return all
}

// follow finds what became of the finding's alert.
func (x *Explained) follow(changed []Alert, events []Event) {
	for _, alert := range changed {
		if alert.ID == x.AlertID {
			x.Alert = &alert
		}
	}
	for _, event := range events {
		if event.Alert.ID == x.AlertID {
			x.Said = event.Type
		}
	}
}

// spikeInputs is what the newest day of a service was held against.
func (rule Rule) spikeInputs(b *book, service string) *SpikeInputs {
	matched := rule.matched(b)
	i := slices.IndexFunc(matched, func(s spend.Series) bool { return s.Service == service })
	if i < 0 {
		return nil
	}
	s := matched[i]
	record := rule.Spike.record(b, s)
	in := &SpikeInputs{Day: record.Newest(s), Unit: s.Unit}
	if record.AccountUsual != nil {
		in.Share = record.AccountUsual(in.Day.Day).Mul(record.Share).Shift(-2)
	}
	return in
}
