package slack

import (
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/billbot/billbot/rules"
)

// onAlert reads what follows "ack" and "snooze": an alert's ID, as alerts show
// it in brackets or without, and for how long.
func onAlert(ask Ask, after string) Query {
	id, rest, _ := strings.Cut(after, " ")
	q := Query{Ask: ask, Name: idOf(id)}
	if !alertID.MatchString(q.Name) {
		q.Wrong = "Which alert? Its ID is eight letters and digits; /spend alerts shows it in brackets."
		return q
	}
	if ask == AskSnooze {
		q.For, q.Period, q.Wrong = howLong(rest)
	}
	if q.Wrong != "" {
		q.Near = "snooze " + q.Name + " " + nearestTime(rest)
	}
	return q
}

// idOf is an ID as it may have been copied, with what stands around it.
func idOf(text string) string { return strings.ToLower(strings.Trim(text, "[]()#\"'` ")) }

// alertID is how the rules name an alert.
var alertID = regexp.MustCompile(`^[a-z2-7]{8}$`)

// Snoozes end: a day where nothing else is said, 90 days at most.
const (
	usualSnooze   = 24 * time.Hour
	longestSnooze = 90 * 24 * time.Hour
)

// untilPeriod is what people type for a snooze that lasts until the billing
// period is over: "period", "until the period ends", "end of the billing period".
var untilPeriod = regexp.MustCompile(`^(until|till|to|for)?(the)?(endof)?(this|the)?(billing)?period(ends|isover)?$`)

// howLong reads how long to snooze: "24h", "7 days", "for a week", "1d 12h", or
// until the period ends.
func howLong(text string) (d time.Duration, period bool, wrong string) {
	words := strings.Fields(strings.ToLower(text))
	if len(words) > 0 && words[0] == "for" {
		words = words[1:]
	}
	if len(words) == 0 {
		return usualSnooze, false, ""
	}
	if untilPeriod.MatchString(strings.Join(words, "")) {
		return 0, true, ""
	}
	switch first := words[0]; {
	case first == "a", first == "an", first == "one":
		words[0] = "1"
	case units[first] > 0: // "week"
		words[0] = "1" + first
	}
	d, wrong = timeOf(strings.Join(words, ""))
	return d, false, wrong
}

// amountOfTime is a number and its unit, without spaces.
var amountOfTime = regexp.MustCompile(`^([0-9]{1,9})([a-z]+)`)

// timeOf adds up numbers and their units: "24h", "1d12h".
func timeOf(text string) (time.Duration, string) {
	whole, long := time.Duration(0), false
	for text != "" {
		found := amountOfTime.FindStringSubmatch(text)
		if found == nil || units[found[2]] == 0 {
			return 0, "How long? Write it as 24h, 7d, 1w or period."
		}
		n, _ := strconv.Atoi(found[1]) // nine digits at most
		long = long || n > int(longestSnooze/units[found[2]])
		if !long {
			whole += time.Duration(n) * units[found[2]]
		}
		text = text[len(found[0]):]
	}
	if whole == 0 || long || whole > longestSnooze {
		return 0, "A snooze lasts a minute at least and 90 days at most."
	}
	return whole, ""
}

// nearestTime is what was most likely meant by a time that cannot be read.
func nearestTime(typed string) string {
	if near, ok := rules.Nearest(typed, []string{"period", "24h", "7d", "1w", "90d"}); ok {
		return near
	}
	number := typed[:len(typed)-len(strings.TrimLeft(typed, "0123456789"))]
	switch _, wrong := timeOf(number + "h"); {
	case wrong == "":
		return number + "h"
	case strings.Trim(number, "0") != "": // too long, whatever its unit
		return "90d"
	}
	return "24h"
}
