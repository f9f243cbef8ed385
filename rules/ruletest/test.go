package ruletest

import (
	"github.com/billbot/billbot/fetcher"
	"github.com/billbot/billbot/rules"
	"github.com/shopspring/decimal"
)

// File is a test file.
type File struct {
	Name  string
	Tests []Test
}

// Test is some days of an account, or of several, and what the rules must say
// of them.
type Test struct {
	Name     string
	Line     int         // where it stands in its file
	Start    fetcher.Day // the first day of every series
	Anchor   int         // the day of the month on which billing periods begin
	Currency string
	Rows     []Row
	Expect   []Expectation
}

// Row is what one service cost and used: one row of the bill a day.
type Row struct {
	Account rules.Account
	Service string
	Family  string
	Zone    string
	Unit    string

	// Cost is what each day cost. Where it is left out, the cost is that of
	// Quantity at Price for each Per of it, past Included in a billing period.
	Cost     Series
	Quantity Series // what each day used; where it is left out, one unit a unit of cost
	Price    decimal.Decimal
	Per      int32 // a power of ten: 6 means that Price is for a million
	Included decimal.Decimal
}

// days is how many days the row's series has.
func (r Row) days() int { return max(r.Cost.Days(), r.Quantity.Days()) }

// Expectation is an event that must happen. What is left out (zero, or nil)
// may be anything.
type Expectation struct {
	Line      int // where it stands in its file
	Event     rules.EventType
	Rule      string
	Account   string
	Service   string
	Zone      string
	Day       fetcher.Day // the charge day the event is about
	At        fetcher.Day // the morning it is told
	Level     rules.Severity
	Threshold string
	Amount    *decimal.Decimal
}
