package slack

import (
	"strings"

	"github.com/billbot/billbot/rules"
	"github.com/billbot/billbot/rules/report"
)

func help() []string {
	return []string{
		"/spend shows what the accounts cost: the newest day, the billing period so far, and where it leads.",
		"• /spend today, yesterday, week, month or period: what those days cost",
		"• /spend by service, by family, by zone or by account; by service week for other days than the period",
		"• /spend NAME: one service or one account",
		"• /spend top: what is furthest from usual · /spend forecast · /spend budgets",
		"• /spend alerts: what is open · /spend why RULE or why ID: what a rule or an alert went by",
		"• /spend ack ID, /spend snooze ID 24h (or 7d, 1w, period): act on an alert, by the ID in its brackets",
		"• /spend export: the billing period as CSV",
		"Only you see the answer; Share shows it to the channel. Days are UTC. Slack does not allow commands inside threads.",
	}
}

// unknown repeats what was typed and offers what was most likely meant: a name
// that is known, else a word.
func unknown(q Query, near string) []string {
	what := "/spend does not know " + quoted(q.Name) + "."
	if q.Ask == AskWhy {
		what = "No rule is called " + quoted(q.Name) + "."
	}
	if q.Ask == AskNamed && near == "" {
		near = guess(q.Name)
	}
	if near != "" {
		what += " Did you mean " + quoted(near) + "?"
	}
	return append([]string{what}, examples()...)
}

// guess is what was most likely meant by words that /spend does not know: by
// all of them, else by the first.
func guess(typed string) string {
	first, _, _ := strings.Cut(typed, " ")
	if strings.EqualFold(first, "by") {
		return "by service"
	}
	for _, words := range []string{typed, first} {
		if near, ok := rules.Nearest(words, guesses()); ok {
			return near
		}
	}
	return ""
}

// wrong repeats what was typed, says what it lacks, and offers what was most
// likely meant, with examples. open is the IDs of the alerts that are on, the
// gravest first.
func wrong(q Query, open []string) []string {
	near := q.Near
	if near == "" {
		near = nearestAlert(q, open)
	}
	what := quoted(q.Typed) + ": " + q.Wrong + " Did you mean " + quoted(near) + "?"
	return append([]string{what}, usage(q, open)...)
}

// nearestAlert is what was most likely meant by a command without an alert: that
// about the one whose ID is near, or the only one; else the list of them.
func nearestAlert(q Query, open []string) string {
	near, ok := rules.Nearest(q.Name, open)
	switch {
	case ok:
		return string(q.Ask) + " " + near
	case len(open) == 1:
		return string(q.Ask) + " " + open[0]
	case q.Ask == AskWhy:
		return "budgets" // which names the rules
	}
	return "alerts"
}

func usage(q Query, open []string) []string {
	id := "ID"
	switch {
	case alertID.MatchString(q.Name):
		id = q.Name
	case len(open) > 0:
		id = open[0]
	}
	switch q.Ask {
	case AskBy:
		return []string{"Try:", "• /spend by service", "• /spend by zone week", "• /spend by account"}
	case AskWhy:
		return []string{"Try:", "• /spend why RULE (its name in the rules file)", "• /spend why " + id + " (an alert)", "• /spend budgets"}
	}
	return []string{"Try:", "• /spend alerts", "• /spend ack " + id, "• /spend snooze " + id + " 24h"}
}

func examples() []string {
	return []string{"Try:", "• /spend", "• /spend by service", "• /spend help"}
}

func quoted(typed string) string { return "“" + report.Name(typed, 75) + "”" }
