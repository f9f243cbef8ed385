package report

import (
	"cmp"
	"slices"
	"strconv"

	"github.com/billbot/billbot/fetcher"
	"github.com/billbot/billbot/rules"
	"github.com/shopspring/decimal"
)

// SpanTable is the table of a summary: what moved most, and the rest together.
type SpanTable struct {
	Accounts bool        `json:"accounts,omitempty"` // parts are accounts, else services
	Currency string      `json:"currency"`
	Parts    []TablePart `json:"parts"` // furthest from usual first
	Rest     TablePart   `json:"rest,omitzero"`
	More     int         `json:"more,omitempty"` // how many Rest stands for
	Whole    TablePart   `json:"whole"`
}

// TablePart is what one service, or account, cost: on the day or the days that the
// summary is of, usually, and in the billing period so far.
type TablePart struct {
	Name   string          `json:"name,omitempty"`
	Cost   decimal.Decimal `json:"cost"`
	Usual  decimal.Decimal `json:"usual"`
	ToDate decimal.Decimal `json:"to_date"`
}

func (p TablePart) plus(q TablePart) TablePart {
	p.Cost, p.Usual, p.ToDate = p.Cost.Add(q.Cost), p.Usual.Add(q.Usual), p.ToDate.Add(q.ToDate)
	return p
}

// tableOf names the five parts that moved most.
func tableOf(currency string, parts []TablePart) *SpanTable {
	if len(parts) == 0 {
		return nil
	}
	distance := func(p TablePart) decimal.Decimal { return p.Cost.Sub(p.Usual).Abs() }
	slices.SortStableFunc(parts, func(a, b TablePart) int {
		return cmp.Or(distance(b).Cmp(distance(a)), b.Cost.Cmp(a.Cost), b.ToDate.Cmp(a.ToDate), cmp.Compare(a.Name, b.Name))
	})
	b := &SpanTable{Currency: currency, Parts: parts[:min(len(parts), maxMovers)]}
	for i, p := range parts {
		b.Whole = b.Whole.plus(p)
		if i >= maxMovers {
			b.Rest = b.Rest.plus(p)
			b.More++
		}
	}
	return b
}

// SummaryTable writes the table of a summary, its head first. It is nil where
// there is none.
func SummaryTable(s Summary) [][]string {
	b := s.Breakdown
	if b == nil || len(b.Parts) == 0 {
		return nil
	}
	table := [][]string{s.tableHead()}
	for _, p := range b.Parts {
		table = append(table, s.tableRow(name(p.Name), p))
	}
	if b.More > 0 {
		table = append(table, s.tableRow(strconv.Itoa(b.More)+" more", b.Rest))
	}
	if len(table) > 2 {
		table = append(table, s.tableRow("Together", b.Whole))
	}
	return table
}

func (s Summary) tableRow(first string, p TablePart) []string {
	in := s.Breakdown.Currency
	return s.columns(first, Money(p.Cost, in), Money(p.Usual, in), Money(p.ToDate, in))
}

func (s Summary) tableHead() []string {
	of := "Service"
	if s.Breakdown.Accounts {
		of = "Account"
	}
	return s.columns(of, s.spanHead(), s.usualHead(), "Period so far")
}

// columns leaves out what to compare with where that is not known.
func (s Summary) columns(of, cost, usual, toDate string) []string {
	if slices.ContainsFunc(s.Accounts, func(a AccountSummary) bool { return a.New }) {
		return []string{of, cost, toDate}
	}
	return []string{of, cost, usual, toDate}
}

func (s Summary) spanHead() string {
	if s.Span != nil {
		return PeriodName(*s.Span, s.Span.End)
	}
	if day := s.newest(); !day.IsZero() {
		return DayName(day, day)
	}
	return "Newest day"
}

func (s Summary) usualHead() string {
	switch s.Every {
	case rules.EveryWeek:
		return "Week before"
	case rules.EveryMonth:
		return "Month before"
	}
	return "Usually"
}

// newest is the newest day of all accounts, zero where they differ.
func (s Summary) newest() fetcher.Day {
	var newest fetcher.Day
	for _, a := range s.Accounts {
		if !newest.IsZero() && a.Day != newest {
			return 0
		}
		newest = a.Day
	}
	return newest
}
