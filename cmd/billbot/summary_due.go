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
}

// How many days a summary may come late where nobody ran when it was due. That
// of a day is not worth reading on the next.
const (
	weekLate  = 2
	monthLate = 6
	closeLate = 14
)

// dueSummary is the summary that is due at a moment, false when none is: that of
// a week from its Monday on, that of a month from its 1st on. Those of billing
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
		return due{monday.String(), "week-" + monday.String(), span}, cameBy(s, local, int(today-monday), weekLate)
	case rules.EveryMonth:
		first := fetcher.NewDay(local.Year(), local.Month(), 1)
		span := fetcher.Period{Start: fetcher.NewDay(local.Year(), local.Month()-1, 1), End: first - 1}
		return due{first.String(), "month-" + first.String(), span}, cameBy(s, local, int(today-first), monthLate)
	case rules.EveryBillingPeriod:
		return due{}, false
	}
	return due{date: today.String(), key: today.String()}, cameBy(s, local, 0, 0)
}

// cameBy reports whether a summary's time of day has come, some days after its
// date, and is not too long ago.
func cameBy(s rules.Summary, local time.Time, days, late int) bool {
	clock := time.Duration(local.Hour())*time.Hour + time.Duration(local.Minute())*time.Minute
	return days <= late && (days > 0 || clock >= s.At)
}
