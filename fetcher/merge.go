package fetcher

import (
	"fmt"
	"slices"
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
// that period stays as it was. A period that was left unread cannot be merged
// into: such an answer changes nothing and is not trusted.
func (l Ledger) Merge(a Answer) (Ledger, Change) {
	a.Charges = Sorted(a.Charges)
	merged, change := l, Change{}
	for _, start := range periodsOf(a.Charges) {
		if slices.Contains(l.Unread, start) {
			merged.Trust = Trust{Untrusted, fmt.Sprintf("the charges of the billing period from %s were not read", start)}
			return merged, change
		}
	}
	merged.Terms = l.Terms.with(a)
	if len(a.Charges) > 0 && !a.ranged() {
		merged.Terms.Gone = l.gone(a)
	}
	change.Terms = !merged.Terms.equal(l.Terms)
	change.Notes = termsNotes(l, merged.Terms)
	if len(a.Charges) == 0 {
		merged.Trust = merged.trustInEmpty(a)
		change.Notes = append(change.Notes, calendarNotes(l, merged)...)
		return merged, change
	}
	m := newMerger(l, a)
	m.walk()
	merged.Charges, merged.Doubts = m.rows, m.doubted
	merged.Trust = firstBad(l.trustInPeriods(a), m.trust())
	change.Periods, change.Revisions = m.periods, m.revisions
	change.Doubts = !slices.Equal(l.Doubts, m.doubted)
	change.Notes = append(change.Notes, calendarNotes(l, merged)...)
	change.Notes = append(change.Notes, currencyNotes(l.Charges, m.rows)...)
	change.Notes = append(change.Notes, cumulatedNotes(l.Charges, m.rows, m.periods)...)
	if len(m.periods) > 0 {
		snapshot := newSnapshot(a)
		change.Snapshot = &snapshot
	}
	return merged, change
}
