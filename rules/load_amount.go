package rules

import (
	"strconv"
	"strings"

	"github.com/shopspring/decimal"
	"go.yaml.in/yaml/v4"
)

func earlierBlock() block {
	return block{name: "an amount of earlier periods", keys: []string{"of", "periods", "times"}}
}

// What an amount can be made of.
const (
	ofPrevious = "previous_period"
	ofMean     = "mean"
)

func earlierKinds() []string { return []string{ofPrevious, ofMean} }

// mostPeriods is how many earlier periods a mean may take in: as much history
// as a budget should need.
func mostPeriods(kind PeriodKind) int {
	switch kind {
	case ByDay:
		return 60
	case ByQuarter:
		return 4
	case ByYear:
		return 2
	}
	return 12
}

// budgetAmount reads what is not to be exceeded: "amount" is money, "quantity"
// what is used.
func (r *reader) budgetAmount(s section, b *Budget) {
	f := s.get("amount")
	if at := s.keys["quantity"]; at != nil {
		b.Quantity, f = true, s.get("quantity")
		if s.keys["amount"] != nil {
			r.report(at, "a budget is either an \"amount\" of money or a \"quantity\" of what is used, not both: make two rules")
		}
		if currency := s.keys["currency"]; currency != nil {
			r.report(currency, "a quantity has no currency")
		}
	}
	switch {
	case f.node == nil && s.node != nil && s.keys[f.key] == nil:
		r.report(s.node, "a budget needs \"amount\" or \"quantity\"")
	case f.node != nil && f.node.Kind == yaml.MappingNode:
		b.Of = r.earlier(f, b.Period)
	case f.node != nil && f.node.Kind == yaml.SequenceNode:
		b.Months = r.months(f, b.Period)
	default:
		b.Amount, _ = r.amount(f)
	}
}

const monthsOfYear = 12

// months is an amount for each month of the year.
func (r *reader) months(f field, period PeriodKind) []decimal.Decimal {
	if n := len(f.node.Content); n != monthsOfYear {
		r.report(f.node, "a list of amounts has one for each month, January to December: 12, not %d", n)
		return nil
	}
	if period != ByMonth && period != ByBillingPeriod {
		r.report(f.node, "amounts for each month go with \"period: month\" or \"period: billing_period\", not %s", period)
	}
	months := make([]decimal.Decimal, monthsOfYear)
	for i, item := range itemsOf(f) {
		months[i], _ = r.amount(item)
	}
	return months
}

// earlier is an amount made from earlier periods.
func (r *reader) earlier(f field, period PeriodKind) *Earlier {
	s := r.section(f, earlierBlock())
	of := &Earlier{Periods: 1, Times: decimal.NewFromInt(1)}
	what, periods := s.need("of"), s.get("periods")
	switch choose(r, what, choice[string]{known: earlierKinds()}) {
	case ofMean:
		of.Periods = r.whole(s.need("periods"), mostPeriods(period))
	case ofPrevious:
		if periods.node != nil {
			r.report(s.keys["periods"], "\"periods\" goes with \"of: mean\": previous_period is one")
		}
	}
	if times, ok := r.times(s.get("times")); ok {
		of.Times = times
	}
	return of
}

// times is a factor: 1.25, or 1.25x.
func (r *reader) times(f field) (decimal.Decimal, bool) {
	text, ok := r.written(f)
	if !ok {
		return decimal.Decimal{}, false
	}
	n, ok := r.number(f, strings.TrimSuffix(text, "x"), "1.25")
	switch {
	case !ok:
	case !n.IsPositive():
		r.report(f.node, "%q must be more than 0, not %s", f.key, text)
	case n.GreaterThan(decimal.NewFromInt(maxAbove)):
		r.report(f.node, "%q must be at most %d, not %s", f.key, maxAbove, text)
	default:
		return n, true
	}
	return decimal.Decimal{}, false
}

// whole is a whole number from 1 to most.
func (r *reader) whole(f field, most int) int {
	text, ok := r.written(f)
	if !ok {
		return 1
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 || n > most {
		r.report(f.node, "%q must be a whole number from 1 to %d, not %s", f.key, most, shown(text))
		return 1
	}
	return n
}
