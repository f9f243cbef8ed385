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
}

// item is a part of a bill that a rule can tell from the others.
type item struct {
	itemKey
	service string // the name without its allowance
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
	w := sheetWriter{sheet: s, at: map[itemKey]int{}}
	for i := range l.Charges {
		w.add(&l.Charges[i])
	}
	slices.SortFunc(s.items, func(a, b item) int {
		return cmp.Or(strings.Compare(a.service, b.service), compareItems(a.itemKey, b.itemKey))
	})
	s.calendar = fetcher.Calendar{Starts: startsOf(s.all()), Terms: l.Terms}
	return s
}

func compareItems(a, b itemKey) int {
	return cmp.Or(
		strings.Compare(a.name, b.name), strings.Compare(a.zone, b.zone), strings.Compare(a.zoneID, b.zoneID),
		strings.Compare(a.currency, b.currency), strings.Compare(a.unit, b.unit), strings.Compare(a.family, b.family),
	)
}

// sheetWriter finds the item of each charge. Charges come day by day with the
// same items in the same order, so the item that followed last time is looked
// at first: it saves most of the look-ups, which are most of the work.
type sheetWriter struct {
	*sheet
	at   map[itemKey]int
	next []int // by item: the one that followed it
	last int
}

func (w *sheetWriter) add(c *fetcher.Charge) {
	if w.first.IsZero() || c.ChargePeriodStart < w.first {
		w.first = c.ChargePeriodStart
	}
	it := w.item(itemKey{c.ServiceName, c.ServiceFamilyName, c.ZoneName, c.ZoneID, c.BillingCurrency, c.ConsumedUnit})
	n := len(it.cells)
	if n == 0 || it.cells[n-1].day != c.ChargePeriodStart || it.cells[n-1].period != c.BillingPeriodStart {
		it.cells = append(it.cells, cell{day: c.ChargePeriodStart, period: c.BillingPeriodStart})
		n++
	}
	it.cells[n-1].cost.Add(c.ContractedCost)
	it.cells[n-1].quantity.Add(c.ConsumedQuantity)
}

func (w *sheetWriter) item(key itemKey) *item {
	if w.last < len(w.next) {
		if guess := w.next[w.last]; w.items[guess].itemKey == key {
			w.last = guess
			return &w.items[guess]
		}
	}
	i, known := w.at[key]
	if !known {
		i = len(w.items)
		w.at[key] = i
		w.items, w.next = append(w.items, item{itemKey: key, service: fetcher.Service(key.name)}), append(w.next, 0)
	}
	w.next[w.last], w.last = i, i
	return &w.items[i]
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

// knows reports whether a stretch can be taken for a whole period: the bill
// reaches back to its first day, and has rows in it.
func (s *sheet) knows(p stretch) bool {
	reaches := s.calendar.Terms.Reaches
	if s.first.IsZero() || s.first > p.Start && (reaches.IsZero() || reaches > p.Start) {
		return false
	}
	return slices.ContainsFunc(s.items, func(it item) bool { return slices.ContainsFunc(it.cells, p.holds) })
}
