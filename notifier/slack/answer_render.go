package slack

import (
	"slices"
	"strconv"
	"strings"

	"github.com/billbot/billbot/notifier/slack/blockkit"
	"github.com/billbot/billbot/rules/report"
)

// How many lines an answer names things on; the others are counted.
const (
	topParts     = 10
	topMovements = 5
	topAlerts    = 20
	topWhy       = 3 // explained in full
	topVerdicts  = 10
)

// render lays out what is known of a query, verdict first.
func render(q Query, a report.Answer) Message {
	several := len(a.Spends) > 1
	switch q.Ask {
	case AskSpan, AskBy:
		return listed("💵", report.BreakdownTitle(*a.Breakdown), report.BreakdownLines(*a.Breakdown, topParts))
	case AskTop:
		return renderMovements(a.Spends, several)
	case AskBudgets:
		return renderBudgets(a.Budgets)
	case AskAlerts:
		return renderAlerts(a.Alerts, a.Several)
	case AskForecast:
		return renderForecast(a.Spends)
	case AskWhy:
		return renderWhy(q.Name, a.Why)
	case AskExport:
		return renderCSV(a.CSV, a.Rows)
	}
	return RenderSpend(a.Spends)
}

// listed is a verdict above lines, as many as a message has room for.
func listed(emoji, title string, below []string) Message {
	var p page
	p.add(header(emoji + " " + title))
	for len(below) > 0 {
		n := fitting(below)
		if !p.fits(lines(below[:n]...)) {
			p.add(lines("… and " + strconv.Itoa(len(below)) + " more lines."))
			break
		}
		below = below[n:]
	}
	return Message{Text: marked(title, maxText), Blocks: p.blocks}
}

// fitting is how many lines one section takes; one at least.
func fitting(below []string) int {
	n, chars := 0, 0
	for n < len(below) {
		if chars += 5*len(below[n]) + 1; chars > blockkit.MaxSection && n > 0 {
			break
		}
		n++
	}
	return n
}

func renderMovements(spends []report.Spend, several bool) Message {
	var below []string
	for _, m := range report.Movements(spends, topMovements) {
		below = append(below, m.Line(several))
	}
	if len(below) == 0 {
		below = []string{"Every service is as usual."}
	}
	return listed("📈", report.MovementsTitle(spends), append(below, data(spends)))
}

// data says how far the data of all accounts goes.
func data(spends []report.Spend) string {
	var summaries []report.AccountSummary
	for _, s := range spends {
		summaries = append(summaries, report.AccountSummary{Day: s.Through})
	}
	return summaryData(summaries)
}

func renderBudgets(budgets []report.BudgetLine) Message {
	several := slices.ContainsFunc(budgets, func(b report.BudgetLine) bool { return b.Subject.Account != budgets[0].Subject.Account })
	var below []string
	for _, b := range budgets {
		line := "• " + report.BudgetText(b)
		if account := b.Subject.Account; several && account != "" {
			line += ", " + report.Name(account, 60)
		}
		below = append(below, line)
	}
	return listed("🎯", report.BudgetsTitle(budgets), below)
}

func renderAlerts(open []report.OpenAlert, several bool) Message {
	var below []string
	for _, o := range open[:min(len(open), topAlerts)] {
		below = append(below, report.AlertLine(o, several))
	}
	return listed("🔔", report.AlertsTitle(open), append(below, more(len(open)-len(below))))
}

func renderForecast(spends []report.Spend) Message {
	if len(spends) == 0 {
		return RenderSpend(nil)
	}
	var p page
	title := report.SpendHeadline(spends)
	p.add(header("🔮 " + title))
	left := 0
	for _, s := range spends {
		block := titled(report.SpendTitle(s), report.ForecastLine(s))
		if len(spends) == 1 {
			block = lines(report.ForecastLine(s))
		}
		if left > 0 || block != nil && !p.fits(block) {
			left++
		}
	}
	p.add(lines(leftOut(left)), footer(data(spends)))
	return Message{Text: marked(title, maxText), Blocks: p.blocks}
}

// renderWhy lays out explanations, what is over its line first.
func renderWhy(rule string, why []report.Explanation) Message {
	if len(why) == 0 {
		return say("Rule "+quoted(rule)+" has nothing to judge.", "Nothing that it watches was billed in a period that is still open.")
	}
	var p page
	title, _ := why[0].Words()
	p.add(header("🔎 " + title))
	over := 1 // the first at least, over or not
	for over < min(len(why), topWhy) && why[over].Over {
		over++
	}
	full := 0
	for _, x := range why[:over] {
		verdict, below := x.Words()
		block := titled(verdict, below...)
		if full == 0 {
			block = lines(below...)
		}
		if !p.fits(block) {
			break
		}
		full++
	}
	p.fits(lines(verdicts(rule, why[full:])...))
	return Message{Text: marked(title, maxText), Blocks: p.blocks}
}

// verdicts is a line for each of what is not explained in full.
func verdicts(rule string, why []report.Explanation) []string {
	var below []string
	for _, x := range why[:min(len(why), topVerdicts)] {
		verdict, _ := x.Words()
		below = append(below, "• "+verdict)
	}
	if len(why) > 0 {
		below = append(below, strings.TrimPrefix(more(len(why)-len(below))+" billbot explain "+report.Name(rule, 60)+" tells all.", " "))
	}
	return below
}

// more counts what is left out; "" when nothing is.
func more(n int) string {
	if n == 0 {
		return ""
	}
	return "… and " + strconv.Itoa(n) + " more."
}
