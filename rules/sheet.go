package rules

import (
	"cmp"
	"slices"
	"strings"

	"github.com/billbot/billbot/fetcher"
)

// sheet is a bill added up once for all budgets: a few dozen items with a cell
// for each day, where the bill has a row for each subscription, zone and day. A
// budget matches items and adds up cells; it never looks at a row.
type sheet struct {
	items    []item // by service
	calendar fetcher.Calendar
	first    fetcher.Day // the earliest charge day; zero without charges
	added    []added     // of the stretches asked for so far: most rules ask for the same
}

// added is what each item comes to in a stretch, in the order of the items.
type added struct {
	stretch
	totals []total
}

// total is what an item comes to in a stretch, if it has a cell there.
type total struct {
	held           bool
	cost, quantity fetcher.Sum
}

// item is a part of a bill that a rule can tell from the others.
type item struct {
	itemKey
	service string // the name without its allowance
	index   int    // its place in the sheet
	cells   []cell
}

// itemKey is the columns that rules match and sums may not mix.
type itemKey struct{ name, family, zone, zoneID, currency, unit string }

// cell is what an item cost and used on one day of one billing period.
type cell struct {
	day, period    fetcher.Day
	cost, quantity fetcher.Sum
}

// newSheet adds up a ledger.
func newSheet(l fetcher.Ledger) *sheet {
	s := &sheet{}
	s.write(l.Charges)
	slices.SortFunc(s.items, func(a, b item) int {
		return cmp.Or(strings.Compare(a.service, b.service), compareItems(a.itemKey, b.itemKey))
	})
	for i := range s.items {
		s.items[i].index = i
	}
	s.calendar = fetcher.Calendar{Starts: startsOf(s.all()), Terms: l.Terms}
	return s
}

// write finds the item of each charge, and then gives each as many cells as it
// may need, side by side.
func (s *sheet) write(charges []fetcher.Charge) {
	f := finder{at: map[itemKey]int{}}
	places := make([]int, len(charges))
	for i := range charges {
		places[i] = f.find(&charges[i])
	}
	cells := make([]cell, len(charges))
	for i, n := range f.sizes {
		f.items[i].cells, cells = cells[:0:n], cells[n:]
	}
	for i := range charges {
		f.items[places[i]].add(&charges[i])
		if day := charges[i].ChargePeriodStart; s.first.IsZero() || day < s.first {
			s.first = day
		}
	}
	s.items = f.items
}

func (it *item) add(c *fetcher.Charge) {
	n := len(it.cells)
	if n == 0 || it.cells[n-1].day != c.ChargePeriodStart || it.cells[n-1].period != c.BillingPeriodStart {
		it.cells = append(it.cells, cell{day: c.ChargePeriodStart, period: c.BillingPeriodStart})
		n++
	}
	it.cells[n-1].cost.Add(c.ContractedCost)
	it.cells[n-1].quantity.Add(c.ConsumedQuantity)
}

func compareItems(a, b itemKey) int {
	return cmp.Or(
		strings.Compare(a.name, b.name), strings.Compare(a.zone, b.zone), strings.Compare(a.zoneID, b.zoneID),
		strings.Compare(a.currency, b.currency), strings.Compare(a.unit, b.unit), strings.Compare(a.family, b.family),
	)
}

// finder finds the item of each charge. Charges come day by day with the same
// items in the same order, so the item that followed last time is looked at
// first: it saves most of the look-ups, which are most of the work.
type finder struct {
	items []item
	sizes []int // by item: how many charges it has
	next  []int // by item: the one that followed it
	at    map[itemKey]int
	last  int
}

func (f *finder) find(c *fetcher.Charge) int {
	key := itemKey{c.ServiceName, c.ServiceFamilyName, c.ZoneName, c.ZoneID, c.BillingCurrency, c.ConsumedUnit}
	if f.last < len(f.next) {
		if guess := f.next[f.last]; f.items[guess].itemKey == key {
			f.last = guess
			f.sizes[guess]++
			return guess
		}
	}
	i, known := f.at[key]
	if !known {
		i = len(f.items)
		f.at[key] = i
		f.items = append(f.items, item{itemKey: key, service: fetcher.Service(key.name)})
		f.sizes, f.next = append(f.sizes, 0), append(f.next, 0)
	}
	f.next[f.last], f.last = i, i
	f.sizes[i]++
	return i
}

// in is what each item comes to in a stretch.
func (s *sheet) in(p stretch) []total {
	for _, a := range s.added {
		if a.equal(p) {
			return a.totals
		}
	}
	totals := make([]total, len(s.items))
	for i := range s.items {
		totals[i] = s.items[i].in(p)
	}
	s.added = append(s.added, added{p, totals})
	return totals
}

func (it *item) in(p stretch) (t total) {
	for i := range it.cells {
		if c := &it.cells[i]; p.holds(c) {
			t.held = true
			t.cost.Merge(c.cost)
			t.quantity.Merge(c.quantity)
		}
	}
	return t
}

// all is pointers to the items.
func (s *sheet) all() []*item {
	all := make([]*item, len(s.items))
	for i := range s.items {
		all[i] = &s.items[i]
	}
	return all
}

// startsOf is the starts of the billing periods that items have cells in,
// oldest first.
func startsOf(items []*item) []fetcher.Day {
	var starts []fetcher.Day
	for _, it := range items {
		last := fetcher.Day(0)
		for i := range it.cells {
			if p := it.cells[i].period; p != last && !slices.Contains(starts, p) {
				starts = append(starts, p)
			}
			last = it.cells[i].period
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
	return s.reaches(p.Start) && slices.ContainsFunc(s.in(p), func(t total) bool { return t.held })
}
