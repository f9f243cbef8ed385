package slack

import (
	"strings"
	"time"

	"github.com/billbot/billbot/rules/report"
)

// Ask is what a query is about.
type Ask string

// What can be asked of /spend.
const (
	AskNow      Ask = ""     // the newest day, the period to date, the forecast
	AskSpan     Ask = "span" // what some days cost
	AskBy       Ask = "by"   // the same by service, family, zone or account
	AskNamed    Ask = "named"
	AskTop      Ask = "top"
	AskBudgets  Ask = "budgets"
	AskAlerts   Ask = "alerts"
	AskForecast Ask = "forecast"
	AskWhy      Ask = "why"
	AskAck      Ask = "ack"
	AskSnooze   Ask = "snooze"
	AskExport   Ask = "export"
	AskHelp     Ask = "help"
)

// Query is the text of a command, read. The zero Query is that of /spend alone.
type Query struct {
	Ask  Ask
	Span report.Span   // of AskSpan and AskBy
	Part report.Part   // of AskBy
	Name string        // of AskNamed a service or an account, of AskWhy a rule, of AskAck and AskSnooze an alert's ID
	For  time.Duration // of AskSnooze: from a minute to 90 days; 0 with Period
	// Period says of AskSnooze that it lasts until the alert's period ends.
	Period bool
	// Wrong says what is missing or cannot be read, in a sentence; "" if the
	// query can be answered. Then Typed is what was typed, and Near what was most
	// likely meant, "" where only who knows the alerts could say.
	Wrong, Typed, Near string
}

// ParseQuery reads what was typed behind /spend. It never fails: what it does
// not know is taken for a name, and whoever knows the names decides.
func ParseQuery(text string) Query {
	text = unmarked(text)
	q := readQuery(text)
	if q.Wrong != "" {
		q.Typed = normal(text)
	}
	return q
}

// readQuery reads a text that has none of Slack's marks, such as
// [Query.String] writes.
func readQuery(text string) Query {
	text = normal(text)
	if text != "" && unquoted(text[:1]) == "" && unquoted(text[len(text)-1:]) == "" {
		return nameQuery(text)
	}
	words := strings.Fields(strings.ToLower(text))
	if len(words) == 0 {
		return Query{}
	}
	first, rest := strings.TrimLeft(words[0], "-/"), words[1:]
	if first == "this" && len(rest) > 0 { // "this week"
		first, rest = rest[0], rest[1:]
	}
	if q, known := simple(first, rest); known {
		return q
	}
	_, after, _ := strings.Cut(text, " ")
	if q, known := pointed(first, after); known {
		return q
	}
	return nameQuery(strings.TrimLeft(text, "-/ "))
}

// nameQuery asks for what has a name; without one there is nothing but help.
func nameQuery(name string) Query {
	if name = unquoted(name); name == "" {
		return Query{Ask: AskHelp}
	}
	return Query{Ask: AskNamed, Name: name}
}

// simple reads the queries that are made of known words alone.
func simple(first string, rest []string) (Query, bool) {
	if part, is := parts[first]; is {
		first, rest = "by", append([]string{string(part)}, rest...)
	}
	switch {
	case first == "by":
		return byPart(rest)
	case len(rest) > 1 && rest[0] == "by": // "week by zone"
		q, known := byPart([]string{rest[1], first})
		return q, known && len(rest) == 2
	case len(rest) > 0:
		return Query{}, false
	}
	if span, is := spans[first]; is {
		return Query{Ask: AskSpan, Span: span}, true
	}
	ask, is := asks[first]
	return Query{Ask: ask}, is
}

// byPart reads what follows "by": "service", "zone week".
func byPart(words []string) (Query, bool) {
	if len(words) == 0 {
		return Query{Ask: AskBy, Wrong: "By what?", Near: "by service"}, true
	}
	part, isPart := parts[words[0]]
	q := Query{Ask: AskBy, Part: part, Span: report.SpanPeriod}
	if len(words) == 1 {
		return q, isPart
	}
	span, isSpan := spans[strings.Join(words[1:], "")]
	q.Span = span
	return q, isPart && isSpan
}

// pointed reads the queries about one thing: a rule or an alert.
func pointed(first, after string) (Query, bool) {
	switch first {
	case "why", "explain":
		q := Query{Ask: AskWhy, Name: unquoted(after)}
		if q.Name == "" {
			q.Wrong = "Which rule?"
		}
		return q, true
	case "ack", "acknowledge":
		return onAlert(AskAck, after), true
	case "snooze":
		return onAlert(AskSnooze, after), true
	}
	return Query{}, false
}
