package cloudflaretest

import (
	"time"

	"github.com/billbot/billbot/fetcher"
)

// periodStart returns the first day of the billing period that holds d, for
// periods that begin on the given day of a month. Days 29 to 31 clamp to the
// end of a shorter month.
func periodStart(d fetcher.Day, anchor int) fetcher.Day {
	t := d.Time()
	if start := clamped(t.Year(), t.Month(), anchor); start <= d {
		return start
	}
	return clamped(t.Year(), t.Month()-1, anchor)
}

// nextStart returns the first day of the billing period after the one that
// holds d.
func nextStart(d fetcher.Day, anchor int) fetcher.Day {
	t := periodStart(d, anchor).Time()
	return clamped(t.Year(), t.Month()+1, anchor)
}

func previousStart(d fetcher.Day, anchor int) fetcher.Day {
	return periodStart(periodStart(d, anchor)-1, anchor)
}

// anchorDate returns a start of a period at or before d that is not clamped:
// only such a date tells the true anchor.
func anchorDate(d fetcher.Day, anchor int) fetcher.Day {
	start := periodStart(d, anchor)
	for range 2 {
		if start.Time().Day() < anchor {
			start = previousStart(start, anchor)
		}
	}
	return start
}

func clamped(year int, month time.Month, anchor int) fetcher.Day {
	lastOfMonth := fetcher.NewDay(year, month+1, 0)
	return min(fetcher.NewDay(year, month, max(1, anchor)), lastOfMonth)
}
