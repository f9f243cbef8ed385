package fetcher

import (
	"cmp"
	"slices"
	"strings"
)

// Line is charges as columns: what one item of the bill used and cost on
// consecutive days of one billing period. It has what people are told and
// rules decide by; the other columns of the rows are only kept and exported.
type Line struct {
	LineKey
	Service string // its identity: ServiceName without the allowance
	First   Day    // the day of the first numbers
	// Costs and Quantities have a number a day, without gaps.
	Costs, Quantities Column
}

// LineKey is what the charges of a line share.
type LineKey struct {
	BillingPeriodStart Day
	ServiceName        string // as billed
	ServiceFamilyName  string
	SubscriptionID     string
	ZoneID, ZoneName   string
	BillingCurrency    string
	ConsumedUnit       string
}

// KeyOf is the key of a charge's line.
func KeyOf(c *Charge) LineKey {
	return LineKey{
		BillingPeriodStart: c.BillingPeriodStart, ServiceName: c.ServiceName, ServiceFamilyName: c.ServiceFamilyName,
		SubscriptionID: c.SubscriptionID, ZoneID: c.ZoneID, ZoneName: c.ZoneName,
		BillingCurrency: c.BillingCurrency, ConsumedUnit: c.ConsumedUnit,
	}
}

// Last is the day of the last numbers.
func (l Line) Last() Day { return l.First + Day(l.Costs.Len()) - 1 }

// Cost is what the days from one to another cost, both included.
func (l Line) Cost(sum *Sum, from, to Day) { l.add(l.Costs, sum, from, to) }

// Quantity is what the days from one to another used, both included.
func (l Line) Quantity(sum *Sum, from, to Day) { l.add(l.Quantities, sum, from, to) }

func (l Line) add(c Column, sum *Sum, from, to Day) {
	if from, to := max(from, l.First), min(to, l.Last()); from <= to {
		c.AddTo(sum, int(from-l.First), int(to-l.First)+1)
	}
}

// compareLines orders lines by billing period, service and the finer parts,
// then by their first day.
func compareLines(a, b Line) int {
	if order := cmp.Compare(a.BillingPeriodStart, b.BillingPeriodStart); order != 0 {
		return order
	}
	if order := strings.Compare(a.Service, b.Service); order != 0 {
		return order
	}
	return cmp.Or(
		strings.Compare(a.SubscriptionID, b.SubscriptionID),
		strings.Compare(a.ZoneID, b.ZoneID),
		strings.Compare(a.BillingCurrency, b.BillingCurrency),
		strings.Compare(a.ConsumedUnit, b.ConsumedUnit),
		cmp.Compare(a.First, b.First),
		strings.Compare(a.ServiceName, b.ServiceName),
		strings.Compare(a.ServiceFamilyName, b.ServiceFamilyName),
		strings.Compare(a.ZoneName, b.ZoneName),
	)
}

// SortLines puts lines into the order a [Bill] has.
func SortLines(lines []Line) {
	if !slices.IsSortedFunc(lines, compareLines) {
		slices.SortStableFunc(lines, compareLines)
	}
}

// LinesOf makes lines of charges in the ledger's order. A day without a charge
// ends a line, and so does a second charge of one day: the next one begins
// another.
func LinesOf(charges []Charge) []Line {
	m := lineMaker{open: map[LineKey]int{}}
	for i := range charges {
		m.add(&charges[i])
	}
	lines := make([]Line, len(m.drafts))
	for i, d := range m.drafts {
		lines[i] = Line{
			LineKey: d.key, Service: Service(d.key.ServiceName), First: d.first,
			Costs: ColumnOf(d.costs), Quantities: ColumnOf(d.quantities),
		}
	}
	SortLines(lines)
	return lines
}

type lineMaker struct {
	drafts []lineDraft
	open   map[LineKey]int // the draft that a key's next charge may go on with
	next   int             // the draft to look at first: each day has the same services
}

type lineDraft struct {
	key               LineKey
	first             Day
	costs, quantities []Number
}

func (d *lineDraft) takes(key LineKey, day Day) bool {
	return d.first+Day(len(d.costs)) == day && d.key == key
}

func (m *lineMaker) add(c *Charge) {
	at := m.draftFor(KeyOf(c), c.ChargePeriodStart)
	d := &m.drafts[at]
	d.costs = append(d.costs, c.ContractedCost)
	d.quantities = append(d.quantities, c.ConsumedQuantity)
	m.next = at + 1
}

func (m *lineMaker) draftFor(key LineKey, day Day) int {
	if m.next >= len(m.drafts) {
		m.next = 0
	}
	if m.next < len(m.drafts) && m.drafts[m.next].takes(key, day) {
		return m.next
	}
	if at, met := m.open[key]; met && m.drafts[at].takes(key, day) {
		return at
	}
	m.open[key] = len(m.drafts)
	m.drafts = append(m.drafts, lineDraft{key: key, first: day})
	return len(m.drafts) - 1
}
