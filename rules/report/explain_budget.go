package report

import (
	"strconv"

	"github.com/billbot/billbot/rules"
	"github.com/shopspring/decimal"
)

// budget says what a budget was held against.
func (e *Explanation) budget(x rules.Explained) {
	f := x.Finding
	spent, on := f.Amount, PeriodName(f.Period, f.Through)
	if f.PeriodKind == rules.ByDay && !f.Open {
		spent, on = f.Newest, DayName(f.Through, 0)
	}
	e.input("period", f.Period.Start.String()+"/"+f.Period.End.String(), on)
	if f.Unjudged != rules.SeveralUnits {
		e.input(measured(f), spent.String(), Amount(f, spent))
	}
	if f.Spans > 1 {
		e.input("adds up", strconv.Itoa(f.Spans), count(f.Spans, "billing period")+" of different subscriptions, each from its first day on")
	}
	e.earlier(x)
	if f.Unjudged != "" {
		e.hold("%s", UnjudgedText(f.Unjudged))
	} else {
		e.input("budget", f.Budget.String(), Amount(f, f.Budget)+madeFrom(f))
		e.thresholds(*x.Rule.Budget, f, spent)
		e.forecasts(x)
	}
	e.forecast(x)
	for _, c := range f.Causes {
		e.part(f, c)
	}
	for _, m := range f.Others {
		e.input("not included", m.Amount.String(), Money(m.Amount, m.Currency))
	}
}

// measured names what a budget is held against.
func measured(f rules.Finding) string {
	if f.Quantity {
		return "used"
	}
	return "spent"
}

func (e *Explanation) part(f rules.Finding, c rules.Cause) {
	amount := c.Amount
	if f.Quantity {
		amount = c.Quantity
	}
	e.input("of it", amount.String(), name(c.Service)+" "+Amount(f, amount))
}

// madeFrom says how an amount was made from earlier periods.
func madeFrom(f rules.Finding) string {
	b := f.Basis
	switch {
	case b == nil:
		return ""
	case b.Periods > 1:
		return ", " + b.Times.String() + "x the mean of " + count(b.Known, "period") + ", " + Amount(f, b.Amount)
	}
	return ", " + b.Times.String() + "x the period before"
}

// earlier says what the periods came to that an amount is made from, and which
// one is missing.
func (e *Explanation) earlier(x rules.Explained) {
	f := x.Finding
	for _, p := range x.Earlier {
		on := PeriodName(p.Period, f.Through)
		if p.Known {
			e.input("earlier", p.Amount.String(), Amount(f, p.Amount)+" in "+on)
		} else {
			e.input("missing", p.Period.Start.String()+"/"+p.Period.End.String(), on+" is not known whole, so it is not counted")
		}
	}
}

// thresholds says how far each line of what is spent is.
func (e *Explanation) thresholds(b rules.Budget, f rules.Finding, spent decimal.Decimal) {
	for i, t := range b.Actual {
		limit := t.Limit(f.Budget)
		left := limit.Sub(spent)
		e.input("threshold "+t.String(), limit.String(), Amount(f, limit)+distance(f, left))
		if left.IsPositive() && i == 0 && !f.Open {
			e.hold("%s %s is %s below the lowest threshold, %s", Amount(f, spent), measured(f), Amount(f, left), Amount(f, limit))
		}
	}
}

func distance(f rules.Finding, left decimal.Decimal) string {
	if left.IsPositive() {
		return ", " + Amount(f, left) + " to go"
	}
	return ", reached"
}

// forecasts says how far the forecast is from each of its lines, and what it
// must fall below before a line is told again.
func (e *Explanation) forecasts(x rules.Explained) {
	f := x.Finding
	for i, t := range x.Rule.Budget.Forecast {
		limit, left := t.Limit(f.Budget), t.Limit(f.Budget).Sub(f.Projected)
		text := Amount(f, limit)
		if x.Foreseen {
			text += distance(f, left) + "; told again only after a forecast below " + Amount(f, t.Rearm(f.Budget))
		}
		e.input("forecast line "+t.String(), limit.String(), text)
		if x.Foreseen && left.IsPositive() && i == 0 && !f.Open {
			e.hold("the forecast, %s, is %s below the lowest forecast line, %s", Amount(f, f.Projected), Amount(f, left), Amount(f, limit))
		}
	}
	if len(x.Rule.Budget.Forecast) > 0 && !x.Foreseen && f.Through < f.Period.End {
		e.hold(noForecast)
	}
}

const noForecast = "there is no forecast yet: it is given once a week of the account is known, or as many days as a tenth of a longer period"

// forecast says what the period will cost, where that is known.
func (e *Explanation) forecast(x rules.Explained) {
	f := x.Finding
	asked := x.Foreseen && x.Rule.Budget != nil && len(x.Rule.Budget.Forecast) > 0
	if !f.Projected.IsPositive() || f.PeriodKind == rules.ByDay || !f.Open && !asked {
		return
	}
	e.input("forecast", f.Projected.String(), Amount(f, f.Projected)+" by "+date(f.Period.End, f.Through)+" if nothing changes")
	if lo, hi := f.ProjectedLo, f.ProjectedHi; lo.LessThan(hi) {
		text := Amount(f, lo) + " to " + Amount(f, hi) + ", in four cases of five"
		if len(f.Incident) > 0 {
			text += "; the lower end is if " + runaways(f.Incident) + " stops now"
		}
		e.input("band", lo.String()+"/"+hi.String(), text)
	}
}
