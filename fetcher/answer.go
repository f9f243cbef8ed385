package fetcher

import "time"

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

// covers reports whether the answer speaks about that day of a billing period
// it holds rows of. Cloudflare gives a period from its first day or not at
// all, so without dates it is all of the period.
func (a Answer) covers(d Day) bool {
	return (a.From.IsZero() || d >= a.From) && (a.To.IsZero() || d <= a.To)
}
