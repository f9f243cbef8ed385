package report

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/billbot/billbot/fetcher"
	"github.com/billbot/billbot/rules"
	"github.com/shopspring/decimal"
)

// SummaryTitle is the verdict of a summary, in one line without a final full
// stop: "Summary for Wed 13 May: 1 alert open".
func SummaryTitle(s Summary) string {
	return "Summary for " + s.day() + ": " + s.verdict()
}

// day is the summary's local date, for people. A date that is no date is shown
// as it is.
func (s Summary) day() string {
	day, err := fetcher.ParseDay(s.Date)
	if err != nil {
		return Name(s.Date, 10)
	}
	return DayName(day, 0)
}

func (s Summary) verdict() string {
	var open, movers, doubtful, silent int
	for _, a := range s.Accounts {
		open += len(a.Open)
		movers += len(a.Movers)
		switch {
		case a.Trust.Verdict == fetcher.Untrusted:
			doubtful++
		case a.Day.IsZero():
			silent++
		}
	}
	var parts []string
	if open > 0 {
		parts = append(parts, count(open, "alert")+" open")
	}
	if doubtful > 0 {
		parts = append(parts, count(doubtful, "account")+" without trusted data")
	}
	if silent > 0 {
		parts = append(parts, count(silent, "account")+" without data yet")
	}
	if movers > 0 && open == 0 {
		parts = append(parts, count(movers, "unusual service"))
	}
	if len(parts) == 0 {
		return "nothing unusual"
	}
	return strings.Join(parts, ", ")
}

// SummaryLine is a whole summary in one line: the verdict and what was spent.
func SummaryLine(s Summary) string {
	line := SummaryTitle(s) + "."
	if len(s.Accounts) == 1 {
		a := s.Accounts[0]
		return joined([]string{line, a.spentLine() + ".", a.toDateLine()}, " ")
	}
	sums := map[string]decimal.Decimal{}
	accounts := map[string]bool{} // one billed in several currencies has several parts
	for _, a := range s.Accounts {
		accounts[a.Account] = true
		sums[a.Currency] = sums[a.Currency].Add(a.ToDate)
	}
	if sum := together(sums); sum != "" {
		line += " " + capital(count(len(accounts), "account")) + ", " + sum + " so far in their billing periods."
	}
	return line
}

// together writes sums of several currencies, each by itself: "$12.40 and
// €3.00".
func together(sums map[string]decimal.Decimal) string {
	var texts []string
	for currency, sum := range sums {
		texts = append(texts, Money(sum, currency))
	}
	slices.Sort(texts)
	return strings.Join(texts, " and ")
}

// AccountTitle is one account's line of a summary: what its newest day cost.
func AccountTitle(a AccountSummary) string { return a.spentLine() }

func (a AccountSummary) spentLine() string {
	if a.Day.IsZero() {
		return name(a.Account) + ": no data yet"
	}
	return fmt.Sprintf("%s: %s on %s, usually %s", name(a.Account),
		Money(a.Cost, a.Currency), DayName(a.Day, 0), Money(a.Usual, a.Currency))
}

// AccountLines is what a summary says about one account below its title:
// movers, the period, budgets, open alerts and doubts about the data, a line
// each. A quiet account has the line of its period alone.
func AccountLines(a AccountSummary) []string {
	var lines []string
	for _, o := range a.Open {
		lines = append(lines, openLine(o))
	}
	for _, m := range a.Movers {
		lines = append(lines, moverLine(m, a.Currency))
	}
	if line := a.toDateLine(); line != "" {
		lines = append(lines, line)
	}
	if !a.Quiet {
		for _, b := range a.Budgets {
			lines = append(lines, BudgetText(b))
		}
	}
	if doubt := a.doubt(); doubt != "" {
		lines = append(lines, doubt)
	}
	return lines
}

func openLine(o OpenAlert) string {
	line := "Open"
	if o.Severity != "" {
		line += " (" + Name(string(o.Severity), 10) + ")"
	}
	return line + ": " + Name(o.Text, textRunes) + " [" + Name(o.ID, 16) + "]"
}

func moverLine(m Mover, currency string) string {
	direction := "Down"
	if m.Cost.GreaterThan(m.Usual) {
		direction = "Up"
	}
	line := direction + ": " + name(m.Service) + " " + Money(m.Cost, currency) + ", usually " + Money(m.Usual, currency)
	if times := Times(m.Cost, m.Usual); times != "" && direction == "Up" {
		line += " (" + times + ")"
	}
	return line
}

func (a AccountSummary) toDateLine() string {
	if a.Day.IsZero() {
		return ""
	}
	return periodLine(a.ToDate, a.Currency, a.Period, a.Forecast, a.Day)
}

// periodLine says what a period has cost and will cost.
func periodLine(toDate decimal.Decimal, currency string, p fetcher.Period, f *Forecast, through fetcher.Day) string {
	line := Money(toDate, currency) + " so far in " + PeriodName(p, through)
	if f == nil {
		return line + "."
	}
	return line + ", about " + Money(f.Total, currency) + " by its end (" +
		Money(f.Lo, currency) + " to " + Money(f.Hi, currency) + ")."
}

// BudgetText says where a budget stands: "Budget d1: 64% of $25.00 ($16.00), 1
// May to 31 May". It stands below a line that names the billing period, and
// leaves that out.
func BudgetText(b BudgetLine) string {
	text := "Budget " + name(b.Rule)
	switch {
	case b.Subject.Service != "":
		text += " for " + name(b.Subject.Service)
	case b.Subject.Zone != "":
		text += " for " + name(b.Subject.Zone)
	}
	text += ": "
	if share := Percent(b.Spent, b.Limit); share != "" {
		text += share + " of " + Money(b.Limit, b.Currency) + " (" + Money(b.Spent, b.Currency) + ")"
	} else {
		text += Money(b.Spent, b.Currency) + " of " + Money(b.Limit, b.Currency)
	}
	if b.Kind == rules.ByBillingPeriod || b.Period == (fetcher.Period{}) {
		return text
	}
	return text + ", " + PeriodName(b.Period, b.Period.End)
}

func (a AccountSummary) doubt() string { return doubt(a.Trust, a.LastTrusted) }

// doubt says why the newest answer is not believed, and how old the last one
// that was is. It is "" when all is well.
func doubt(t fetcher.Trust, last time.Time) string {
	if t.OK() || t.Verdict == "" {
		return ""
	}
	text := "The newest answer could not be trusted"
	if t.Verdict == fetcher.NoData {
		text = "No new data"
	}
	if t.Reason != "" {
		text += ": " + Name(t.Reason, textRunes)
	}
	if last.IsZero() {
		return text + "."
	}
	return text + ". Last trusted answer: " + last.UTC().Format("Mon 2 Jan 15:04 MST") + "."
}
