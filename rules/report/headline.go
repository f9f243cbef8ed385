package report

import (
	"strings"

	"github.com/billbot/billbot/rules"
)

// Headline says what an alert is, verdict first, in one line without a final
// full stop: "Over budget: whole-account at $32.02 of $25.00 (128%) this
// billing period". It does not name the account; [Title] does.
func Headline(a rules.Alert) string {
	f := a.Finding
	switch {
	case a.Ended == rules.EndedRemoved && f.IsUnknown():
		return "No longer watched: taken out of the rules file"
	case a.Ended == rules.EndedRemoved:
		return "No longer watched: " + topic(f) + " (rule " + name(f.Rule) + ") was taken out of the rules file"
	case f.IsUnknown():
		return trustHeadline(a)
	case f.Kind == rules.KindAllowance:
		return allowance(a)
	case f.Kind == rules.KindPrice:
		return priceHeadline(a)
	case a.State == rules.Unknown:
		return "Unknown: no trusted data for " + topic(f) + " after " + DayName(f.Through, 0)
	case a.State == rules.Resolved && a.Ended == rules.EndedPeriod:
		return periodEnded(f)
	case a.State == rules.Resolved && a.Ended == rules.EndedRaised:
		return "Back under budget: " + topic(f) + " at " + Amount(f, f.Amount) + ", " + rebudgeted(f)
	case a.State == rules.Resolved:
		return back(f)
	case f.Kind == rules.KindSpike:
		return spike(f)
	case f.Kind == rules.KindForecast:
		return heading(f)
	}
	return budget(f)
}

// topic names what a finding is about: the service of a spike; a budget by its
// rule, with the service or zone when the rule has a budget for each.
func topic(f rules.Finding) string {
	if f.Kind == rules.KindSpike {
		return name(f.Subject.Service)
	}
	switch {
	case f.Subject.Service != "":
		return Name(f.Rule, 40) + " for " + Name(f.Subject.Service, 40)
	case f.Subject.Zone != "":
		return Name(f.Rule, 40) + " for " + Name(f.Subject.Zone, 40)
	}
	return name(f.Rule)
}

func spike(f rules.Finding) string {
	var b strings.Builder
	verdict := "Spike: "
	if f.Run {
		verdict = "Rising: "
	}
	b.WriteString(verdict + topic(f) + at(f) + " on " + DayName(f.Day, f.Through))
	if f.Valued {
		b.WriteString(", not billed yet")
	}
	b.WriteString(", usually " + Money(f.Usual, f.Currency))
	return b.String()
}

// at joins an amount: usage that the allowance hides has a worth and no cost.
func at(f rules.Finding) string {
	switch {
	case f.Kind == rules.KindAllowance:
		return " at " + usedOf(f)
	case f.Kind == rules.KindPrice:
		return " at " + Price(f.Amount, f.Currency, f.Unit)
	case f.Valued:
		return " worth " + Money(f.Amount, f.Currency)
	}
	return " at " + Money(f.Amount, f.Currency)
}

func back(f rules.Finding) string {
	switch {
	case f.Kind == rules.KindForecast:
		return "No longer heading over budget: " + topic(f) + ", about " + Amount(f, f.Projected) + " of " + Amount(f, budgetOf(f)) + byEnd(f)
	case f.OfBudget() && f.PeriodKind == rules.ByDay:
		return "Back under budget: " + topic(f) + ", " + count(f.Over, "day") + " over"
	case f.OfBudget():
		return "Back under budget: " + topic(f) + " at " + Amount(f, f.Amount) + " of " + Amount(f, budgetOf(f)) + when(f)
	}
	if f.Withdrawn {
		return "Withdrawn: " + topic(f) + ", " + DayName(f.Day, f.Through) + " was restated and is as usual"
	}
	return "Back to usual: " + topic(f) + ", " + excess(f)
}

// excess is what a spike cost, or was worth, over usual in all its days.
func excess(f rules.Finding) string {
	worth := ""
	if f.Valued {
		worth = "worth "
	}
	text := worth + Money(f.Extra, f.Currency) + " more than usual"
	if f.Over > 0 {
		text += " in " + count(f.Over, "day")
	}
	if f.Over > 1 {
		text += " since " + DayName(f.Episode, f.Through)
	}
	return text
}

func periodEnded(f rules.Finding) string {
	if f.Kind == rules.KindSpike {
		return "Period ended: " + topic(f) + ", " + excess(f)
	}
	return "Period ended: " + topic(f) + " at " + against(scaleOf(f), f.Amount, budgetOf(f)) + ", " + PeriodName(over(f.Period), f.Through)
}
