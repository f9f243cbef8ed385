package report

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/billbot/billbot/rules"
	"github.com/shopspring/decimal"
)

// Home is what a person sees who opens billbot in Slack: how things stand.
type Home struct {
	Summary  Summary       // of the newest days
	Alerts   []rules.Alert // those that are on, the gravest first
	Schedule []string      // when billbot does what, a line each
}

// HomeOf says how things stand at a moment. totals is of the rules across
// accounts, together their alerts.
func HomeOf(r *rules.Rules, accounts []Watched, totals Totals, together []rules.Alert, now time.Time) Home {
	h := Home{Summary: SummaryOf(r, accounts, totals, now.In(zoneOf(r)).Format(time.DateOnly), now), Schedule: scheduleLines(r)}
	all := slices.Clone(together)
	for _, w := range accounts {
		all = append(all, w.Alerts...)
	}
	h.Alerts = slices.DeleteFunc(all, func(a rules.Alert) bool { return !a.On() })
	slices.SortStableFunc(h.Alerts, func(a, b rules.Alert) int {
		return cmp.Or(b.Finding.Severity.Compare(a.Finding.Severity), b.Since.Compare(a.Since))
	})
	return h
}

func zoneOf(r *rules.Rules) *time.Location {
	if r.Timezone == nil {
		return time.UTC
	}
	return r.Timezone
}

// HomeTitle is the verdict: "2 alerts open".
func HomeTitle(h Home) string {
	if len(h.Summary.Accounts) == 0 {
		return "Nothing has been read yet"
	}
	return capital(h.Summary.verdict())
}

// HomeBudgets shows every budget with a bar, an account after the other:
// "▓▓▓▓▓▓▓▓░░ Budget d1: $16.00 of $20.00 (80%)".
func HomeBudgets(h Home) []string {
	var lines []string
	add := func(account string, budgets []BudgetLine) {
		for _, b := range budgets {
			line := bar(b.Spent, b.Limit) + " " + budgetLine(b)
			if account != "" && len(h.Summary.Accounts) > 1 {
				line += " · " + name(account)
			}
			lines = append(lines, line)
		}
	}
	add("", h.Summary.Totals.Budgets)
	for _, a := range h.Summary.Accounts {
		add(a.Account, a.Budgets)
	}
	return lines
}

// barCells is how long a bar is.
const barCells = 10

// bar shows a part of a whole. It is full only when all of it is used.
func bar(part, whole decimal.Decimal) string {
	full := 0
	switch {
	case !whole.IsPositive() || !part.IsPositive():
	case part.GreaterThanOrEqual(whole):
		full = barCells
	default:
		full = int(part.Mul(decimal.NewFromInt(barCells)).DivRound(whole, 2).IntPart())
	}
	full = min(full, barCells)
	return strings.Repeat("▓", full) + strings.Repeat("░", barCells-full)
}

// HomeAccounts says where each account stands and how far its data goes.
func HomeAccounts(h Home) []string {
	var lines []string
	for _, a := range h.Summary.Accounts {
		texts := []string{a.spentLine() + "."}
		if !a.isZero() {
			texts = append(texts, a.toDateLine())
		}
		texts = append(texts, a.reading().line())
		if !a.Day.IsZero() {
			texts = append(texts, stop(DataLine(a.Day)))
		}
		lines = append(lines, bullet(joined(texts, " ")))
	}
	return lines
}

// scheduleLines says when billbot does what.
func scheduleLines(r *rules.Rules) []string {
	lines := []string{"Bills are asked for every " + span(r.Poll) + "."}
	for _, s := range r.Summaries {
		at := time.Time{}.Add(s.At).Format("15:04") + " " + zoneOf(r).String()
		switch s.Every {
		case rules.EveryWeek:
			lines = append(lines, "Summary of the week on Mondays at "+at+".")
		case rules.EveryMonth:
			lines = append(lines, "Summary of the month on the 1st at "+at+".")
		case rules.EveryBillingPeriod:
			lines = append(lines, "Close of a billing period six days after its end at "+at+".")
		default:
			lines = append(lines, "Summary every day at "+at+".")
		}
	}
	return lines
}

// span writes an interval as the rules file does: "1h", "1h30m".
func span(d time.Duration) string {
	text := strings.TrimSuffix(d.String(), "0s")
	if strings.HasSuffix(text, "h0m") {
		text = strings.TrimSuffix(text, "0m")
	}
	return text
}
