package cloudflare

import (
	"errors"
	"fmt"
	"time"

	"github.com/billbot/billbot/fetcher"
)

const (
	day = 24 * time.Hour
	// lastSecond is the other end of a day, besides the next midnight, that
	// Cloudflare is known to write.
	lastSecond = day - time.Second
)

// parseTime reads an RFC 3339 time, or a plain date as its first instant.
func parseTime(text []byte) (time.Time, error) {
	at, ok := parseMidnight(text)
	if !ok {
		var err error
		if at, err = time.Parse(time.RFC3339, string(text)); err != nil {
			return time.Time{}, fmt.Errorf("%q is not a date", clean(text[:min(len(text), shownRunes+1)]))
		}
	}
	// Day zero is "no day", and what lies before is Go's zero time or worse.
	if fetcher.DayOf(at) <= 0 {
		return time.Time{}, fmt.Errorf("%q is no day that anything is billed for", clean(text))
	}
	return at, nil
}

// parseMidnight reads the two forms that nearly all dates have, without the
// allocation that [time.Parse] needs a string for.
func parseMidnight(text []byte) (time.Time, bool) {
	if len(text) != 10 && string(text[min(len(text), 10):]) != "T00:00:00Z" {
		return time.Time{}, false
	}
	if text[4] != '-' || text[7] != '-' {
		return time.Time{}, false
	}
	year, ok1 := digits(text[0:4])
	month, ok2 := digits(text[5:7])
	dom, ok3 := digits(text[8:10])
	at := time.Date(year, time.Month(month), dom, 0, 0, 0, 0, time.UTC)
	// A 31st of April has become a 1st of May.
	exists := at.Month() == time.Month(month) && at.Day() == dom
	return at, ok1 && ok2 && ok3 && exists
}

func digits(text []byte) (n int, ok bool) {
	for _, c := range text {
		if c < '0' || c > '9' {
			return 0, false
		}
		n = n*10 + int(c-'0')
	}
	return n, true
}

// oneDay returns the UTC day that a charge period is. A charge for more or
// less than a day, or for one of another time zone, is refused: it would be
// put down to a day it is not of.
func oneDay(start, end time.Time) (fetcher.Day, error) {
	if !start.Equal(start.Truncate(day)) {
		return 0, errors.New("ChargePeriodStart is not the beginning of a UTC day")
	}
	if length := end.Sub(start); length < lastSecond || length > day {
		return 0, fmt.Errorf("ChargePeriodStart to ChargePeriodEnd is not one UTC day but %s", length)
	}
	return fetcher.DayOf(start), nil
}
