package report

import (
	"strings"

	"github.com/billbot/billbot/rules"
	"github.com/shopspring/decimal"
)

// Headline says what an alert is, verdict first, in one line without a final
// full stop: "Over budget: whole-account at $32.02 of $25.00 (128%) this
// billing period". It does not name the account; [Title] does.
func Headline(a rules.Alert) string {
	f := a.Finding
	switch {
	case a.State == rules.Unknown:
		return "Unknown: no trusted data for " + topic(f) + " after " + DayName(f.Through, 0)
	case a.State == rules.Resolved && a.Ended == rules.EndedPeriod:
		return periodEnded(f)
	case a.State == rules.Resolved:
		return back(f)
	case f.Kind == rules.KindSpike:
		return spike(f)
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
	if f.Valued {
		return " worth " + Money(f.Amount, f.Currency)
	}
	return " at " + Money(f.Amount, f.Currency)
}

func budget(f rules.Finding) string {
	limit := budgetOf(f)
	switch {
	case atAmount(f):
		return "Past " + Money(f.Limit, f.Currency) + ": " + topic(f) + " at " + Money(f.Amount, f.Currency) + when(f)
	case f.Amount.LessThan(limit):
		return Percent(f.Amount, limit) + " of budget " + topic(f) + ": " + Money(f.Amount, f.Currency) + " of " + Money(limit, f.Currency) + when(f)
	}
	return "Over budget: " + topic(f) + " at " + against(f.Amount, limit, f.Currency) + when(f)
}

// budgetOf is the amount of a finding's budget, whichever of its lines is
// passed. Findings kept by older versions have their limit alone.
func budgetOf(f rules.Finding) decimal.Decimal {
	if f.Budget.IsZero() {
		return f.Limit
	}
	return f.Budget
}

// atAmount reports whether the line passed is an amount of its own, not a part
// of the budget.
func atAmount(f rules.Finding) bool {
	return f.Threshold != "" && !strings.HasSuffix(f.Threshold, "%")
}

// farOver is how many times its limit an amount must be for its share to be
// told in times: nobody reads "24,541%".
var farOver = decimal.NewFromInt(10)

// against is an amount held against its limit: "$32.02 of $25.00 (128%)".
func against(amount, limit decimal.Decimal, currency string) string {
	text := Money(amount, currency) + " of " + Money(limit, currency)
	share := Percent(amount, limit)
	if amount.GreaterThanOrEqual(limit.Mul(farOver)) {
		share = Times(amount, limit)
	}
	if share == "" {
		return text
	}
	return text + " (" + share + ")"
}

// when says in which period a budget was measured.
func when(f rules.Finding) string {
	switch {
	case f.PeriodKind == rules.ByDay:
		return " on " + DayName(f.Day, f.Through)
	case f.Ended:
		return ", " + PeriodName(over(f.Period), f.Through)
	case f.PeriodKind == rules.ByWeek:
		return " this week"
	case f.PeriodKind == rules.ByMonth:
		return " this month"
	}
	return " this billing period"
}

func back(f rules.Finding) string {
	if f.Kind != rules.KindSpike {
		if f.PeriodKind == rules.ByDay {
			return "Back under budget: " + topic(f) + ", " + count(f.Over, "day") + " over"
		}
		return "Back under budget: " + topic(f) + " at " + Money(f.Amount, f.Currency) + " of " + Money(budgetOf(f), f.Currency) + when(f)
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
	return "Period ended: " + topic(f) + " at " + against(f.Amount, budgetOf(f), f.Currency) + ", " + PeriodName(over(f.Period), f.Through)
}
