package report

import "github.com/billbot/billbot/fetcher"

// WelcomeTitle is the first message of an account in one line: "billbot now
// watches production".
func WelcomeTitle(w Welcome) string { return "billbot now watches " + name(w.Account) }

// WelcomeSpend says what the account has cost so far, or that nothing is known
// yet.
func WelcomeSpend(w Welcome) string {
	if w.Through.IsZero() {
		return "No data yet. The first charges appear about a day after they arise."
	}
	return periodLine(w.ToDate, w.Currency, w.Period, nil, w.Through)
}

// WelcomeLines is what a welcome says below its spend, in groups of lines with
// a heading each. Groups without a line are left out.
func WelcomeLines(w Welcome) []Lines {
	groups := []Lines{
		{Heading: "What is watched", Lines: clean(w.Rules)},
		{Heading: "Budgets now"},
		{Heading: "Unusual in the last three days"},
	}
	for _, b := range w.Budgets {
		groups[1].Lines = append(groups[1].Lines, BudgetText(b))
	}
	for _, s := range w.Spikes {
		groups[2].Lines = append(groups[2].Lines, Name(s.Text, textRunes))
	}
	var said []Lines
	for _, g := range groups {
		if len(g.Lines) > 0 {
			said = append(said, g)
		}
	}
	return said
}

// Lines is a heading and the lines below it.
type Lines struct {
	Heading string
	Lines   []string
}

func clean(texts []string) []string {
	var cleaned []string
	for _, t := range texts {
		cleaned = append(cleaned, Name(t, textRunes))
	}
	return cleaned
}

// WelcomeLine is a whole welcome in one line.
func WelcomeLine(w Welcome) string {
	line := WelcomeTitle(w) + ": " + count(len(w.Rules), "rule") + ". " + WelcomeSpend(w)
	if n := len(w.Spikes); n > 0 {
		line += " " + capital(count(n, "unusual service")) + " in the last three days."
	}
	return line
}

// through is the day a line of a spend is about; the zero day has no name.
func through(d fetcher.Day) string {
	if d.IsZero() {
		return "the newest day"
	}
	return DayName(d, 0)
}
