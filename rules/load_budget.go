package rules

import (
	"slices"
	"strings"

	"github.com/shopspring/decimal"
)

// maxThresholds is how many lines a budget may have. Each is compared with all
// others.
const maxThresholds = 100

func budgetBlock() block {
	return block{name: "a budget", keys: []string{"amount", "quantity", "currency", "period", "actual", "forecast"}}
}

func (r *reader) budget(f field) *Budget {
	if f.node == nil {
		return nil
	}
	if isNull(f.node) {
		r.report(f.node, "a budget needs \"amount\" or \"quantity\"")
		return nil
	}
	s := r.section(f, budgetBlock())
	b := &Budget{
		Currency: r.currency(s.get("currency")),
		Period: choose(r, s.get("period"), choice[PeriodKind]{
			known:    periodKinds(),
			fallback: ByBillingPeriod,
		}),
	}
	r.budgetAmount(s, b)
	b.Actual = r.thresholds(s.get("actual"), b.Amount, Threshold{Percent: hundred})
	b.Forecast = r.thresholds(s.get("forecast"), b.Amount)
	if at := s.keys["forecast"]; at != nil && b.Period == ByDay {
		r.report(at, "a budget per day has no forecast: a day is over when its charges arrive")
	}
	return b
}

func periodKinds() []PeriodKind {
	return []PeriodKind{ByBillingPeriod, ByDay, ByWeek, ByMonth, ByQuarter, ByYear}
}

// farAbove is how many times a budget an amount must be to look like a percent
// sign that was forgotten.
var farAbove = decimal.NewFromInt(3)

// thresholds are the lines of a budget, rising. Two of the same height would
// be one alert told twice.
func (r *reader) thresholds(f field, amount decimal.Decimal, fallback ...Threshold) []Threshold {
	if f.node == nil {
		return fallback
	}
	var lines []Threshold
	items := r.list(f)
	if len(items) > maxThresholds {
		r.report(items[maxThresholds].node, "%q has more than %d thresholds", f.key, maxThresholds)
		items = items[:maxThresholds]
	}
	for _, item := range items {
		line, ok := r.threshold(item)
		if !ok {
			continue
		}
		if i := slices.IndexFunc(lines, func(other Threshold) bool { return line.same(other, amount) }); i >= 0 {
			r.report(item.node, "threshold %s is the same as %s", shown(item.node.Value), lines[i])
			continue
		}
		if line.Amount != nil && amount.IsPositive() && line.Amount.GreaterThan(amount.Mul(farAbove)) {
			r.warn(item.node, "threshold %s is an amount, far above the budget of %s: did you mean %s%%?", line, amount, line)
		}
		lines = append(lines, line)
	}
	if amount.IsZero() {
		amount = hundred // not known yet; percentages have an order all the same
	}
	slices.SortFunc(lines, func(a, b Threshold) int { return a.Limit(amount).Cmp(b.Limit(amount)) })
	return lines
}

func (r *reader) threshold(f field) (Threshold, bool) {
	text, ok := r.written(f)
	if !ok {
		return Threshold{}, false
	}
	if strings.HasSuffix(text, "%") {
		percent, ok := r.percent(f, text, false)
		return Threshold{Percent: percent}, ok
	}
	amount, ok := r.amount(f)
	return Threshold{Amount: &amount}, ok
}

// same reports whether two lines stand at the same height. Without an amount
// only lines of one kind can be compared.
func (t Threshold) same(other Threshold, amount decimal.Decimal) bool {
	if amount.IsZero() && (t.Amount == nil) != (other.Amount == nil) {
		return false
	}
	if amount.IsZero() {
		amount = hundred
	}
	return t.Limit(amount).Equal(other.Limit(amount))
}
