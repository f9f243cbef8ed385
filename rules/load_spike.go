package rules

import (
	"strings"

	"github.com/shopspring/decimal"
)

// What a spike is, where the rule does not say.
const (
	defaultAbove   = 2 // times usual
	defaultAtLeast = 1 // in the account's currency
	defaultShare   = 2 // percent of what the account usually costs a day
	maxAbove       = 10_000
)

func spikeBlock() block {
	return block{name: "a spike", keys: []string{"above", "at_least"}}
}

func atLeastBlock() block {
	return block{name: "at_least", keys: []string{"amount", "share"}}
}

func (r *reader) spike(f field) *Spike {
	if f.node == nil {
		return nil
	}
	spike := &Spike{
		Above:   decimal.NewFromInt(defaultAbove),
		AtLeast: AtLeast{Amount: decimal.NewFromInt(defaultAtLeast), Share: decimal.NewFromInt(defaultShare)},
	}
	if isNull(f.node) {
		return spike
	}
	s := r.section(f, spikeBlock())
	if above, ok := r.above(s.get("above")); ok {
		spike.Above = above
	}
	if least := s.get("at_least"); r.present(least) {
		spike.AtLeast = r.atLeast(least, spike.AtLeast)
	}
	return spike
}

// above is how many times usual a spike is: 2x, or plain 2.
func (r *reader) above(f field) (decimal.Decimal, bool) {
	text, ok := r.written(f)
	if !ok {
		return decimal.Decimal{}, false
	}
	n, ok := r.number(f, strings.TrimSuffix(text, "x"), "2x")
	switch {
	case !ok:
	case n.LessThanOrEqual(decimal.NewFromInt(1)):
		r.report(f.node, "%q must be more than 1x, which is usual, not %s", f.key, text)
	case n.GreaterThan(decimal.NewFromInt(maxAbove)):
		r.report(f.node, "%q must be at most %dx, not %s", f.key, maxAbove, text)
	default:
		return n, true
	}
	return decimal.Decimal{}, false
}

func (r *reader) atLeast(f field, least AtLeast) AtLeast {
	s := r.section(f, atLeastBlock())
	if amount, ok := r.amount(s.get("amount")); ok {
		least.Amount = amount
	}
	share := s.get("share")
	if text, ok := r.written(share); ok {
		least.Share, _ = r.percent(share, text, true)
	}
	return least
}
