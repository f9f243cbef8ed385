package rules

import (
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
}

// SpikeInputs is what a spike rule judged the newest charge day by.
type SpikeInputs struct {
	Day  spend.Judged
	Unit string
	// Floorless says that the day would be flagged if a rise could be worth
	// anything: at_least alone holds it back.
	Floorless bool
	// Priced says that something was billed, so that a rise has a worth.
	Priced bool
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
	findings := rule.evaluate(b)
	changed, events := Advance(account.ID, told, findings, now)
	before := advance{told: told}
	var all []Explained
	for _, f := range findings {
		x := Explained{Rule: rule, Finding: f}
		if alert, known := before.alertOf(f); known {
			x.Before, x.AlertID = &alert, alert.ID
			x.Alert = x.Before
		} else if !f.Episode.IsZero() {
			x.AlertID = alertID(account.ID, f)
		}
		x.follow(changed, events)
		if rule.Spike != nil {
			x.Spike = rule.spikeInputs(b, f.Subject.Service)
		}
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

// spikeInputs judges a service again, with the rule's floor and without.
func (rule Rule) spikeInputs(b *book, service string) *SpikeInputs {
	s := rule.matched(b)[service]
	if len(s.Days) == 0 {
		return nil
	}
	record := rule.record(b, s)
	in := &SpikeInputs{Day: record.Newest(s), Unit: s.Unit}
	if record.AccountUsual != nil {
		in.Share = record.AccountUsual(in.Day.Day).Mul(record.Share).Shift(-2)
	}
	record.Floor, record.Share = decimal.Zero, decimal.Zero
	days := record.Judge(s)
	in.Floorless = days[len(days)-1].Flagged
	for _, use := range s.Days {
		in.Priced = in.Priced || use.Cost.IsPositive()
	}
	return in
}
