package report

import (
	"slices"

	"github.com/billbot/billbot/rules"
)

// WelcomeTitle is the first message of an account in one line: "billbot now
// watches production", and what is on already: "1 budget is over, 1 spike is
// on".
func WelcomeTitle(w Welcome) string {
	title := "billbot now watches " + name(w.Account)
	over, past, heading := 0, 0, 0
	for _, o := range w.Passed {
		switch {
		case o.Over:
			over++
		case o.Kind == rules.KindForecast:
			heading++
		default:
			past++
		}
	}
	on := joined([]string{
		some(over, "budget", "over"), some(heading, "budget", "heading over"), some(past, "budget", "past a line"), some(len(w.Spikes), "spike", "on"),
		some(len(w.Doubts), "doubt", "open"),
	}, ", ")
	return joined([]string{title, on}, ": ")
}

// some says how many things are so: "2 budgets are over". It is "" for none.
func some(n int, thing, so string) string {
	if n == 0 {
		return ""
	}
	return count(n, thing) + noun(n, " is ", " are ") + so
}

// WelcomeSpend says what the account has cost so far, or that nothing is known
// yet.
func WelcomeSpend(w Welcome) string {
	if w.Through.IsZero() {
		return "No data yet. The first charges appear about a day after they arise."
	}
	return periodLine(w.ToDate, w.Currency, w.Period, nil, w.Through)
}

// WelcomeLines is what a welcome says below its spend, in groups of lines with
// a heading each: what is on already, where the other budgets stand, and what
// is watched. Groups without a line are left out.
func WelcomeLines(w Welcome) []Lines {
	on := w.on()
	groups := []Lines{
		{Heading: "Already on"},
		{Heading: "Budgets now", Lines: budgetLines(w.Budgets, on)},
		{Heading: "What is watched"},
	}
	for _, o := range on {
		groups[0].Lines = append(groups[0].Lines, o.emoji()+" "+Name(o.Text, textRunes))
	}
	for _, rule := range w.Rules {
		groups[2].Lines = append(groups[2].Lines, bullet(Name(rule, textRunes)))
	}
	return slices.DeleteFunc(groups, func(g Lines) bool { return len(g.Lines) == 0 })
}

// Lines is a heading and the lines below it.
type Lines struct {
	Heading string
	Lines   []string
}

// WelcomeLine is a whole welcome in one line.
func WelcomeLine(w Welcome) string {
	return WelcomeTitle(w) + ". " + capital(count(len(w.Rules), "rule")) + ". " + WelcomeSpend(w)
}
