package rules

import (
	"slices"

	"github.com/billbot/billbot/fetcher"
	"github.com/shopspring/decimal"
)

// Mismatch is why the figures of a billing period may be off.
type Mismatch struct {
	Sums    []fetcher.Disagreement `json:"sums,omitempty"`    // services that do not add up to the source's own sum
	Columns []string               `json:"columns,omitempty"` // columns that rows had and have no more
	Start   fetcher.Day            `json:"start,omitempty"`   // of a period that starts when no subscription's does
}

func (m Mismatch) none() bool { return len(m.Sums)+len(m.Columns) == 0 && m.Start.IsZero() }

// leastMismatch is the difference of two sums that is worth telling: what a
// cent does not show nobody can look up in a dashboard.
var leastMismatch = decimal.New(1, -2)

// mismatches judges the billing periods that are open, or ended lately. What
// is wrong with one is told once, and over with it: a column that never comes
// back is not news for ever.
func (t trust) mismatches() []Finding {
	today := fetcher.DayOf(t.now)
	var findings []Finding
	calendar := t.watched.Ledger.Calendar()
	for _, start := range calendar.Starts {
		if slices.Contains(t.watched.Ledger.Unread, start) {
			continue // what was told of it stays
		}
		p := calendar.Period(start)
		if start > today || p.End+fetcher.LateDays < today {
			continue
		}
		f := t.finding(KindMismatch)
		f.Severity = Info
		f.Period, f.PeriodKind, f.Episode, f.Day, f.Ended = p, ByBillingPeriod, start, t.through, p.End < today
		if found := t.mismatch(p); !found.none() {
			f.Mismatch, f.Open = &found, !f.Ended
		}
		findings = append(findings, f)
	}
	return findings
}

func (t trust) mismatch(p fetcher.Period) Mismatch {
	var m Mismatch
	for _, d := range t.watched.Ledger.Disagreements(p.Start) {
		if d.Charges.Sub(d.Told).Abs().GreaterThanOrEqual(leastMismatch) {
			m.Sums = append(m.Sums, d)
		}
	}
	if t.watched.Ledger.OffAnchor(p.Start) {
		m.Start = p.Start
	}
	for _, column := range t.watched.Ledger.Terms.Gone {
		if p.Contains(column.Since) {
			m.Columns = append(m.Columns, column.Name)
		}
	}
	return m
}

// sameMismatch reports whether people would see no difference. Sums move every
// day; which of them disagree is what is told.
func sameMismatch(a, b *Mismatch) bool {
	if a == nil || b == nil {
		return a == b
	}
	return a.Start == b.Start && slices.Equal(a.Columns, b.Columns) && slices.EqualFunc(a.Sums, b.Sums, func(a, b fetcher.Disagreement) bool {
		return a.Service == b.Service && a.Currency == b.Currency
	})
}
