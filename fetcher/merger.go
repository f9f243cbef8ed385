package fetcher

import (
	"slices"

	"github.com/shopspring/decimal"
)

// merger walks the ledger's and the answer's rows side by side, item by item.
type merger struct {
	answer Answer
	old    []Charge
	doubts []Doubt
	told   map[Day]Day // per billing period, the newest day told before

	rows      []Charge
	doubted   []Doubt
	waiting   []Item // missing from this answer, not yet believed gone
	periods   []Day
	revisions []Revision
}

func newMerger(l Ledger, a Answer) *merger {
	m := &merger{answer: a, old: l.Charges, doubts: l.Doubts, told: map[Day]Day{}}
	for _, c := range l.Charges {
		m.told[c.BillingPeriodStart] = max(m.told[c.BillingPeriodStart], c.ChargePeriodStart)
	}
	return m
}

func (m *merger) walk() {
	old, news := m.old, m.answer.Charges
	for len(old) > 0 || len(news) > 0 {
		switch order := compareHeads(old, news); {
		case order < 0:
			var item []Charge
			item, old = cutItem(old)
			m.absent(item)
		case order > 0:
			var item []Charge
			item, news = cutItem(news)
			m.appeared(item)
		default:
			var was, is []Charge
			was, old = cutItem(old)
			is, news = cutItem(news)
			m.both(was, is)
		}
	}
}

func compareHeads(a, b []Charge) int {
	switch {
	case len(a) == 0:
		return 1
	case len(b) == 0:
		return -1
	}
	return compareKey(a[0], b[0])
}

// cutItem splits the rows of the first item off sorted charges.
func cutItem(charges []Charge) (item, rest []Charge) {
	n := 1
	for n < len(charges) && compareKey(charges[0], charges[n]) == 0 {
		n++
	}
	return charges[:n], charges[n:]
}

func (m *merger) appeared(item []Charge) {
	m.rows = append(m.rows, item...)
	m.touch(item[0].BillingPeriodStart)
	if item[0].ChargePeriodStart <= m.told[item[0].BillingPeriodStart] {
		m.revisions = append(m.revisions, m.revision(nil, item))
	}
}

func (m *merger) both(was, is []Charge) {
	m.rows = append(m.rows, is...)
	if slices.EqualFunc(was, is, func(a, b Charge) bool { return compare(a, b) == 0 }) {
		return
	}
	m.touch(is[0].BillingPeriodStart)
	if r := m.revision(was, is); !r.OldCost.Equal(r.NewCost) || !r.OldQuantity.Equal(r.NewQuantity) {
		m.revisions = append(m.revisions, r)
	}
}

// absent handles an item the ledger has and the answer does not.
func (m *merger) absent(item []Charge) {
	key := itemOf(item[0])
	if !m.answer.covers(key.Day) || !m.answer.HasPeriod(key.BillingPeriodStart) {
		m.rows = append(m.rows, item...)
		m.keepDoubt(key)
		return
	}
	since := m.doubtSince(key)
	today := DayOf(m.answer.FetchedAt)
	if !since.IsZero() && since < today {
		m.touch(key.BillingPeriodStart)
		r := m.revision(item, nil)
		r.Vanished = true
		m.revisions = append(m.revisions, r)
		return
	}
	if since.IsZero() {
		since = today
	}
	m.rows = append(m.rows, item...)
	m.doubted = append(m.doubted, Doubt{Item: key, Since: since})
	m.waiting = append(m.waiting, key)
}

func (m *merger) keepDoubt(key Item) {
	if since := m.doubtSince(key); !since.IsZero() {
		m.doubted = append(m.doubted, Doubt{Item: key, Since: since})
	}
}

func (m *merger) doubtSince(key Item) Day {
	for _, d := range m.doubts {
		if d.Item == key {
			return d.Since
		}
	}
	return 0
}

func (m *merger) touch(period Day) {
	if !slices.Contains(m.periods, period) {
		m.periods = append(m.periods, period)
	}
}

func (m *merger) revision(was, is []Charge) Revision {
	c := slices.Concat(was, is)[0]
	r := Revision{
		SeenAt: m.answer.FetchedAt, BillingPeriodStart: c.BillingPeriodStart, Day: c.ChargePeriodStart,
		Service: c.Service(), SubscriptionID: c.SubscriptionID, ZoneID: c.ZoneID, Currency: c.BillingCurrency,
	}
	r.OldCost, r.OldQuantity = sums(was)
	r.NewCost, r.NewQuantity = sums(is)
	return r
}

func sums(charges []Charge) (cost, quantity decimal.Decimal) {
	for _, c := range charges {
		cost = cost.Add(c.ContractedCost)
		quantity = quantity.Add(c.ConsumedQuantity)
	}
	return cost, quantity
}
