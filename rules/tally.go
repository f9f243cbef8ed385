package rules

import (
	"cmp"
	"slices"
	"strings"

	"github.com/billbot/billbot/fetcher"
)

// tally is what some items come to in a stretch.
type tally struct {
	sums  []sum  // by currency of money, or by unit of a quantity
	parts []part // by service
}

// sum is an exact sum in one currency or unit. Sums of two are never added.
type sum struct {
	of string
	fetcher.Sum
}

// part is one service's part of a tally.
type part struct {
	service        string
	cost, quantity fetcher.Sum
	unit           string
	mixed          bool // several units: there is no quantity
}

// tally adds up the items' cells that a stretch holds. Costs are of the
// measure's currency; what was spent in others is in the sums.
func (m measure) tally(s stretch) tally {
	var t tally
	for _, it := range m.items {
		var cost, quantity fetcher.Sum
		held := false
		for i := range it.cells {
			if c := &it.cells[i]; s.holds(*c) {
				held = true
				cost.Merge(c.cost)
				quantity.Merge(c.quantity)
			}
		}
		switch {
		case !held:
			continue
		case !m.rule.Budget.Quantity:
			t.add(it.currency, cost)
		case !quantity.Number().IsZero():
			t.add(unitOf(it.unit), quantity)
		}
		if it.currency == m.currency {
			t.addPart(it, cost, quantity)
		}
	}
	return t
}

// unitOf is the unit of a quantity. That of things that are counted is written
// in two ways.
func unitOf(written string) string {
	if strings.EqualFold(written, "count") {
		return ""
	}
	return written
}

func (t *tally) add(of string, amount fetcher.Sum) {
	for i := range t.sums {
		if t.sums[i].of == of {
			t.sums[i].Merge(amount)
			return
		}
	}
	t.sums = append(t.sums, sum{of, amount})
}

// addPart adds an item to its service's part. Items come by service.
func (t *tally) addPart(it *item, cost, quantity fetcher.Sum) {
	n := len(t.parts)
	if n == 0 || t.parts[n-1].service != it.service {
		t.parts = append(t.parts, part{service: it.service, unit: it.unit, cost: cost, quantity: quantity})
		return
	}
	p := &t.parts[n-1]
	p.cost.Merge(cost)
	p.quantity.Merge(quantity)
	p.mixed = p.mixed || unitOf(it.unit) != unitOf(p.unit)
}

// of is the sum in one currency or unit.
func (t tally) of(name string) fetcher.Sum {
	for _, s := range t.sums {
		if s.of == name {
			return s.Sum
		}
	}
	return fetcher.Sum{}
}

// unit is the one unit of a tally of quantities, or of its items where nothing
// was used.
func (t tally) unit(items []*item) string {
	switch {
	case len(t.sums) > 0:
		return t.sums[0].of
	case len(items) > 0:
		return unitOf(items[0].unit)
	}
	return ""
}

// others is the money in other currencies than one.
func (t tally) others(currency string) []Money {
	var others []Money
	for _, s := range t.sums {
		if s.of != currency {
			others = append(others, Money{s.Decimal(), s.of})
		}
	}
	slices.SortFunc(others, func(a, b Money) int { return strings.Compare(a.Currency, b.Currency) })
	return others
}

// maxCauses is how many services an alert names.
const maxCauses = 3

// causes is the services that cost most, or used most.
func (t tally) causes(quantity bool) []Cause {
	weight := func(p part) fetcher.Number {
		if quantity {
			return p.quantity.Number()
		}
		return p.cost.Number()
	}
	slices.SortStableFunc(t.parts, func(a, b part) int {
		return cmp.Or(weight(b).Cmp(weight(a)), strings.Compare(a.service, b.service))
	})
	var causes []Cause
	for _, p := range t.parts {
		if len(causes) == maxCauses || weight(p).Sign() <= 0 {
			break
		}
		c := Cause{Service: p.service, Amount: p.cost.Decimal(), Unit: p.unit}
		if !p.mixed {
			c.Quantity = p.quantity.Decimal()
		}
		causes = append(causes, c)
	}
	return causes
}
