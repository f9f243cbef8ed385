package report

import (
	"strconv"

	"github.com/billbot/billbot/fetcher"
	"github.com/billbot/billbot/rules"
	"github.com/shopspring/decimal"
)

// spike says what a service's newest day was judged by.
func (e *Explanation) spike(x rules.Explained) {
	f, d := x.Finding, x.Spike.Day
	rise := d.Quantity.Sub(d.Ordinary)
	e.input("usage", d.Quantity.String(), Quantity(d.Quantity, x.Spike.Unit)+" on "+DayName(d.Day, f.Through))
	e.input("usual usage", d.Ordinary.String(), Quantity(d.Ordinary, x.Spike.Unit))
	e.input("above", x.Rule.Spike.Above.String(), x.Rule.Spike.Above.String()+"x usual; it was "+timesUsual(d.Quantity, d.Ordinary))
	e.input("rise", rise.String(), Quantity(rise, x.Spike.Unit))
	e.input("biggest day before", d.Biggest.String(), Quantity(d.Biggest, x.Spike.Unit))
	e.input("cost", d.Cost.String(), Money(d.Cost, f.Currency)+worthNote(d.Valued))
	e.input("at_least", x.Rule.Spike.AtLeast.Amount.String(), Money(x.Rule.Spike.AtLeast.Amount, f.Currency))
	if x.Rule.Spike.AtLeast.Share.IsPositive() {
		e.input("share", x.Spike.Share.String(), Money(x.Spike.Share, f.Currency)+", "+percent(x.Rule.Spike.AtLeast.Share)+" of the account's usual day")
	}
	e.input("history", strconv.Itoa(d.History), count(d.History, "day"))
	if !f.Episode.IsZero() {
		on := PeriodName(fetcher.Period{Start: f.Episode, End: f.Day}, f.Through)
		e.input("episode", f.Episode.String(), on+", "+count(f.Over, "day")+", "+Money(f.Extra, f.Currency)+" more than usual")
		e.forecast(f)
	}
	if !d.Flagged {
		e.unflagged(x)
	}
}

func worthNote(valued bool) string {
	if valued {
		return " is what the usage is worth; the allowance still covers it"
	}
	return ""
}

func timesUsual(much, usual decimal.Decimal) string {
	if text := Times(much, usual); text != "" {
		return text
	}
	if much.IsPositive() {
		return "something where there usually is nothing"
	}
	return "nothing"
}

// unflagged says which condition the newest day did not meet: the first of
// them, as the others were not asked.
func (e *Explanation) unflagged(x rules.Explained) {
	f, d, at := x.Finding, x.Spike.Day, x.Rule.Spike.AtLeast
	worth := d.Cost.Sub(d.Usual)
	switch {
	case !d.Quantity.GreaterThan(d.Ordinary):
		e.hold("usage on %s is not above usual", DayName(d.Day, f.Through))
	case !d.Quantity.GreaterThan(d.Ordinary.Mul(x.Rule.Spike.Above)):
		e.hold("usage is %s usual, above is %sx", timesUsual(d.Quantity, d.Ordinary), x.Rule.Spike.Above)
	case x.Spike.Floorless && worth.LessThan(at.Amount):
		e.hold("the rise is worth %s, at_least is %s", Money(worth, f.Currency), Money(at.Amount, f.Currency))
	case x.Spike.Floorless && worth.LessThan(x.Spike.Share):
		e.hold("the rise is worth %s, the share of at_least is %s", Money(worth, f.Currency), Money(x.Spike.Share, f.Currency))
	case x.Spike.Floorless:
		e.hold("on %s of history the rise must be worth more than at_least, %s", count(d.History, "day"), Money(at.Amount, f.Currency))
	case !x.Spike.Priced:
		e.hold("nothing of it was ever billed, so what its rise is worth is not known")
	default:
		e.hold("%s is not far enough above the biggest day of the six weeks before, %s, for a service that varies as this one does",
			Quantity(d.Quantity, x.Spike.Unit), Quantity(d.Biggest, x.Spike.Unit))
	}
}

// budget says what a budget was held against.
func (e *Explanation) budget(x rules.Explained) {
	f := x.Finding
	spent, on := f.Amount, PeriodName(f.Period, f.Through)
	if f.PeriodKind == rules.ByDay && !f.Open {
		spent, on = f.Newest, DayName(f.Through, 0)
	}
	e.input("period", f.Period.Start.String()+"/"+f.Period.End.String(), on)
	e.input("spent", spent.String(), Money(spent, f.Currency))
	e.input("budget", f.Budget.String(), Money(f.Budget, f.Currency))
	if x.Rule.Budget != nil {
		e.thresholds(*x.Rule.Budget, f, spent)
	}
	e.forecast(f)
	for _, c := range f.Causes {
		e.input("of it", c.Amount.String(), name(c.Service)+" "+Money(c.Amount, f.Currency))
	}
	for _, m := range f.Others {
		e.input("not included", m.Amount.String(), Money(m.Amount, m.Currency))
	}
}

// thresholds says how far each line is.
func (e *Explanation) thresholds(b rules.Budget, f rules.Finding, spent decimal.Decimal) {
	for i, t := range b.Actual {
		limit := t.Limit(f.Budget)
		text := Money(limit, f.Currency) + ", reached"
		if left := limit.Sub(spent); left.IsPositive() {
			text = Money(limit, f.Currency) + ", " + Money(left, f.Currency) + " to go"
			if i == 0 && !f.Open {
				e.hold("%s spent is %s below the lowest threshold, %s", Money(spent, f.Currency), Money(left, f.Currency), Money(limit, f.Currency))
			}
		}
		e.input("threshold "+t.String(), limit.String(), text)
	}
}

// forecast says what the period will cost, where that is known.
func (e *Explanation) forecast(f rules.Finding) {
	if f.Projected.IsPositive() && f.PeriodKind != rules.ByDay && f.Open {
		e.input("forecast", f.Projected.String(), Money(f.Projected, f.Currency)+" by "+date(f.Period.End, f.Through)+" if nothing changes")
	}
}
