package report

import (
	"strconv"

	"github.com/billbot/billbot/fetcher"
	"github.com/shopspring/decimal"
)

// Close is the last word on an account's billing period, once its days can
// change no more: what it came to, and how good the forecasts were.
type Close struct {
	Account   string           `json:"account"`
	Currency  string           `json:"currency"`
	Period    fetcher.Period   `json:"period"`
	Total     decimal.Decimal  `json:"total"`
	Before    *decimal.Decimal `json:"before,omitempty"` // the period before; null where it is not known whole
	Budgets   []BudgetLine     `json:"budgets,omitempty"`
	Alerts    int              `json:"alerts,omitempty"` // that fired for days of the period
	Open      []OpenAlert      `json:"open,omitempty"`   // those of them that are still on
	Foretold  []Foretold       `json:"foretold,omitempty"`
	Breakdown *SpanTable       `json:"breakdown,omitempty"` // against the period before
	Chart     *Chart           `json:"chart,omitempty"`
	Through   fetcher.Day      `json:"through"` // how far the account's data goes now
}

// CloseTitle is the verdict on a period: "production: 15 Mar to 14 Apr closed at
// $132.40, $20.10 more than the period before".
func CloseTitle(c Close) string {
	title := name(c.Account) + ": " + PeriodName(over(c.Period), 0) + " closed at " + Money(c.Total, c.Currency)
	if c.Before == nil {
		return title
	}
	switch change := c.Total.Sub(*c.Before); {
	case isNothing(change):
		return title + ", as the period before"
	case change.IsPositive():
		return title + ", " + Money(change, c.Currency) + " more than the period before"
	default:
		return title + ", " + Money(change.Neg(), c.Currency) + " less than the period before"
	}
}

// CloseLine is a whole close in one line, for notifications.
func CloseLine(c Close) string {
	texts := []string{CloseTitle(c) + "."}
	for _, b := range c.Budgets[:min(len(c.Budgets), lineBudgets)] {
		texts = append(texts, BudgetText(b)+".")
	}
	return joined(append(texts, stop(c.quality())), " ")
}

// CloseLines is what is said of a period below its title.
func CloseLines(c Close) []string {
	lines := budgetLines(c.Budgets, nil)
	switch {
	case c.Alerts == 0:
		lines = append(lines, bullet("No alert fired"))
	case len(c.Open) == 0:
		lines = append(lines, bullet(capital(count(c.Alerts, "alert"))+" fired, none is still open"))
	default:
		lines = append(lines, bullet(capital(count(c.Alerts, "alert"))+" fired, still open:"))
	}
	for _, o := range c.Open {
		lines = append(lines, openLine(o))
	}
	return lines
}

// quality says how good the forecasts were: "4 of 5 forecasts held within their
// band".
func (c Close) quality() string {
	held := 0
	for _, f := range c.Foretold {
		if f.Held(c.Total) {
			held++
		}
	}
	if len(c.Foretold) == 0 {
		return ""
	}
	return strconv.Itoa(held) + " of " + count(len(c.Foretold), "forecast") + " held within the band"
}

// ForecastLines says how good the forecasts were: the verdict, and each.
func ForecastLines(c Close) []string {
	if len(c.Foretold) == 0 {
		return nil
	}
	lines := []string{capital(c.quality()) + ":"}
	for _, f := range c.Foretold {
		line := "On day " + strconv.Itoa(int(f.Day-c.Period.Start)+1) + ": about " + Money(f.Total, c.Currency) +
			Forecast{Total: f.Total, Lo: f.Lo, Hi: f.Hi}.band(c.Currency) + ", " + c.missed(f)
		if f.Runaway {
			line += ", had what ran away gone on"
		}
		lines = append(lines, bullet(line))
	}
	return lines
}

// missed says by how much a forecast was off.
func (c Close) missed(f Foretold) string {
	off := f.Total.Sub(c.Total)
	if isNothing(off) {
		return "as it came"
	}
	by := Percent(off.Abs(), c.Total)
	if by == "" || by == "0%" {
		by = Money(off.Abs(), c.Currency)
	}
	if off.IsPositive() {
		return by + " too much"
	}
	return by + " too little"
}

// CloseTable writes the table of a close, its head first; nil where there is
// none.
func CloseTable(c Close) [][]string {
	b := c.Breakdown
	if b == nil {
		return nil
	}
	cells := func(first string, p TablePart) []string {
		row := []string{first, Money(p.Cost, c.Currency)}
		if c.Before != nil {
			row = append(row, Money(p.Usual, c.Currency))
		}
		return row
	}
	table := [][]string{{"Service", "Period"}}
	if c.Before != nil {
		table[0] = append(table[0], "Before")
	}
	for _, p := range b.Parts {
		table = append(table, cells(name(p.Name), p))
	}
	if b.More > 0 {
		table = append(table, cells(strconv.Itoa(b.More)+" more", b.Rest))
	}
	if len(table) > 2 {
		table = append(table, cells("Together", b.Whole))
	}
	return table
}
