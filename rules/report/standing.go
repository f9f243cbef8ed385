package report

import (
	"time"

	"github.com/billbot/billbot/rules"
)

// Standing says in a few words what people did about an alert that is on:
// "expected through Fri 10 Apr: backfill", "snoozed until Sun 5 Apr 06:00 UTC",
// "acknowledged"; "" where nobody did anything. It names nobody.
func Standing(a rules.Alert) string {
	switch {
	case !a.On():
		return ""
	case a.Expected != nil:
		return ExpectedUntil(a)
	case !a.SnoozedUntil.IsZero():
		return "snoozed until " + Moment(a.SnoozedUntil)
	case a.AcknowledgedBy != "":
		return "acknowledged"
	}
	return ""
}

// ExpectedUntil says until when an alert is expected, and why; "" where it is
// not.
func ExpectedUntil(a rules.Alert) string {
	if a.Expected == nil {
		return ""
	}
	return "expected through " + DayName(a.Expected.Until, a.Finding.Through) + ": " + Name(a.Expected.Reason, textRunes)
}

// Moment writes a moment for people: "Sun 5 Apr 06:00 UTC".
func Moment(t time.Time) string { return moment(t) }

// Lasted says how long an alert was on, in days or hours: "It was on for 3
// days."; "" while it is on.
func Lasted(a rules.Alert) string {
	d := a.EndedAt.Sub(a.Since)
	switch {
	case a.On() || a.EndedAt.IsZero() || d < 0:
		return ""
	case d >= 48*time.Hour:
		return "It was on for " + count(int(d.Hours()/24), "day") + "."
	}
	return "It was on for " + count(max(1, int(d.Hours())), "hour") + "."
}

// Because tells in lines why an alert speaks: its rule and what that watches, and
// the figures it went by.
func Because(a rules.Alert, rule rules.Rule) []string {
	said := []string{Headline(a) + "."}
	for _, text := range []string{ruleLine(a, rule), Figures(a), Cause(a), Outlook(a), stop(HistoryHint(a)), Others(a)} {
		if text != "" {
			said = append(said, text)
		}
	}
	return append(said, DataLine(a.Finding.Through)+".")
}

// ruleLine names an alert's rule, and says what it watches where the rules file
// still has it: "Its rule, d1: $20.50 a day for D1 - *.".
func ruleLine(a rules.Alert, rule rules.Rule) string {
	currency := a.Finding.Currency
	if currency == "" {
		currency = includedOf(a.Finding).Currency
	}
	named := "Its rule, " + name(rule.Name)
	switch {
	case rule.Name == "":
		return ""
	case rule.Budget == nil && rule.Spike == nil && rule.Allowance == nil && rule.Price == nil && rule.Stale == nil:
		return named + "."
	}
	return named + ": " + Describe(rule, currency) + "."
}
