package rules

import (
	"github.com/billbot/billbot/fetcher"
	"github.com/shopspring/decimal"
)

// Unjudged is why a budget cannot be judged. What cannot be judged never
// fires, and is never taken for all right.
type Unjudged string

// Why a budget cannot be judged.
const (
	// NoEarlier: its amount is made from an earlier period, and none is known
	// whole.
	NoEarlier Unjudged = "no_earlier_period"
	// NothingEarlier: nothing was spent or used in the earlier periods, and a
	// part of nothing is no limit.
	NothingEarlier Unjudged = "nothing_earlier"
	// SeveralUnits: its services are counted in several units, which do not
	// add up.
	SeveralUnits Unjudged = "several_units"
	// NoAllowance: what is included of a service is not known.
	NoAllowance Unjudged = "no_allowance_known"
	// NothingIncluded: a service is billed from the first unit on.
	NothingIncluded Unjudged = "nothing_included"
)

// Basis is what a budget's amount was made from.
type Basis struct {
	Periods int             `json:"periods"` // how many earlier ones were asked for
	Known   int             `json:"known"`   // how many of them were known whole
	Amount  decimal.Decimal `json:"amount"`  // what they came to: the one, or the mean of several
	Times   decimal.Decimal `json:"times"`
}

// limit is the amount of the budget in a stretch. Without a basis it is what
// the rules file says.
func (m *measure) limit(s stretch) (decimal.Decimal, *Basis, Unjudged) {
	b := m.rule.Budget
	switch {
	case b.Of != nil:
		return m.earlier(s)
	case b.Months != nil:
		begins := s.Start
		if n := len(s.starts); n > 0 {
			begins = s.starts[n-1]
		}
		return b.Months[begins.Time().Month()-1], nil, ""
	}
	return b.Amount, nil, ""
}

// earlier is the amount made from the periods before a stretch. A period that
// the bill knows only in part, as its first one may be, is none.
func (m *measure) earlier(s stretch) (decimal.Decimal, *Basis, Unjudged) {
	var total fetcher.Sum
	of, known := m.rule.Budget.Of, 0
	for known < of.Periods {
		s = m.before(s)
		if !m.book.sheet().knows(s) {
			break
		}
		t := m.tally(s)
		if m.rule.Budget.Quantity && len(t.sums) > 1 {
			return decimal.Zero, nil, SeveralUnits
		}
		total.Merge(t.of(m.unit()))
		known++
	}
	return of.from(total, known)
}

// from is the amount that some earlier periods make.
func (of *Earlier) from(total fetcher.Sum, known int) (decimal.Decimal, *Basis, Unjudged) {
	switch {
	case known == 0:
		return decimal.Zero, nil, NoEarlier
	case total.Number().Sign() <= 0:
		return decimal.Zero, nil, NothingEarlier
	}
	mean := total.Decimal()
	if known > 1 {
		mean = mean.DivRound(decimal.NewFromInt(int64(known)), significant-int32(mean.NumDigits())-mean.Exponent())
	}
	amount := mean.Mul(of.Times)
	return amount, &Basis{Periods: of.Periods, Known: known, Amount: mean, Times: of.Times}, ""
}

// significant is how many digits a mean has: as many whatever money it is in, and
// however the amounts were written.
const significant = 20
