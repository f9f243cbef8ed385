package report

import (
	"fmt"
	"slices"
	"strings"

	"github.com/billbot/billbot/fetcher"
	"github.com/billbot/billbot/rules"
	"github.com/shopspring/decimal"
)

// SummaryTitle is the verdict of a summary, in one line without a final full
// stop: "Summary for Wed 13 May: 1 alert open".
func SummaryTitle(s Summary) string {
	switch s.Every {
	case rules.EveryWeek:
		return "Week " + s.spanName() + ": " + s.verdict()
	case rules.EveryMonth:
		return "Month " + s.spanName() + ": " + s.verdict()
	}
	return "Summary for " + s.day() + ": " + s.verdict()
}

func (s Summary) spanName() string {
	if s.Span == nil {
		return "to " + s.day()
	}
	return PeriodName(*s.Span, 0)
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

// verdict never says that nothing is unusual while something could not be
// seen.
func (s Summary) verdict() string {
	open, movers, billable := len(s.Totals.Open), 0, 0
	var readings []reading
	silent := map[string]bool{}
	for _, a := range s.Accounts {
		open += len(a.Open)
		movers += len(a.Movers)
		billable += len(a.Billable)
		readings = append(readings, a.reading())
		if a.Day.IsZero() && a.reading().trouble() == noTrouble {
			silent[a.Account] = true
		}
	}
	var parts []string
	if open > 0 {
		parts = append(parts, count(open, "alert")+" open")
	}
	parts = append(parts, troubles(readings)...)
	if len(silent) > 0 {
		parts = append(parts, count(len(silent), "account")+" without data yet")
	}
	if movers > 0 && open == 0 {
		parts = append(parts, count(movers, "unusual service"))
	}
	if billable > 0 && open == 0 {
		parts = append(parts, count(billable, "service")+" billed now")
	}
	if len(parts) == 0 {
		return "nothing unusual"
	}
	return strings.Join(parts, ", ")
}

// lineBudgets is how many budgets a summary of one line has room for.
const lineBudgets = 2

// SummaryLine is a whole summary in one line: the verdict and what was spent.
func SummaryLine(s Summary) string {
	line := SummaryTitle(s) + "."
	if len(s.Accounts) == 1 {
		a := s.Accounts[0]
		texts := []string{line, a.spentLine() + "."}
		if !a.isZero() {
			texts = append(texts, a.toDateLine())
		}
		for _, b := range a.Budgets[:min(len(a.Budgets), lineBudgets)] {
			texts = append(texts, BudgetText(b)+".")
		}
		return joined(append(texts, a.reading().line()), " ")
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
	switch {
	case a.Day.IsZero() && a.Failure != "":
		return name(a.Account) + ": could not be read" + a.reading().since()
	case a.Day.IsZero():
		return name(a.Account) + ": no data yet"
	case a.isZero() && a.Span == nil:
		return name(a.Account) + ": " + strings.TrimSuffix(periodLine(a.ToDate, a.Currency, a.Period, nil, a.Day), ".")
	}
	if a.Span != nil {
		return a.spanLine()
	}
	return fmt.Sprintf("%s: %s on %s, usually %s", name(a.Account),
		Money(a.Cost, a.Currency), DayName(a.Day, 0), Money(a.Usual, a.Currency))
}

// isZero reports whether the account costs nothing, and did not before.
func (a AccountSummary) isZero() bool {
	return isNothing(a.Cost) && isNothing(a.Usual) && isNothing(a.ToDate)
}

// isNothing reports whether an amount is shown as zero.
func isNothing(amount decimal.Decimal) bool { return Money(amount.Abs(), "") == "0.00" }

// AccountLines is what a summary says about one account below its title: open
// alerts, movers, the period, budgets that no alert tells of, and doubts about
// the data, a line each. An account that costs nothing has no line of its
// period.
func AccountLines(a AccountSummary) []string {
	var lines []string
	for _, o := range a.Open {
		lines = append(lines, openLine(o))
	}
	for _, m := range a.Movers {
		lines = append(lines, bullet(moverLine(m, a.Currency, a.usually())))
	}
	for _, n := range a.Billable {
		lines = append(lines, bullet(billableLine(n, a)))
	}
	if line := a.toDateLine(); line != "" && !a.isZero() {
		lines = append(lines, bullet(line))
	}
	lines = append(lines, budgetLines(a.Budgets, a.Open)...)
	if doubt := a.reading().line(); doubt != "" {
		lines = append(lines, bullet(doubt))
	}
	return lines
}

// TotalsLines is what a summary says about the rules across accounts, a line
// each.
func TotalsLines(t Totals) []string {
	var lines []string
	for _, o := range t.Open {
		lines = append(lines, openLine(o))
	}
	return append(lines, budgetLines(t.Budgets, t.Open)...)
}

func bullet(text string) string { return "• " + text }

// openLine names an open alert; its emoji stands in place of a bullet.
func openLine(o OpenAlert) string { return openLineIn(o, "") }

// openLineIn names an open alert, and its account unless that is "".
func openLineIn(o OpenAlert, account string) string {
	line := o.emoji() + " " + Name(o.Text, textRunes)
	if account != "" {
		line += " (" + name(account) + ")"
	}
	line += " [" + Name(o.ID, 16) + "]"
	if o.Standing != "" {
		line += ", " + Name(o.Standing, textRunes)
	}
	return line
}

// budgetLines says where budgets stand, except for those that an open alert
// says already.
func budgetLines(budgets []BudgetLine, open []OpenAlert) []string {
	var lines []string
	for _, b := range budgets {
		told := slices.ContainsFunc(open, func(o OpenAlert) bool {
			return o.ofBudget() && o.Rule == b.Rule && o.Subject == b.Subject && o.Amount.Equal(b.Spent)
		})
		if !told {
			lines = append(lines, bullet(budgetLine(b)))
		}
	}
	return lines
}

// usually is what a mover's usual cost is: of a span, that of the one before.
func (a AccountSummary) usually() string {
	if a.Span == nil {
		return "usually"
	}
	return "before that"
}

func moverLine(m Mover, currency, usually string) string {
	direction := "Down"
	if m.Cost.GreaterThan(m.Usual) {
		direction = "Up"
	}
	line := direction + ": " + name(m.Service) + " " + Money(m.Cost, currency) + ", " + usually + " " + Money(m.Usual, currency)
	if times := Times(m.Cost, m.Usual); times != "" && direction == "Up" {
		line += " (" + times + ")"
	}
	return line
}

// billableLine says that a service that was free is billed now.
func billableLine(n Billable, a AccountSummary) string {
	before := "free until now"
	if n.New {
		before = "not used before"
	}
	line := "Billed now: " + name(n.Service) + ", " + before + ", " + Money(n.Cost, a.Currency) + " so far"
	if n.Projected.Equal(n.Cost) {
		return line // nothing is foreseen, or no more
	}
	return line + ", about " + Money(n.Projected, a.Currency) + " by " + date(n.End, a.Day)
}

func (a AccountSummary) toDateLine() string {
	if a.Day.IsZero() {
		return ""
	}
	f := a.Forecast
	if a.reading().trouble() != noTrouble {
		f = nil // nobody knows what the newest days cost
	}
	return periodLine(a.ToDate, a.Currency, a.Period, f, a.Day)
}

// periodLine says what a period has cost and will cost; of one whose last day
// is known nothing is left to forecast.
func periodLine(toDate decimal.Decimal, currency string, p fetcher.Period, f *Forecast, through fetcher.Day) string {
	switch {
	case p.Start.IsZero():
		return "Nothing is billed in a period that is open."
	case through >= p.End:
		return Money(toDate, currency) + " in " + PeriodName(over(p), through) + ", which has ended."
	}
	line := Money(toDate, currency) + " so far in " + PeriodName(p, through)
	if f == nil {
		return line + "."
	}
	return line + ", " + f.text(currency, "its end") + ". " + capital(forecastFrom(p, through)) + "."
}

// forecastFrom says on how much of a period a forecast rests: "forecast from
// day 12 of 31".
func forecastFrom(p fetcher.Period, through fetcher.Day) string {
	return fmt.Sprintf("forecast from day %d of %d", through-p.Start+1, p.Days())
}

// text says what will be spent by a day: "about $61.00 by its end ($52.00 to
// $70.00)". While a service runs away both ends are told and neither is likely:
// "about $2,100.00 by its end if D1 goes on like this, $102.00 if it is fixed
// now".
func (f Forecast) text(currency, by string) string {
	if f.GoesOn == nil {
		return "about " + Money(f.Total, currency) + " by " + by + f.band(currency)
	}
	it, goes := "it is", "goes"
	if len(f.Incident) > 1 {
		it, goes = "they are", "go"
	}
	return "about " + Money(*f.GoesOn, currency) + " by " + by + " if " + runaways(f.Incident) + " " + goes + " on like this, " +
		Money(f.Lo, currency) + " if " + it + " fixed now"
}

// expected is the one number where there is room for one: if nothing changes.
func (f Forecast) expected() decimal.Decimal {
	if f.GoesOn != nil {
		return *f.GoesOn
	}
	return f.Total
}

// runaways names the services that run away: "D1", "D1 and KV", "D1 and 2
// others".
func runaways(services []string) string {
	switch len(services) {
	case 1:
		return name(services[0])
	case 2:
		return name(services[0]) + " and " + name(services[1])
	}
	return name(services[0]) + " and " + count(len(services)-1, "other")
}

// BudgetText says where a budget stands: "Budget d1: $16.00 of $25.00 (64%), 1
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
	if b.Billed != "" {
		return text + ": not judged, it is in " + Name(b.Currency, 3) + " and the charges are in " + Name(b.Billed, 3)
	}
	if b.Unjudged != "" {
		return text + ": " + UnjudgedText(b.Unjudged)
	}
	text += ": " + against(scale{b.Currency, b.Unit, b.Quantity}, b.Spent, b.Limit)
	if b.Kind == rules.ByBillingPeriod || b.Period == (fetcher.Period{}) {
		return text
	}
	return text + ", " + PeriodName(b.Period, b.Period.End)
}
