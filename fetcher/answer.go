package fetcher

import (
	"slices"
	"time"
)

// Answer is what a source said at one moment about one account.
type Answer struct {
	FetchedAt time.Time
	Hash      string // of the body: tells answers apart, and proves nothing
	From, To  Day    // the days asked for, both included; zero: the source's own choice
	Charges   []Charge
	Terms     Terms
	// Missing names optional columns that no row of the answer had.
	Missing []string
}

// ranged reports whether the answer is about days that were asked for, and not
// about the present.
func (a Answer) ranged() bool { return !a.From.IsZero() || !a.To.IsZero() }

// Concerned is the billing periods whose charges have to be read before answers
// are merged: those that the answers speak of, and the newest known one, which
// shows what columns there were.
func (l Ledger) Concerned(answers ...Answer) []Day {
	var periods []Day
	if starts := l.PeriodStarts(); len(starts) > 0 {
		periods = append(periods, starts[len(starts)-1])
	}
	for _, a := range answers {
		for i := range a.Charges {
			if start := a.Charges[i].BillingPeriodStart; !slices.Contains(periods, start) {
				periods = append(periods, start)
			}
		}
	}
	return periods
}

// covers reports whether the answer speaks about that day of a billing period
// it holds rows of. Cloudflare gives a period from its first day or not at
// all, so without dates it is all of the period.
func (a Answer) covers(d Day) bool {
	return (a.From.IsZero() || d >= a.From) && (a.To.IsZero() || d <= a.To)
}
