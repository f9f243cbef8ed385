package report

import (
	"slices"
	"strconv"

	"github.com/shopspring/decimal"
)

// Answer is what is known of what somebody asked. Which of its fields are set
// follows from what was asked.
type Answer struct {
	Spends    []Spend       // of all accounts
	Breakdown *Breakdown    // of days
	Budgets   []BudgetLine  // where the budgets stand
	Alerts    []OpenAlert   // that are on, the gravest first
	Several   bool          // there are several accounts, so that Alerts name theirs
	Why       []Explanation // of a rule
	CSV       string        // of the billing periods
	Rows      int           // of CSV

	// Unknown says that the rule that was named is not known; Near is the known
	// one that was most likely meant, "" if none is near.
	Unknown bool
	Near    string
}

// Movement is how far a service of an account is from what is usual for it.
type Movement struct {
	Mover
	Account, Currency string
}

// Movements is the services furthest from usual on each account's newest day,
// up or down, at most top of them.
func Movements(spends []Spend, top int) []Movement {
	var moved []Movement
	for _, s := range spends {
		for _, v := range s.Services {
			m := Movement{Mover{v.Service, v.Newest, v.Usual}, s.Account, s.Currency}
			if !isNothing(m.distance()) {
				moved = append(moved, m)
			}
		}
	}
	slices.SortStableFunc(moved, func(a, b Movement) int { return b.distance().Cmp(a.distance()) })
	return moved[:min(len(moved), top)]
}

// MovementsTitle is the verdict on the movers: how the newest day compares.
func MovementsTitle(spends []Spend) string {
	newest, usual := map[string]decimal.Decimal{}, map[string]decimal.Decimal{}
	for _, s := range spends {
		for _, v := range s.Services {
			newest[s.Currency] = newest[s.Currency].Add(v.Newest)
			usual[s.Currency] = usual[s.Currency].Add(v.Usual)
		}
	}
	if len(newest) == 0 {
		return "No data yet"
	}
	return "Newest day: " + together(newest) + ", usually " + together(usual)
}

// Line tells a movement in a line, with its account where there are several.
func (m Movement) Line(several bool) string {
	line := moverLine(m.Mover, m.Currency, "usually")
	if several {
		line += ", " + name(m.Account)
	}
	return bullet(line)
}

// ServiceLines tells what services cost, a line for each of them in each
// account and currency, dearest first.
func ServiceLines(spends []Spend, services []string) []string {
	type costly struct {
		cost decimal.Decimal
		line string
	}
	var found []costly
	for _, s := range spends {
		for _, v := range s.Services {
			if slices.Contains(services, v.Service) {
				found = append(found, costly{v.Period, s.partLine(v, len(services) > 1)})
			}
		}
	}
	slices.SortStableFunc(found, func(a, b costly) int { return b.cost.Cmp(a.cost) })
	var lines []string
	for _, f := range found {
		lines = append(lines, bullet(f.line))
	}
	return lines
}

// partLine tells a service's part of an account, with its name where there
// are several.
func (s Spend) partLine(v ServiceSpend, named bool) string {
	line := name(s.Account) + ": "
	if named {
		line += name(v.Service) + " "
	}
	line += Money(v.Period, s.Currency) + " of " + Money(s.Total, s.Currency) + " so far"
	if s.Total.IsPositive() && v.Period.IsPositive() {
		line += " (" + Percent(v.Period, s.Total) + ")"
	}
	return line + "; " + Money(v.Newest, s.Currency) + " on " + DayName(s.Through, 0) + ", usually " + Money(v.Usual, s.Currency) + " a day"
}

// ServiceTitle is the verdict on services: "D1 - Rows Read: $18.20 so far", or,
// of several that were asked for by one word, "d1: $22.10 so far in 2
// services".
func ServiceTitle(spends []Spend, services []string, word string) string {
	sums := map[string]decimal.Decimal{}
	for _, s := range spends {
		for _, v := range s.Services {
			if slices.Contains(services, v.Service) {
				sums[s.Currency] = sums[s.Currency].Add(v.Period)
			}
		}
	}
	if len(services) == 1 {
		return name(services[0]) + ": " + together(sums) + " so far"
	}
	return name(word) + ": " + together(sums) + " so far in " + count(len(services), "service")
}

// AlertsTitle is the verdict on what is open: "2 alerts open".
func AlertsTitle(open []OpenAlert) string {
	if len(open) == 0 {
		return "No alert is open"
	}
	return count(len(open), "alert") + " open"
}

// AlertLine names an open alert with its ID, and where there are several
// accounts with its own, if it is of one.
func AlertLine(o OpenAlert, several bool) string {
	if !several {
		return openLine(o)
	}
	return openLineIn(o, o.Subject.Account)
}

// BudgetsTitle is the verdict on budgets: how many are over.
func BudgetsTitle(budgets []BudgetLine) string {
	over, unjudged := 0, 0
	for _, b := range budgets {
		switch {
		case b.Billed != "" || b.Unjudged != "":
			unjudged++
		case b.Spent.GreaterThanOrEqual(b.Limit):
			over++
		}
	}
	title := "none of " + count(len(budgets), "budget") + " is over"
	switch {
	case len(budgets) == 0:
		return "No budget is being watched"
	case over > 0:
		title = strconv.Itoa(over) + " of " + count(len(budgets), "budget") + " over"
	}
	if unjudged > 0 {
		title += ", " + strconv.Itoa(unjudged) + " cannot be judged"
	}
	return capital(title)
}

// ForecastLine says where an account's billing period leads.
func ForecastLine(s Spend) string {
	if s.Through.IsZero() {
		return ""
	}
	if s.Forecast == nil && s.Through < s.Period.End {
		return s.periodLine() + " It is too early for a forecast."
	}
	return s.periodLine()
}

// Words is an explanation for people: its verdict, then a line for each figure
// the rule went by and for each thing that held it back.
func (e Explanation) Words() (verdict string, lines []string) {
	for _, in := range e.Inputs {
		lines = append(lines, bullet(Name(in.Name, nameRunes)+": "+Name(in.Text, textRunes)))
	}
	for _, why := range e.Held {
		lines = append(lines, bullet("held back: "+Name(why, textRunes)))
	}
	return e.subject() + ": " + e.verdict(), append(lines, DataLine(e.Day))
}
