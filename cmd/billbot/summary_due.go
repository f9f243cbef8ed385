package main

import (
	"time"

	"github.com/billbot/billbot/fetcher"
	"github.com/billbot/billbot/rules"
)

// due is a summary whose time has come.
type due struct {
	date string         // the local date it is for
	key  string         // under which it is done once in a channel; of a day the date alone
	span fetcher.Period // the days it is of; zero for a day, which is the newest known
	late bool           // it was due the day before: nobody ran then, or it is done
}

// How many days a summary may come late where nobody ran when it was due. That
// of a day may come until the next is due.
const (
	weekLate  = 2
	monthLate = 6
	closeLate = 14
)

// dueSummary is the summary that is due at a moment, false when none is: that of
// a day until the next day's is, so that each local date has one; that of a week from its Monday on, that of a month from its 1st on. Those of billing
// periods are due by account, see [engine.closePeriods]. The local clock and
// date decide, not the time that has passed: on days that change the clock the
// hour may come twice or never, and the summary comes once all the same.
func dueSummary(s rules.Summary, zone *time.Location, now time.Time) (due, bool) {
	local := now.In(zone)
	today := fetcher.NewDay(local.Date())
	switch s.Every {
	case rules.EveryWeek:
		monday := today - fetcher.Day((local.Weekday()+6)%7)
		span := fetcher.Period{Start: monday - 7, End: monday - 1}
		return due{date: monday.String(), key: "week-" + monday.String(), span: span}, cameBy(s, local, int(today-monday), weekLate)
	case rules.EveryMonth:
		first := fetcher.NewDay(local.Year(), local.Month(), 1)
		span := fetcher.Period{Start: fetcher.NewDay(local.Year(), local.Month()-1, 1), End: first - 1}
		return due{date: first.String(), key: "month-" + first.String(), span: span}, cameBy(s, local, int(today-first), monthLate)
	case rules.EveryBillingPeriod:
		return due{}, false
	}
	if cameBy(s, local, 0, 0) {
		return due{date: today.String(), key: today.String()}, true
	}
	yesterday := today - 1
	return due{date: yesterday.String(), key: yesterday.String(), late: true}, existed(yesterday, zone)
}

// existed reports whether a date was one in a zone: where the date line was moved,
// one was left out.
func existed(date fetcher.Day, zone *time.Location) bool {
	year, month, day := date.Time().Date()
	return time.Date(year, month, day, 12, 0, 0, 0, zone).Day() == day
}

// cameBy reports whether a summary's time of day has come, some days after its
// date, and is not too long ago.
func cameBy(s rules.Summary, local time.Time, days, late int) bool {
	clock := time.Duration(local.Hour())*time.Hour + time.Duration(local.Minute())*time.Minute
	return days <= late && (days > 0 || clock >= s.At)
}
