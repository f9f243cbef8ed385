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
}

// sum is an exact sum in one currency or unit. Sums of two are never added.
type sum struct {
	of string
	fetcher.Sum
}

// tallied is a tally with what it is of.
type tallied struct {
	stretch
	items []*item
	tally tally
}

// tallied is the tally of the items in a stretch, made once for all rules that
// ask for it.
func (m *measure) tallied(s stretch) tally {
	sheet, quantity := m.book.sheet(), m.rule.Budget.Quantity
	for i := range sheet.tallies {
		if t := &sheet.tallies[i]; t.tally.quantity == quantity && t.equal(s) && slices.Equal(t.items, m.items) {
			return t.tally
		}
	}
	t := m.tally(s)
	sheet.tallies = append(sheet.tallies, tallied{s, m.items, t})
	return t
}

// tally adds up what the items come to in a stretch.
func (m *measure) tally(s stretch) tally {
	t := tally{quantity: m.rule.Budget.Quantity}
	totals := m.book.sheet().in(s, t.quantity)
	for _, it := range m.items {
		of := &totals[it.index]
		switch {
		case !of.held:
		case !t.quantity:
			t.add(it.currency, &of.Sum)
		case !of.Number().IsZero():
			t.add(unitOf(it.unit), &of.Sum)
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

func (t *tally) add(of string, amount *fetcher.Sum) {
	for i := range t.sums {
		if t.sums[i].of == of {
			t.sums[i].Merge(*amount)
			return
		}
	}
	t.sums = append(t.sums, sum{of, *amount})
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
