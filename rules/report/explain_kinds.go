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
		e.forecast(x)
	}
	if d.Run {
		e.input("run", "4", "told by its last four days together: none of them is far over usual")
	}
	if w := x.Withdrawn; w != nil {
		e.input("withdrawn", w.Finding.Day.String(), DayName(w.Day, f.Through)+" was told, then restated, and is as usual: alert "+w.ID+" was withdrawn")
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
