package rules

import (
	"github.com/billbot/billbot/fetcher"
	"github.com/billbot/billbot/rules/spend"
	"github.com/shopspring/decimal"
)

// Allowance asks for services that use up what is included of them, and for
// those that begin to cost.
type Allowance struct {
	Used []Threshold     // in percent of what is included, rising; 80% and 100% by default
	Cost decimal.Decimal // what a service that was free must be going to cost in the period; zero: nothing is asked
}

// Included is what a finding knows of a service's allowance, and of what comes
// after it.
type Included struct {
	From spend.Source `json:"from,omitempty"` // what the quantity is known from; "" if it is not
	// Lasts is the day on which it is used up at this pace; zero: not in this
	// period.
	Lasts fetcher.Day `json:"lasts,omitempty"`
	// Billed is the first day that cost something, after it was free; zero: none
	// yet. New says that nothing was used before it: there may be no allowance.
	Billed    fetcher.Day     `json:"billed,omitempty"`
	New       bool            `json:"new,omitempty"`
	Price     decimal.Decimal `json:"price"`     // of one unit past it; zero: not known
	Cost      decimal.Decimal `json:"cost"`      // of the period so far
	Projected decimal.Decimal `json:"projected"` // of the period at this pace
	// Early says that too little is known for a pace: Lasts and Projected are zero.
	Early    bool   `json:"early,omitempty"`
	Currency string `json:"currency"`
}

// evaluateAllowance holds what each service the rule is about used of its
// allowance against the rule, in each billing period that can still change.
func (rule Rule) evaluateAllowance(b *book, found []Finding) []Finding {
	calendar := b.sheet().calendar
	for _, s := range rule.matched(b) {
		o := rule.outlook(b, s)
		for _, start := range o.Starts() {
			if p := calendar.Period(start); p.End+fetcher.LateDays >= b.today {
				found = append(found, rule.allowance(b, o, p, s.Unit))
			}
		}
	}
	return found
}

// outlook is how a service goes on, as far as the rule sees it.
func (rule Rule) outlook(b *book, s spend.Series) *spend.Outlook {
	if rule.seesParts() {
		return spend.NewOutlook(s)
	}
	return b.outlook(s)
}

// allowance measures one billing period. What is used of a quantity that
// nobody knows cannot be said, and is not judged; that a service is billed now
// and was not before can.
func (rule Rule) allowance(b *book, o *spend.Outlook, p fetcher.Period, unit string) Finding {
	known := o.Tariff.Allowance()
	f := Finding{
		Rule: rule.Name, Kind: KindAllowance, Severity: rule.Severity,
		Subject: Subject{Account: b.account.Name, Service: o.Service},
		Episode: p.Start, Day: b.through, Through: b.through, Period: p, PeriodKind: ByBillingPeriod,
		Amount: o.Used(p), Budget: known.Quantity, Limit: known.Quantity, Quantity: true, Unit: unit,
		Trusted: b.bill.Trust.OK(),
	}
	f.Ended = b.today > p.End && (b.through >= p.End || b.today >= p.End+fetcher.LateDays)
	f.Included = b.included(o, p, known)
	if f.Ended { // a warning would come too late
		return f
	}
	rule.Allowance.level(&f)
	switch {
	case f.Open || f.Included.usedUp() || known.Quantity.IsPositive():
	case known.Known():
		f.Unjudged = NothingIncluded
	default:
		f.Unjudged = NoAllowance
	}
	return f
}

// usedUp reports whether the bill shows that nothing is left, however much it
// was.
func (in Included) usedUp() bool { return !in.Billed.IsZero() && !in.New }

func (b *book) included(o *spend.Outlook, p fetcher.Period, known spend.Allowance) *Included {
	in := Included{From: known.From, Cost: o.Cost(p), Currency: o.Currency}
	if o.Tariff.Exact() {
		in.Price = o.Tariff.Price()
	}
	since, free := o.BilledSince(p)
	in.Billed, in.New = since, !since.IsZero() && !free
	if in.Early = !b.foreseeable(p); in.Early {
		return &in
	}
	in.Projected = in.Cost
	if b.through < p.End {
		in.Projected = o.Ahead(p, p.End).Plus(in.Cost).GoesOn
	}
	if known.Quantity.IsPositive() {
		in.Lasts, _ = o.Reaches(known.Quantity, p)
	}
	return &in
}

// level says how high the finding stands: on the highest line of what is used,
// or on that of the cost above them all.
func (a *Allowance) level(f *Finding) {
	for i, line := range a.Used {
		if f.Included.usedUp() || f.Budget.IsPositive() && f.Amount.GreaterThanOrEqual(line.Limit(f.Budget)) {
			f.Step, f.Threshold, f.Limit = i+1, line.String(), line.Limit(f.Budget)
		}
	}
	if top := len(a.Used) + 1; !f.Included.Billed.IsZero() && a.Cost.IsPositive() {
		f.Held = top // a cost that was told is not taken back by a forecast
		if decimal.Max(f.Included.Cost, f.Included.Projected).GreaterThanOrEqual(a.Cost) {
			f.Step, f.Threshold = top, Threshold{Amount: &a.Cost}.String()
		}
	}
	f.Open = f.Step > 0
}

// sameIncluded reports whether people would see no difference.
func sameIncluded(a, b *Included) bool {
	if a == nil || b == nil {
		return a == b
	}
	return a.From == b.From && a.Early == b.Early && a.Lasts == b.Lasts && a.Billed == b.Billed &&
		a.Price.Equal(b.Price) && a.Cost.Equal(b.Cost) && a.Projected.Equal(b.Projected)
}
