package fetcher

import (
	"time"
)

// Period is a billing period. Both ends are days of the period.
type Period struct {
	Start        Day  `json:"start"`
	End          Day  `json:"end"`           // the last day
	EndEstimated bool `json:"end_estimated"` // true when nothing but the calendar says so
}

// Days is the number of days in the period.
func (p Period) Days() int { return int(p.End-p.Start) + 1 }

// Contains reports whether d is a day of the period.
func (p Period) Contains(d Day) bool { return p.Start <= d && d <= p.End }

// estimatePeriod returns the monthly period that starts on start for a
// subscription bought on the given day of a month. Cloudflare's periods repeat
// monthly from the day of the first purchase; days 29 to 31 clamp to the end
// of a shorter month.
func estimatePeriod(start Day, anchorDay int) Period {
	t := start.Time()
	next := clampedDay(t.Year(), t.Month()+1, anchorDay)
	return Period{Start: start, End: next - 1, EndEstimated: true}
}

// PreviousStart returns the start of the monthly period before the one that
// starts on start.
func PreviousStart(start Day, anchorDay int) Day {
	t := start.Time()
	return clampedDay(t.Year(), t.Month()-1, anchorDay)
}

// clampedDay returns that day of the month, or the month's last day where it
// has fewer.
func clampedDay(year int, month time.Month, day int) Day {
	last := NewDay(year, month+1, 0)
	return min(NewDay(year, month, day), last)
}

func dayOfMonth(d Day) int { return d.Time().Day() }

// OffAnchor reports whether a billing period starts on no day on which the
// source says that a subscription's cycle does. A day either way is no
// difference: the source tells moments, and near midnight they are two days. A
// source that tells no such days contradicts nothing.
func (l Ledger) OffAnchor(start Day) bool {
	for _, anchor := range l.Terms.Anchors {
		for d := start - 1; d <= start+1; d++ {
			if t := d.Time(); clampedDay(t.Year(), t.Month(), dayOfMonth(anchor)) == d {
				return false
			}
		}
	}
	return len(l.Terms.Anchors) > 0
}
