package fetcher

import (
	"fmt"
	"slices"
	"strings"

	"github.com/shopspring/decimal"
)

// Change says what an answer did to a ledger.
type Change struct {
	Periods   []Day      // billing periods whose rows changed
	Revisions []Revision // items that had been told otherwise before
	Doubts    bool       // the doubts changed
	Terms     bool       // the terms changed
	Snapshot  *Snapshot  // nil when no row changed
	Notes     []string   // what a person should know, each worth one log line
}

// Merge takes an answer into the ledger and returns the new ledger and what
// changed. It leaves l as it was.
//
// An answer replaces, per billing period, the days it covers. What it restates
// is kept as a [Revision]. What it no longer has stays until answers of two
// different days agree ([Doubt]), and meanwhile the answer is not trusted. An
// answer without any row of an open period that had rows is not trusted, and
// that period stays as it was.
func (l Ledger) Merge(a Answer) (Ledger, Change) {
	a.Charges = slices.Clone(a.Charges)
	SortCharges(a.Charges)
	merged, change := l, Change{}
	merged.Terms, change.Terms = l.Terms.with(a.Terms)
	if len(a.Charges) == 0 {
		merged.Trust = l.trustInEmpty(a)
		return merged, change
	}
	m := newMerger(l, a)
	m.walk()
	merged.Charges, merged.Doubts = m.rows, m.doubted
	merged.Trust = firstBad(l.trustInPeriods(a), m.trust())
	change.Periods, change.Revisions = m.periods, m.revisions
	change.Doubts = !slices.Equal(l.Doubts, m.doubted)
	change.Notes = currencyNotes(l.Charges, m.rows)
	if len(m.periods) > 0 {
		snapshot := newSnapshot(a)
		change.Snapshot = &snapshot
	}
	return merged, change
}

// with takes what is newly known; what an answer does not know stays.
func (t Terms) with(news Terms) (Terms, bool) {
	was := t
	if news.Covered != nil {
		t.Covered = news.Covered
	}
	if len(news.Anchors) > 0 {
		t.Anchors = news.Anchors
	}
	if !news.NextBillDate.IsZero() {
		t.NextBillDate = news.NextBillDate
	}
	changed := !slices.Equal(was.Anchors, t.Anchors) || was.NextBillDate != t.NextBillDate || !sameBool(was.Covered, t.Covered)
	return t, changed
}

func sameBool(a, b *bool) bool {
	if a == nil || b == nil {
		return a == b
	}
	return *a == *b
}

// graceAfterPeriod is how many days a new billing period may stay without
// rows: they arrive one to two days late.
const graceAfterPeriod = 3

// trustInEmpty judges an answer without rows.
func (l Ledger) trustInEmpty(a Answer) Trust {
	if trust := l.trustInPeriods(a); a.ranged() || !trust.OK() {
		return trust
	}
	starts := l.PeriodStarts()
	if len(starts) == 0 {
		return Trust{NoData, "no usage rows yet"}
	}
	due := l.Period(starts[len(starts)-1]).End + 1
	if DayOf(a.FetchedAt) > due+graceAfterPeriod {
		return Trust{Untrusted, fmt.Sprintf("no rows for the billing period from %s", due)}
	}
	return Trust{NoData, fmt.Sprintf("no rows yet for the billing period from %s", due)}
}

// trustInPeriods misses the open billing periods that had rows before and have
// none now. A look at days that were asked for cannot mend what the last look
// at the present left.
func (l Ledger) trustInPeriods(a Answer) Trust {
	if a.ranged() {
		return l.Trust
	}
	for _, start := range l.PeriodStarts() {
		if l.Period(start).End >= DayOf(a.FetchedAt) && !a.HasPeriod(start) {
			return Trust{Untrusted, fmt.Sprintf("no rows for the billing period from %s, which had rows before", start)}
		}
	}
	return Trust{Verdict: Trusted}
}

func firstBad(verdicts ...Trust) Trust {
	for _, t := range verdicts {
		if !t.OK() {
			return t
		}
	}
	return Trust{Verdict: Trusted}
}

// HasPeriod reports whether the answer has rows of the billing period that
// starts on start.
func (a Answer) HasPeriod(start Day) bool {
	return slices.ContainsFunc(a.Charges, func(c Charge) bool { return c.BillingPeriodStart == start })
}

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

func (m *merger) trust() Trust {
	if len(m.waiting) == 0 {
		return Trust{Verdict: Trusted}
	}
	first := fmt.Sprintf("%s on %s", m.waiting[0].Service, m.waiting[0].Day)
	if len(m.waiting) == 1 {
		return Trust{Untrusted, fmt.Sprintf("1 item told before is missing (%s); it counts until an answer of another day agrees", first)}
	}
	return Trust{Untrusted, fmt.Sprintf("%d items told before are missing (%s the first); they count until an answer of another day agrees",
		len(m.waiting), first)}
}

// currencyNotes tells of billing periods that hold more than one currency now
// and did not before.
func currencyNotes(before, after []Charge) []string {
	was, is := currencies(before), currencies(after)
	var notes []string
	for _, period := range (Ledger{Charges: after}).PeriodStarts() {
		if len(is[period]) > 1 && len(is[period]) > len(was[period]) {
			notes = append(notes, fmt.Sprintf("the billing period from %s is charged in %s: sums are kept apart",
				period, strings.Join(is[period], " and ")))
		}
	}
	return notes
}

func currencies(charges []Charge) map[Day][]string {
	found := map[Day][]string{}
	for _, c := range charges {
		if !slices.Contains(found[c.BillingPeriodStart], c.BillingCurrency) {
			found[c.BillingPeriodStart] = append(found[c.BillingPeriodStart], c.BillingCurrency)
		}
	}
	return found
}
