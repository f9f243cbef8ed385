package rules

import (
	"github.com/billbot/billbot/fetcher"
	"github.com/billbot/billbot/rules/spend"
	"github.com/shopspring/decimal"
)

// Subject is what an alert is about. Empty fields mean "all of them".
type Subject struct {
	Account string `json:"account,omitempty"` // by name; "" for a rule per total
	Service string `json:"service,omitempty"` // by its identity, without allowance
	Zone    string `json:"zone,omitempty"`    // by name, or ID where it has none
	// Currency tells apart the sums of a rule per total that asserts none.
	Currency string `json:"currency,omitempty"`
}

// Finding is what is true of a rule and a subject at a moment: over a line or
// not, since when, by how much, and why.
type Finding struct {
	Rule     string   `json:"rule"`
	Kind     Kind     `json:"kind"`
	Severity Severity `json:"severity"` // how much this finding matters now
	Subject  Subject  `json:"subject"`

	Open    bool        `json:"open"`    // the episode is on: over the line, or not yet back to usual
	Episode fetcher.Day `json:"episode"` // its first day: the period's start, or the first flagged day
	Day     fetcher.Day `json:"day"`     // the newest charge day that speaks for it
	Through fetcher.Day `json:"through"` // data goes through this day
	Over    int         `json:"over"`    // days over the line in this episode

	Amount    decimal.Decimal `json:"amount"`              // spent in the period, or on the day; price: of one unit
	Limit     decimal.Decimal `json:"limit"`               // the budget, or the amount passed, or what a rise must be worth
	Budget    decimal.Decimal `json:"budget"`              // the budget's amount, whichever line is passed
	Newest    decimal.Decimal `json:"newest"`              // daily budgets: what the newest charge day cost
	Usual     decimal.Decimal `json:"usual"`               // what such a day usually costs, or a unit did before; 0 for budgets
	Threshold string          `json:"threshold"`           // budgets: the highest line passed, "80%" or "30.00"
	Step      int             `json:"step"`                // budgets: how many lines up the highest one passed is
	Held      int             `json:"held,omitempty"`      // budgets: how many lines up the highest is that the forecast has not clearly left
	Extra     decimal.Decimal `json:"extra"`               // spikes: cost over usual in the episode
	Valued    bool            `json:"valued,omitempty"`    // Amount is usage at its price: the allowance still hides it from the bill
	Run       bool            `json:"run,omitempty"`       // spikes: over usual for days, none of them far
	Withdrawn bool            `json:"withdrawn,omitempty"` // a restatement took back the days it was told for
	Currency  string          `json:"currency"`
	Others    []Money         `json:"others,omitempty"`   // sums in other currencies, never added
	Quantity  bool            `json:"quantity,omitempty"` // amounts are of what was used, in Unit; there is no currency
	Unit      string          `json:"unit,omitempty"`

	Basis     *Basis          `json:"basis,omitempty"`     // what Budget was made from; nil if the rules file says it
	Unjudged  Unjudged        `json:"unjudged,omitempty"`  // why there is no verdict; "" if there is one
	BudgetWas decimal.Decimal `json:"budget_was,omitzero"` // what Budget was before the rules file changed, in this episode

	Period     fetcher.Period  `json:"period"`         // the budget's, or the billing period of Day
	PeriodKind PeriodKind      `json:"period_kind"`    // "" for spikes
	Spans      int             `json:"spans"`          // billing periods of several subscriptions summed as one
	Ended      bool            `json:"ended"`          // the period is over
	From       fetcher.Day     `json:"from,omitempty"` // quarters and years: the first day known, if that is not the first of them
	Projected  decimal.Decimal `json:"projected"`      // what Period will cost if nothing changes
	// ProjectedLo and ProjectedHi are the band of four in five around it, see
	// [spend.Forecast]; Incident names the services that run away on the newest
	// day, which Projected has go on and ProjectedLo has fixed.
	ProjectedLo decimal.Decimal `json:"projected_lo"`
	ProjectedHi decimal.Decimal `json:"projected_hi"`
	Incident    []string        `json:"incident,omitempty"`

	Causes  []Cause `json:"causes,omitempty"`
	History int     `json:"history"` // spikes: days of history it was judged by

	Trusted bool `json:"trusted"` // the ledger's last answer could be believed

	Dark     *Dark     `json:"dark,omitempty"`     // stale: why nothing new is known
	Mismatch *Mismatch `json:"mismatch,omitempty"` // mismatch: what may be off

	Unmatched *Unmatched `json:"unmatched,omitempty"` // unmatched: what the rule may have meant

	Included *Included `json:"included,omitempty"` // allowance: what is known of it; Amount is what was used, Budget what is included
}

// OfBudget reports whether the finding is of a budget, passed or forecast to
// be: both are one alert.
func (f Finding) OfBudget() bool { return f.Kind == KindBudget || f.Kind == KindForecast }

// isOfTrust reports whether the finding is about how far an account's data can
// be relied on, and not about what was spent.
func (f Finding) isOfTrust() bool { return f.Kind == KindStale || f.Kind == KindMismatch }

// IsUnknown reports whether the finding is about what cannot be judged. Its
// alert is in a state of its own.
func (f Finding) IsUnknown() bool { return f.isOfTrust() || f.Kind == KindUnmatched }

// countsDays reports whether the finding's episode is a run of days, which
// counts by itself the days that end it. The episode of other findings is a
// period.
func (f Finding) countsDays() bool { return f.Kind == KindSpike || f.PeriodKind == ByDay }

// isRun reports whether there is a run of days at all, over already or not: a
// day restated upwards may be followed by days that are as usual.
func (f Finding) isRun() bool { return f.countsDays() && !f.Episode.IsZero() }

// Money is an amount with its currency.
type Money struct {
	Amount   decimal.Decimal `json:"amount"`
	Currency string          `json:"currency"`
}

// Cause is a service's part in a finding, largest first.
type Cause struct {
	Service       string          `json:"service"`
	Amount        decimal.Decimal `json:"amount"`
	Usual         decimal.Decimal `json:"usual"`
	Quantity      decimal.Decimal `json:"quantity"`
	UsualQuantity decimal.Decimal `json:"usual_quantity"`
	Unit          string          `json:"unit"`
	// Compared says what UsualQuantity is worth.
	Compared Comparison `json:"compared,omitempty"`
	// Price is that of one unit, UsualPrice the one before; both are zero
	// unless the price changed.
	Price      decimal.Decimal `json:"price,omitzero"`
	UsualPrice decimal.Decimal `json:"usual_price,omitzero"`
}

// Comparison says whether a part was compared with what was used before.
type Comparison string

// The ways that a comparison ends; "" where none was made.
const (
	WithBefore Comparison = "with_before" // UsualQuantity is known, and zero if nothing was used
	NoBefore   Comparison = "no_before"   // nothing is known of before
)

// expect takes a forecast over. What runs away goes on, since nobody has fixed
// it yet.
func (f *Finding) expect(ahead spend.Forecast) {
	f.Projected, f.ProjectedLo, f.ProjectedHi, f.Incident = ahead.GoesOn, ahead.Lo, ahead.Hi, ahead.Incident
}

// expectNothing says that nobody can tell yet what the period will come to.
func (f *Finding) expectNothing() {
	f.Projected, f.ProjectedLo, f.ProjectedHi, f.Incident = decimal.Zero, decimal.Zero, decimal.Zero, nil
}

// expectNoMore has the period come to what it came to so far.
func (f *Finding) expectNoMore() {
	f.Projected, f.ProjectedLo, f.ProjectedHi, f.Incident = f.Amount, f.Amount, f.Amount, nil
}
