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
		"• /spend by service, by zone or by account; by service week for other days than the period",
		"• /spend NAME: one service or one account",
		"• /spend top: what is furthest from usual · /spend forecast · /spend budgets",
		"• /spend alerts: what is open · /spend why RULE or why ID: what a rule or an alert went by",
		"• /spend ack ID, /spend snooze ID 24h: act on an alert, by the ID in its brackets",
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

// wrong says what a query lacks.
func wrong(q Query) []string { return append([]string{q.Wrong}, usage(q.Ask)...) }

func usage(ask Ask) []string {
	switch ask {
	case AskBy:
		return []string{"Try:", "• /spend by service", "• /spend by zone week", "• /spend by account"}
	case AskWhy:
		return []string{"Try:", "• /spend why RULE (its name in the rules file)", "• /spend why ID (of an alert)", "• /spend budgets", "• /spend help"}
	}
	return []string{"Try:", "• /spend alerts", "• /spend ack ID", "• /spend snooze ID 24h"}
}

func examples() []string {
	return []string{"Try:", "• /spend", "• /spend by service", "• /spend help"}
}

func quoted(typed string) string { return "“" + report.Name(typed, 75) + "”" }
