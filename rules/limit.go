package rules

import (
	"github.com/billbot/billbot/fetcher"
	"github.com/shopspring/decimal"
)

// Budget is what not to exceed in a period: an amount of money, or a quantity
// of what is used. Exactly one of Amount, Months and Of is set.
type Budget struct {
	Amount   decimal.Decimal   // the same in every period
	Months   []decimal.Decimal // or for January to December: that of the month in which a period begins
	Of       *Earlier          // or made from what earlier periods came to
	Quantity bool              // the amounts are quantities of what is used, not money
	Currency string            // asserted; "" accepts the account's
	Period   PeriodKind
	Actual   []Threshold // of what is spent, rising; 100% by default
	Forecast []Threshold // of what the period will cost, rising; none by default
}

// Earlier makes the amount of a budget from the periods before: their mean,
// times a factor.
type Earlier struct {
	Periods int // how many at most; 1 is the previous period alone
	Times   decimal.Decimal
}

// PeriodKind is the period of a budget.
type PeriodKind string

// The periods of budgets. Day, week (from Monday), month, quarter and year are
// calendar periods in UTC.
const (
	ByBillingPeriod PeriodKind = "billing_period"
	ByDay           PeriodKind = "day"
	ByWeek          PeriodKind = "week"
	ByMonth         PeriodKind = "month"
	ByQuarter       PeriodKind = "quarter"
	ByYear          PeriodKind = "year"
)

// Threshold is a line in a budget: a percentage of its amount, or an amount.
type Threshold struct {
	Percent decimal.Decimal // used when Amount is nil
	Amount  *decimal.Decimal
}

var hundred = decimal.NewFromInt(100)

// Reached reports whether an amount spent is at or over the threshold of a
// budget. It multiplies instead of dividing, so it is exact:
// spent × 100 ≥ budget × percent.
func (t Threshold) Reached(spent, budget decimal.Decimal) bool {
	if t.Amount != nil {
		return spent.GreaterThanOrEqual(*t.Amount)
	}
	return spent.Mul(hundred).GreaterThanOrEqual(budget.Mul(t.Percent))
}

// Limit is the amount of the threshold.
func (t Threshold) Limit(budget decimal.Decimal) decimal.Decimal {
	if t.Amount != nil {
		return *t.Amount
	}
	return budget.Mul(t.Percent).Shift(-2)
}

// Rearm is what a forecast that passed the threshold must fall below before it
// can pass it again.
func (t Threshold) Rearm(budget decimal.Decimal) decimal.Decimal {
	return t.Limit(budget).Sub(budget.Mul(rearmPoints).Shift(-2))
}

// height is Limit as a number.
func (t Threshold) height(budget decimal.Decimal) fetcher.Number {
	if t.Amount != nil {
		return fetcher.NumberOf(*t.Amount)
	}
	return fetcher.NumberOf(budget).Times(fetcher.NumberOf(t.Percent)).Times(fetcher.NewNumber(1, -2))
}

// String is the threshold as a rules file writes it.
func (t Threshold) String() string {
	if t.Amount != nil {
		return t.Amount.StringFixed(max(0, -t.Amount.Exponent()))
	}
	return t.Percent.String() + "%"
}
