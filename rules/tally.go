package rules

import (
	"slices"
	"strings"

	"github.com/billbot/billbot/fetcher"
)

// tally is what some items come to in a stretch.
type tally struct {
	quantity bool  // what is counted: what was used, not what it cost
	sums     []sum // by currency of money, or by unit of a quantity
	now      part  // the service whose items are being added
	top      [maxCauses]part
	parts    int // of top
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

// tallied is a tally with what it is of.
type tallied struct {
	stretch
	items    []*item
	currency string
	tally    *tally
	causes   []Cause
}

// tallied is the tally of the items in a stretch, made once for all rules that
// ask for it.
func (m measure) tallied(s stretch) tallied {
	sheet, quantity := m.book.sheet(), m.rule.Budget.Quantity
	for _, t := range sheet.tallies {
		if t.tally.quantity == quantity && t.currency == m.currency && t.equal(s) && slices.Equal(t.items, m.items) {
			return t
		}
	}
	t := m.tally(s)
	known := tallied{s, m.items, m.currency, &t, t.causes()}
	sheet.tallies = append(sheet.tallies, known)
	return known
}

// tally adds up what the items come to in a stretch. Costs are of the
// measure's currency; what was spent in others is in the sums.
func (m measure) tally(s stretch) tally {
	t := tally{quantity: m.rule.Budget.Quantity}
	totals := m.book.sheet().in(s)
	for _, it := range m.items {
		of := &totals[it.index]
		if !of.held {
			continue
		}
		switch {
		case !t.quantity:
			t.add(it.currency, of.cost)
		case !of.quantity.Number().IsZero():
			t.add(unitOf(it.unit), of.quantity)
		}
		if it.currency == m.currency {
			t.addPart(it, of)
		}
	}
	t.rank(t.now)
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
func (t *tally) addPart(it *item, of *total) {
	if t.now.service != it.service {
		t.rank(t.now)
		t.now = part{service: it.service, unit: it.unit, cost: of.cost, quantity: of.quantity}
		return
	}
	t.now.cost.Merge(of.cost)
	t.now.quantity.Merge(of.quantity)
	t.now.mixed = t.now.mixed || unitOf(it.unit) != unitOf(t.now.unit)
}

// weight is what a part is ranked by.
func (t *tally) weight(p *part) fetcher.Number {
	if t.quantity {
		return p.quantity.Number()
	}
	return p.cost.Number()
}

// maxCauses is how many services an alert names.
const maxCauses = 3

// rank keeps a service's part if it is among the largest. Of equal ones the
// first stays in front.
func (t *tally) rank(p part) {
	weight := t.weight(&p)
	if weight.Sign() <= 0 {
		return
	}
	i := t.parts
	for i > 0 && weight.Cmp(t.weight(&t.top[i-1])) > 0 {
		i--
	}
	if i < maxCauses {
		t.parts = min(t.parts+1, maxCauses)
		copy(t.top[i+1:], t.top[i:])
		t.top[i] = p
	}
}

// causes is the services that cost most, or used most.
func (t tally) causes() []Cause {
	causes := make([]Cause, t.parts)
	for i, p := range t.top[:t.parts] {
		causes[i] = Cause{Service: p.service, Amount: p.cost.Decimal(), Unit: p.unit}
		if !p.mixed {
			causes[i].Quantity = p.quantity.Decimal()
		}
	}
	return causes
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
