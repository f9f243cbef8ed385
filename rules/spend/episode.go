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
		if !d.Flagged {
			continue
		}
		if e.Days == 0 || d.Day-e.Last.Day > EpisodeGap {
			e = Episode{Start: d.Day}
		}
		e.Last = d
		e.Days++
		e.Extra = e.Extra.Add(d.Cost.Sub(d.Usual))
	}
	if e.Days == 0 {
		return Episode{}, false
	}
	e.Open = days[len(days)-1].Day < e.Last.Day+CalmDays
	return e, true
}
