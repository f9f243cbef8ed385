package fetcher

import (
	"fmt"
	"time"
)

// Day is a calendar day in UTC, counted from 1970-01-01. The zero Day means
// "no day": nothing is billed in 1970.
type Day int32

const secondsPerDay = 24 * 60 * 60

// DayOf returns the UTC day that t falls on.
func DayOf(t time.Time) Day {
	seconds := t.Unix()
	day := seconds / secondsPerDay
	if seconds%secondsPerDay < 0 {
		day--
	}
	return Day(day)
}

// NewDay returns the given UTC day; values outside their usual ranges are
// normalised as [time.Date] does.
func NewDay(year int, month time.Month, day int) Day {
	return DayOf(time.Date(year, month, day, 0, 0, 0, 0, time.UTC))
}

// ParseDay reads a day written as 2006-01-02.
func ParseDay(s string) (Day, error) {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		return 0, fmt.Errorf("day %q is not written as 2006-01-31", s)
	}
	return DayOf(t), nil
}

// Time returns the first instant of the day.
func (d Day) Time() time.Time { return time.Unix(int64(d)*secondsPerDay, 0).UTC() }

// IsZero reports whether d is the zero Day, "no day".
func (d Day) IsZero() bool { return d == 0 }

// Weekday returns the day of the week.
func (d Day) Weekday() time.Weekday { return d.Time().Weekday() }

// String returns the day as 2006-01-02, or "" for the zero Day.
func (d Day) String() string {
	if d.IsZero() {
		return ""
	}
	return d.Time().Format(time.DateOnly)
}

// MarshalText writes the day as [Day.String] does.
func (d Day) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads what [Day.MarshalText] wrote.
func (d *Day) UnmarshalText(text []byte) error {
	if len(text) == 0 {
		*d = 0
		return nil
	}
	parsed, err := ParseDay(string(text))
	if err != nil {
		return err
	}
	*d = parsed
	return nil
}
