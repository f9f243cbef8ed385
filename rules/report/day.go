package report

import (
	"strconv"

	"github.com/billbot/billbot/fetcher"
)

// DayName writes a day for people: "Tue 12 May", and with its year, "Tue 12
// May 2025", when that is not the year of the reference day. A zero reference
// leaves the year out.
func DayName(day, reference fetcher.Day) string {
	return day.Time().Format("Mon 2 Jan" + yearLayout(day, reference))
}

// date writes a day without its weekday: "12 May".
func date(day, reference fetcher.Day) string {
	return day.Time().Format("2 Jan" + yearLayout(day, reference))
}

func yearLayout(day, reference fetcher.Day) string {
	if reference.IsZero() || day.Time().Year() == reference.Time().Year() {
		return ""
	}
	return " 2006"
}

// PeriodName writes a period by its first and last day: "15 Apr to 14 May",
// "15 Apr to about 14 May" when its end is an estimate.
func PeriodName(p fetcher.Period, reference fetcher.Day) string {
	if p.Start == p.End {
		return DayName(p.Start, reference)
	}
	return date(p.Start, reference) + " to " + about(p) + date(p.End, reference)
}

// about is the word before an estimated end.
func about(p fetcher.Period) string {
	if p.EndEstimated {
		return "about "
	}
	return ""
}

// over is a period that has ended: its end is no estimate any more.
func over(p fetcher.Period) fetcher.Period {
	p.EndEstimated = false
	return p
}

// DataLine says how far the data goes: "Data through Thu 2 Apr (UTC)".
func DataLine(through fetcher.Day) string {
	if through.IsZero() {
		return "No data yet"
	}
	return "Data through " + DayName(through, 0) + " (UTC)"
}

// count writes a number of things: "1 alert", "3 alerts".
func count(n int, thing string) string {
	if n == 1 {
		return "1 " + thing
	}
	return strconv.Itoa(n) + " " + thing + "s"
}
