package fetcher_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/billbot/billbot/fetcher"
)

// anchored is the day on which a period starts in a month: the anchor, or the
// month's last day.
func anchored(anchor, year int, month time.Month) fetcher.Day {
	last := fetcher.NewDay(year, month+1, 1) - 1
	return min(fetcher.NewDay(year, month, 1)+fetcher.Day(anchor-1), last)
}

// TestRollovers asks which period is open a second before it turns, as it turns
// and a second after, for four years with a February of 29 days.
func TestRollovers(t *testing.T) {
	moments, wrong := 0, 0
	for _, anchor := range []int{1, 28, 29, 30, 31} {
		var starts []string
		for month := range time.Month(49) {
			starts = append(starts, anchored(anchor, 2026, 1+month).String())
		}
		l := periods(starts...)
		for i, start := range starts[1:] {
			for off, want := range map[time.Duration]string{-time.Second: starts[i], 0: start, time.Second: start} {
				moments++
				open := l.OpenPeriods(fetcher.DayOf(day(start).Time().Add(off)))
				if len(open) != 1 || open[0].Start != day(want) {
					wrong++
					t.Errorf("anchor %d, %s %s: open are %v, want that from %s", anchor, start, off, open, want)
				}
			}
		}
	}
	t.Attr("score", fmt.Sprintf("10 moments=%d wrong=%d", moments, wrong))
}
