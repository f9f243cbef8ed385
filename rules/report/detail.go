package report

import (
	"strconv"
	"strings"

	"github.com/billbot/billbot/fetcher"
	"github.com/billbot/billbot/rules"
	"github.com/shopspring/decimal"
)

// Figures says in a sentence or two how much it is and how much too much.
func Figures(a rules.Alert) string {
	f := a.Finding
	switch {
	case f.IsUnknown():
		return trustFigures(a)
	case f.Kind == rules.KindAllowance:
		return allowanceFigures(f)
	case f.Kind == rules.KindPrice:
		return priceFigures(f)
	case f.Kind == rules.KindSpike && a.State == rules.Resolved && f.Withdrawn:
		return "It was told" + at(f) + ", usually " + Money(f.Usual, f.Currency) + "; the bill has changed that day since."
	case f.Kind == rules.KindSpike && a.State == rules.Resolved:
		return "Last unusual day: " + DayName(f.Day, f.Through) + at(f) + ", usually " + Money(f.Usual, f.Currency) + "."
	case a.State == rules.Unknown && f.Kind == rules.KindSpike:
		return "Last known: " + spikeFigures(f)
	case a.State == rules.Unknown:
		return "Last known: " + budgetFigures(f)
	case f.Kind == rules.KindSpike:
		return spikeFigures(f)
	case a.State == rules.Resolved && a.Ended == rules.EndedBack && f.PeriodKind == rules.ByDay:
		return "Newest day: " + Amount(f, f.Newest) + " of " + Amount(f, budgetOf(f)) +
			". Last day over: " + DayName(f.Day, f.Through) + " at " + Amount(f, f.Amount) + "."
	}
	if a.Ended == rules.EndedRaised {
		f.BudgetWas = decimal.Zero // the headline says so
	}
	return budgetFigures(f)
}

func spikeFigures(f rules.Finding) string {
	text := Money(f.Amount.Sub(f.Usual), f.Currency) + " more than usual"
	if f.Valued {
		text = "worth " + text
	}
	if times := Times(f.Amount, f.Usual); times != "" {
		text += " (" + times + ")"
	}
	text += " on " + DayName(f.Day, f.Through)
	if f.Over > 1 {
		text += ", " + Money(f.Extra, f.Currency) + " in " + count(f.Over, "day") + " since " + DayName(f.Episode, f.Through)
	}
	text = capital(text) + "."
	if f.Valued {
		text += " The allowance still covers this usage, so it is not on the bill yet."
	}
	return text
}

func budgetFigures(f rules.Finding) string {
	limit := budgetOf(f)
	spent := " spent of "
	if f.Quantity {
		spent = " used of "
	}
	text := Amount(f, f.Amount) + spent + Amount(f, limit)
	switch left := limit.Sub(f.Amount); {
	case left.IsPositive():
		text += ", " + Amount(f, left) + " left."
	case left.IsZero():
		text += ", all of it."
	default:
		text += ", " + Amount(f, left.Neg()) + " over."
	}
	if atAmount(f) && !f.Limit.Equal(limit) && f.Kind != rules.KindForecast {
		text += " Past the line at " + Amount(f, f.Limit) + "."
	}
	if f.PeriodKind == rules.ByDay && f.Over > 1 {
		text += " " + capital(count(f.Over, "day")) + " over since " + DayName(f.Episode, f.Through) + "."
	}
	for _, more := range []string{basis(f), rebudgeted(f), knownFrom(f)} {
		if more != "" {
			text += " " + capital(more) + "."
		}
	}
	if f.Spans > 1 {
		text += " " + spanned(f.Spans)
	}
	return text
}

// spanned says that an amount is a sum over subscriptions whose billing
// periods start on different days.
func spanned(periods int) string {
	return "It adds up " + count(periods, "billing period") + " of different subscriptions."
}

// Outlook says what the period will cost if nothing changes. It is "" when the
// alert is over, or when the data reaches the period's end.
func Outlook(a rules.Alert) string {
	f := a.Finding
	if a.State != rules.Firing || f.Ended || f.PeriodKind == rules.ByDay ||
		f.Period.End <= f.Through {
		return ""
	}
	if f.Kind == rules.KindAllowance {
		return allowanceOutlook(f)
	}
	if !f.Projected.IsPositive() {
		return ""
	}
	cost := "about " + Amount(f, f.Projected) + " by " + date(f.Period.End, f.Through) + likely(f)
	switch {
	case f.Valued:
		return "The included quantity hides it so far; this service will cost " + cost + " if nothing changes."
	case f.Quantity:
		return capital(cost) + " if nothing changes."
	case f.Kind == rules.KindSpike, f.Kind == rules.KindPrice:
		return "This service will cost " + cost + " if nothing changes."
	}
	text := "This period will cost " + cost + " if nothing changes"
	if len(f.Incident) > 0 {
		text += ", " + Money(f.ProjectedLo, f.Currency) + " if " + runaways(f.Incident) + " stops now"
	}
	return text + " (" + forecastFrom(f.Period, f.Through) + ")."
}

// A spike judged on fewer days than this says so.
const littleHistory = 14

// HistoryHint says when a spike was judged on little: "Judged on 6 days of
// history". It is "" otherwise.
func HistoryHint(a rules.Alert) string {
	f := a.Finding
	if f.Kind != rules.KindSpike || f.History >= littleHistory {
		return ""
	}
	if f.History <= 0 {
		return "Judged without any history"
	}
	return "Judged on " + count(f.History, "day") + " of history"
}

// Others names what was spent in other currencies, which no sum of the alert
// includes. It is "" when there is nothing.
func Others(a rules.Alert) string {
	const most = 4
	others := a.Finding.Others
	if len(others) == 0 {
		return ""
	}
	var texts []string
	for _, m := range others[:min(len(others), most)] {
		texts = append(texts, Money(m.Amount, m.Currency))
	}
	if more := len(others) - most; more > 0 {
		texts = append(texts, strconv.Itoa(more)+" more")
	}
	return "Not included: " + strings.Join(texts, ", ") + " in other currencies."
}

// PeriodOf names the period an alert's amount is of: "15 Apr to 14 May", or
// the day.
func PeriodOf(a rules.Alert) string {
	f := a.Finding
	if f.Period == (fetcher.Period{}) {
		return DayName(f.Day, f.Through)
	}
	if f.Ended || a.Ended == rules.EndedPeriod || f.Through >= f.Period.End {
		return PeriodName(over(f.Period), f.Through)
	}
	return PeriodName(f.Period, f.Through)
}

func capital(text string) string { return strings.ToUpper(text[:1]) + text[1:] }
