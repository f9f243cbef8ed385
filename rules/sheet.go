package rules

import (
	"cmp"
	"slices"
	"strings"

	"github.com/billbot/billbot/fetcher"
)

// sheet is a bill by what rules can tell apart: a few dozen items. A budget
// matches items and adds up columns of their lines.
type sheet struct {
	items    []item // by service
	calendar fetcher.Calendar
	first    fetcher.Day // the earliest charge day; zero without charges
	added    []added     // of the stretches asked for so far: most rules ask for the same
	tallies  []tallied   // and of sets of items
	pointers []*item     // to all items, once asked for
}

// all is every item.
func (s *sheet) all() []*item {
	if s.pointers == nil {
		for i := range s.items {
			s.pointers = append(s.pointers, &s.items[i])
		}
	}
	return s.pointers
}

// added is what each item cost or used in a stretch, in the order of the items.
type added struct {
	stretch
	quantity bool
	totals   []total
}

// total is what an item comes to in a stretch, if it has days there.
type total struct {
	held bool
	fetcher.Sum
}

// item is a part of a bill that a rule can tell from the others.
type item struct {
	itemKey
	service string // the name without its allowance
	folded  string // the same, as patterns are compared with it
	index   int    // its place in the sheet
	lines   []*fetcher.Line
}

// itemKey is the columns that rules match and sums may not mix.
type itemKey struct{ name, family, zone, zoneID, currency, unit string }

// newSheet sorts the lines of a bill into items.
func newSheet(b fetcher.Bill) *sheet {
	s := &sheet{calendar: b.Calendar(), first: b.First()}
	s.items = make([]item, 0, len(b.Lines)/max(1, len(s.calendar.Starts))+1)
	next := 0 // each billing period has about the same items, in order
	for i := range b.Lines {
		place := s.place(&b.Lines[i], next)
		s.items[place].lines = append(s.items[place].lines, &b.Lines[i])
		next = place + 1
	}
	for i := range s.items {
		s.items[i].index = i
	}
	return s
}

// place is where a line's item is, or is put. It is looked for first where it
// is thought to be.
func (s *sheet) place(line *fetcher.Line, guess int) int {
	it := item{
		itemKey: itemKey{line.ServiceName, line.ServiceFamilyName, line.ZoneName, line.ZoneID, line.BillingCurrency, line.ConsumedUnit},
		service: line.Service,
	}
	if guess < len(s.items) && s.items[guess].itemKey == it.itemKey {
		return guess
	}
	place, met := len(s.items), false
	if place > 0 && compareItems(s.items[place-1], it) >= 0 {
		place, met = slices.BinarySearchFunc(s.items, it, compareItems)
	}
	if !met {
		it.folded = folded(it.service)
		s.items = slices.Insert(s.items, place, it)
	}
	return place
}

func compareItems(a, b item) int {
	return cmp.Or(
		strings.Compare(a.service, b.service), strings.Compare(a.name, b.name), strings.Compare(a.zone, b.zone), strings.Compare(a.zoneID, b.zoneID),
		strings.Compare(a.currency, b.currency), strings.Compare(a.unit, b.unit), strings.Compare(a.family, b.family),
	)
}

// in is what each item cost in a stretch, or what was used.
func (s *sheet) in(p stretch, quantity bool) []total {
	for i := range s.added {
		if a := &s.added[i]; a.quantity == quantity && a.equal(p) {
			return a.totals
		}
	}
	totals := make([]total, len(s.items))
	for i := range s.items {
		s.items[i].addTo(&totals[i], p, quantity)
	}
	s.added = append(s.added, added{p, quantity, totals})
	return totals
}

func (it *item) addTo(t *total, p stretch, quantity bool) {
	for _, line := range it.lines {
		from, to := p.of(line)
		switch {
		case from > to:
			continue
		case quantity:
			line.Quantity(&t.Sum, from, to)
		default:
			line.Cost(&t.Sum, from, to)
		}
		t.held = true
	}
}

// startsOf is the starts of the billing periods that items have lines in,
// oldest first.
func startsOf(items []*item) []fetcher.Day {
	var starts []fetcher.Day
	for _, it := range items {
		for _, line := range it.lines {
			if start := line.BillingPeriodStart; !slices.Contains(starts, start) {
				starts = append(starts, start)
			}
		}
	}
	slices.Sort(starts)
	return starts
}

// reaches reports whether the bill is known back to a day: it has charges of
// then or before, or was asked for them.
func (s *sheet) reaches(d fetcher.Day) bool {
	asked := s.calendar.Terms.Reaches
	return !s.first.IsZero() && (s.first <= d || !asked.IsZero() && asked <= d)
}

// knows reports whether a stretch can be taken for a whole period: the bill
// reaches back to its first day, and has rows in it.
func (s *sheet) knows(p stretch) bool {
	return s.reaches(p.Start) && slices.ContainsFunc(s.in(p, false), func(t total) bool { return t.held })
}
