package slack

import (
	"strconv"

	"github.com/billbot/billbot/fetcher"
	"github.com/billbot/billbot/rules/report"
)

// renderSummary lays out a regular summary: accounts with something to say
// first, each with its lines, then the quiet ones. The table and the chart are
// of the services of one account, below it, or of several accounts, above them.
func renderSummary(s report.Summary) Message {
	text := marked(report.SummaryLine(s), maxText)
	var p page
	if s.Short {
		p.add(lines("📊 " + report.SummaryLine(s)))
		return Message{Text: text, Blocks: p.blocks}
	}
	p.add(header("📊 " + report.SummaryTitle(s)))
	if totals := report.TotalsLines(s.Totals); len(totals) > 0 {
		p.fits(titled("All accounts together", totals...))
	}
	one := len(s.Accounts) == 1
	table, chart := tableBlock(report.SummaryTable(s)), chartBlock(s.Chart)
	if !one {
		p.fits(table)
		p.fits(chart)
	}
	left, quiet := 0, 0
	for _, a := range quietLast(s.Accounts) {
		if one && table != nil {
			a.Movers = nil // the table names them
		}
		if a.Quiet {
			quiet++
		}
		if left > 0 || quiet > quietShown || !p.fits(titled(report.AccountTitle(a), report.AccountLines(a)...)) {
			left++
		}
	}
	if one {
		p.fits(table)
		p.fits(chart)
	}
	p.add(lines(leftOut(left)), footer(summaryData(s.Accounts)))
	return Message{Text: text, Blocks: p.blocks}
}

// quietShown is how many accounts a summary names about which there is nothing
// to say; the others are counted.
const quietShown = 5

func quietLast(accounts []report.AccountSummary) []report.AccountSummary {
	var loud, quiet []report.AccountSummary
	for _, a := range accounts {
		if a.Quiet {
			quiet = append(quiet, a)
		} else {
			loud = append(loud, a)
		}
	}
	return append(loud, quiet...)
}

// summaryData says how far the data goes: through the oldest newest day of the
// accounts that have any.
func summaryData(accounts []report.AccountSummary) string {
	var oldest fetcher.Day
	for _, a := range accounts {
		if !a.Day.IsZero() && (oldest.IsZero() || a.Day < oldest) {
			oldest = a.Day
		}
	}
	return report.DataLine(oldest)
}

// leftOut says how many accounts a message had no room for.
func leftOut(accounts int) string {
	switch accounts {
	case 0:
		return ""
	case 1:
		return "… and 1 more account."
	}
	return "… and " + strconv.Itoa(accounts) + " more accounts."
}

// renderWelcome lays out the first message about an account.
func renderWelcome(w report.Welcome) Message {
	var p page
	p.add(header(report.WelcomeEmoji(w)+" "+report.WelcomeTitle(w)), lines(report.WelcomeSpend(w)))
	for _, group := range report.WelcomeLines(w) {
		// The lines are plain text: in mrkdwn the stars of a rule's globs
		// would have to be replaced, and could not be copied.
		if below := lines(group.Lines...); p.room(titled(group.Heading), below) {
			p.add(titled(group.Heading), below)
		}
	}
	if !w.Through.IsZero() {
		p.add(footer(report.DataLine(w.Through)))
	}
	return Message{Text: marked(report.WelcomeLine(w), maxText), Blocks: p.blocks}
}

// topServices is how many services of an account /spend names.
const topServices = 5

func renderSpend(spends []report.Spend) Message {
	var p page
	if len(spends) == 0 {
		text := "No account has been read yet. Ask again after the first poll."
		p.add(lines(text))
		return Message{Text: text, Blocks: p.blocks}
	}
	title := report.SpendHeadline(spends)
	p.add(header("💵 " + title))
	left := 0
	for _, s := range spends {
		block := titled(report.SpendTitle(s), report.SpendLines(s, topServices)...)
		if len(spends) == 1 {
			block = lines(report.SpendLines(s, topServices)...)
		}
		if left > 0 || block != nil && !p.fits(block) {
			left++
		}
	}
	p.add(lines(leftOut(left)))
	return Message{Text: marked(title, maxText), Blocks: p.blocks}
}
