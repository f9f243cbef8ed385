package fetcher

import (
	"slices"

	"github.com/shopspring/decimal"
)

// merger walks the ledger's and the answer's rows side by side, item by item.
type merger struct {
	answer   Answer
	old      []Charge
	doubts   map[Item]Day // since when an item is missing
	speaksOf map[Day]Day  // per billing period that the answer has rows of, the newest day
	told     map[Day]Day  // per billing period, the newest day told before

	rows      []Charge
	doubted   []Doubt
	waiting   []Item // missing from this answer, not yet believed gone
	periods   []Day
	revisions []Revision
}

func newMerger(l Ledger, a Answer) *merger {
	m := &merger{answer: a, old: l.Charges, doubts: map[Item]Day{}, told: newestDays(l.Charges), speaksOf: newestDays(a.Charges)}
	m.rows = make([]Charge, 0, max(len(l.Charges), len(a.Charges))+len(a.Charges)/8)
	for _, d := range l.Doubts {
		if slices.Contains(l.Unread, d.Item.BillingPeriodStart) {
			m.doubted = append(m.doubted, d)
			continue
		}
		m.doubts[d.Item] = d.Since
	}
	return m
}

// newestDays is the newest charge day of each billing period of sorted charges.
func newestDays(charges []Charge) map[Day]Day {
	newest := map[Day]Day{}
	for i := range charges {
		if c := &charges[i]; i+1 == len(charges) || charges[i+1].BillingPeriodStart != c.BillingPeriodStart {
			newest[c.BillingPeriodStart] = c.ChargePeriodStart
		}
	}
	return newest
}

// walk takes the days of each billing period, one by one.
func (m *merger) walk() {
	sideBySide(m.old, m.answer.Charges, compareDay, m.day)
	slices.SortFunc(m.doubted, func(a, b Doubt) int { return compareItems(a.Item, b.Item) })
}

// day takes one day of a billing period. Most days are as they were, and are
// taken whole.
func (m *merger) day(was, is []Charge) {
	untold := len(is) == 0 && len(m.doubts) == 0 && !m.speaksOfDay(&was[0])
	if untold || sameCharges(was, is) {
		m.rows = append(m.rows, was...)
		return
	}
	sideBySide(was, is, compareServiceDay, m.service)
}

// service takes one service's day. Where the answer tells it by other columns
// than before, with zones where there were none, its rows take the place of all
// the old ones; else each item is looked for.
func (m *merger) service(was, is []Charge) {
	if len(was) > 0 && len(is) > 0 && columnsOf(was) != columnsOf(is) {
		m.both(was, is)
		return
	}
	sideBySide(was, is, compareKey, m.item)
}

// speaksOfDay reports whether the answer would have a charge if it were still
// on the bill.
func (m *merger) speaksOfDay(c *Charge) bool {
	_, spoken := m.speaksOf[c.BillingPeriodStart]
	return spoken && m.answer.covers(c.ChargePeriodStart)
}

// item takes one item of the bill, in the ledger, in the answer, or in both.
func (m *merger) item(was, is []Charge) {
	switch {
	case len(is) == 0:
		m.absent(was)
	case len(was) == 0:
		m.appeared(is)
	default:
		m.both(was, is)
	}
}

// sideBySide walks two sorted lists of charges group by group; a group that is
// in one of them only comes with an empty other side.
func sideBySide(a, b []Charge, compare func(a, b *Charge) int, take func(was, is []Charge)) {
	for len(a) > 0 || len(b) > 0 {
		var was, is []Charge
		order := compareHeads(a, b, compare)
		if order <= 0 {
			was, a = cutGroup(a, compare)
		}
		if order >= 0 {
			is, b = cutGroup(b, compare)
		}
		take(was, is)
	}
}

func compareHeads(a, b []Charge, compare func(a, b *Charge) int) int {
	switch {
	case len(a) == 0:
		return 1
	case len(b) == 0:
		return -1
	}
	return compare(&a[0], &b[0])
}

// cutGroup splits the first charges that compare equal off sorted charges.
func cutGroup(charges []Charge, compare func(a, b *Charge) int) (group, rest []Charge) {
	n := 1
	for n < len(charges) && compare(&charges[0], &charges[n]) == 0 {
		n++
	}
	return charges[:n], charges[n:]
}

// columns says which of the columns that tell rows apart are used.
type columns struct{ subscription, zone bool }

func columnsOf(charges []Charge) columns {
	var used columns
	for _, c := range charges {
		used.subscription = used.subscription || c.SubscriptionID != ""
		used.zone = used.zone || c.ZoneID != ""
	}
	return used
}

func (m *merger) appeared(item []Charge) {
	m.rows = append(m.rows, item...)
	m.touch(item[0].BillingPeriodStart)
	if item[0].ChargePeriodStart <= m.told[item[0].BillingPeriodStart] {
		m.revise(nil, item, false)
	}
}

func (m *merger) both(was, is []Charge) {
	m.rows = append(m.rows, is...)
	if sameCharges(was, is) {
		return
	}
	m.touch(is[0].BillingPeriodStart)
	m.revise(was, is, false)
}

// absent handles an item the ledger has and the answer does not.
func (m *merger) absent(item []Charge) {
	key := itemOf(item[0])
	if !m.speaksOfDay(&item[0]) {
		m.rows = append(m.rows, item...)
		m.keepDoubt(key)
		return
	}
	since := m.doubts[key]
	today := DayOf(m.answer.FetchedAt)
	if !since.IsZero() && since < today {
		m.touch(key.BillingPeriodStart)
		m.revise(item, nil, true)
		return
	}
	if since.IsZero() || since > today { // the clock was ahead
		since = today
	}
	m.rows = append(m.rows, item...)
	m.doubted = append(m.doubted, Doubt{Item: key, Since: since})
	m.waiting = append(m.waiting, key)
}

func (m *merger) keepDoubt(key Item) {
	if since := m.doubts[key]; !since.IsZero() {
		m.doubted = append(m.doubted, Doubt{Item: key, Since: since})
	}
}

func (m *merger) touch(period Day) {
	if !slices.Contains(m.periods, period) {
		m.periods = append(m.periods, period)
	}
}

// revise records what changed about an item, a revision for each currency.
func (m *merger) revise(was, is []Charge, vanished bool) {
	c := firstOf(was, is)
	service := c.Service()
	for _, currency := range currenciesOf(was, is) {
		r := Revision{
			SeenAt: m.answer.FetchedAt, BillingPeriodStart: c.BillingPeriodStart, Day: c.ChargePeriodStart,
			Service: service, SubscriptionID: c.SubscriptionID, ZoneID: c.ZoneID, Currency: currency,
			Vanished: vanished,
		}
		r.OldCost, r.OldQuantity = sums(was, currency)
		r.NewCost, r.NewQuantity = sums(is, currency)
		if vanished || len(was) == 0 || !r.OldCost.Equal(r.NewCost) || !r.OldQuantity.Equal(r.NewQuantity) {
			m.revisions = append(m.revisions, r)
		}
	}
}

func firstOf(was, is []Charge) *Charge {
	if len(was) > 0 {
		return &was[0]
	}
	return &is[0]
}

func currenciesOf(lists ...[]Charge) []string {
	var found []string
	for _, charges := range lists {
		for i := range charges {
			if currency := charges[i].BillingCurrency; !slices.Contains(found, currency) {
				found = append(found, currency)
			}
		}
	}
	return found
}

func sums(charges []Charge, currency string) (cost, quantity decimal.Decimal) {
	var costs, quantities Sum
	for i := range charges {
		if c := &charges[i]; c.BillingCurrency == currency {
			costs.Add(c.ContractedCost)
			quantities.Add(c.ConsumedQuantity)
		}
	}
	return costs.Decimal(), quantities.Decimal()
}
