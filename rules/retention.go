package rules

import (
	"strconv"

	"github.com/billbot/billbot/fetcher"
)

// Retention is how long what was learnt is kept. The zero value keeps
// everything.
type Retention struct {
	Charges   Keep // billing periods, after they ended; for ever by default
	Snapshots Keep // what was believed at past moments, after it was fetched; 400 days by default
	Revisions Keep // what was restated, after the charge day it is about; 400 days by default
}

// Keep is for how many days something is kept.
type Keep int

// Forever keeps without end.
const Forever Keep = 0

// Since is the first day that is kept when today is the last one. It is the
// zero day for what is kept for ever.
func (k Keep) Since(today fetcher.Day) fetcher.Day {
	if k == Forever {
		return 0
	}
	return today - fetcher.Day(k)
}

// String is the time as a rules file writes it.
func (k Keep) String() string {
	if k == Forever {
		return "forever"
	}
	return strconv.Itoa(int(k)) + "d"
}
