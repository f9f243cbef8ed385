package spend

import (
	"github.com/billbot/billbot/fetcher"
	"github.com/shopspring/decimal"
)

// Episode is a run of flagged days of one series, with the gaps in it.
type Episode struct {
	Start fetcher.Day // the first flagged day
	Last  Judged      // the newest flagged day
	Days  int         // flagged days
	Extra decimal.Decimal
	Open  bool // not yet back to usual
}

// When an episode is over.
const (
	// EpisodeGap is how many days may pass between two flagged days of one
	// episode.
	EpisodeGap = 7
	// CalmDays is how many charge days back to usual end an episode.
	CalmDays = 2
)

// LastEpisode returns the newest episode of the judged days; false if no day
// is flagged.
func LastEpisode(days []Judged) (Episode, bool) {
	var e Episode
	for _, d := range days {
		if d.Flagged {
			e.take(d)
		}
	}
	if e.Days > 0 {
		e.end(days[len(days)-1].Day)
	}
	return e, e.Days > 0
}

// Episodes returns the newest episode of a series under each of several rules
// that differ in what a rise must be worth alone: one walk serves them all. Where
// no day is flagged there is one of no days.
func Episodes(room *Room, s Series, rules []Record) []Episode {
	if len(s.Days) == 0 {
		return make([]Episode, len(rules))
	}
	found := walk(room, s, rules).episodes
	for k := range found {
		found[k].end(s.Day(len(s.Days) - 1))
	}
	return found
}

// take goes on to a flagged day, or begins anew with it.
func (e *Episode) take(d Judged) {
	if e.Days == 0 || d.Day-e.Last.Day > EpisodeGap {
		*e = Episode{Start: d.Day}
	}
	e.Last = d
	e.Days++
	e.Extra = e.Extra.Add(d.Cost.Sub(d.Usual))
}

// end says whether the episode is on after the last day there is.
func (e *Episode) end(last fetcher.Day) { e.Open = e.Days > 0 && last < e.Last.Day+CalmDays }
