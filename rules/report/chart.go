package report

import (
	"strconv"

	"github.com/billbot/billbot/fetcher"
	"github.com/shopspring/decimal"
)

// Chart is a picture of some days. It is looked at, not reckoned with: its
// numbers have four digits.
type Chart struct {
	Of       string         `json:"of,omitempty"`       // a service; "" is all that is watched
	Currency string         `json:"currency,omitempty"` // "" where quantities are shown
	Unit     string         `json:"unit,omitempty"`     // of quantities
	Days     fetcher.Period `json:"days"`
	// Each is how many days a point stands for, as their mean: 1 mostly. The
	// last point may have fewer.
	Each   int      `json:"each"`
	Series []Series `json:"series"`
	// Layered draws areas in front of each other, the first at the back, and
	// not lines.
	Layered bool `json:"layered,omitempty"`
}

// Series is one line, or one area, of a chart.
type Series struct {
	Name   string            `json:"name"`
	Points []decimal.Decimal `json:"points"`
}

// The names of series that are no service's.
const (
	SeriesActual = "Actual"
	SeriesUsual  = "Usual"
	SeriesAll    = "All services"

	SeriesTogether = "Together" // of a storm's services
)

// ChartTitle says what a chart shows: "Cost a day ($), actual and usual".
func ChartTitle(c Chart) string {
	title := "Cost a day" + inUnit(c.Currency)
	if c.Currency == "" {
		title = "Used a day" + inUnit(c.Unit)
	}
	switch {
	case c.Layered && c.Each > 1:
		return title + ", mean of " + count(c.Each, "day")
	case c.Layered:
		return title + ", by service"
	case c.Of != "":
		return Name(c.Of, 30) + ": c" + title[1:]
	}
	return title
}

func inUnit(unit string) string {
	if unit == "" {
		return ""
	}
	return " (" + Name(unit, unitRunes) + ")"
}

// ChartDays names the points of a chart by their first days, with the month
// where it begins: "30 Mar", "31", "1 Apr", "2". They all differ, as no chart
// reaches over more than a month.
func ChartDays(c Chart) []string {
	var days []string
	for d := c.Days.Start; d <= c.Days.End; d += fetcher.Day(max(1, c.Each)) {
		last := d - fetcher.Day(max(1, c.Each))
		if len(days) == 0 || last.Time().Month() != d.Time().Month() {
			days = append(days, date(d, d))
		} else {
			days = append(days, strconv.Itoa(d.Time().Day()))
		}
	}
	return days
}

// chartDigits is how many digits of a number a chart has.
const chartDigits = 4

// drawn rounds numbers for a chart.
func drawn(amounts []decimal.Decimal) []decimal.Decimal {
	points := make([]decimal.Decimal, len(amounts))
	for i, amount := range amounts {
		points[i] = amount.Round(int32(max(-maxDigits, min(chartDigits-magnitude(amount.Abs()), maxDigits))))
	}
	return points
}
