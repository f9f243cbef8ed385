package report

import "github.com/billbot/billbot/rules"

// aheadOf is what a budget's period will come to; nil for that of a day, which
// is over, for a period that has ended, and where rules look at no forecast,
// which leaves what is spent in its place.
func aheadOf(f rules.Finding) *Forecast {
	if f.PeriodKind == rules.ByDay || f.Ended || f.Through >= f.Period.End || !f.Projected.GreaterThan(f.Amount) {
		return nil
	}
	return &Forecast{Total: f.Projected, Lo: f.ProjectedLo, Hi: f.ProjectedHi}
}

// budgetLine says where a budget stands, and where it leads: "Budget d1: $16.00
// of $25.00 (64%); heading for about $31.00 ($28.00 to $35.00), 124%".
func budgetLine(b BudgetLine) string {
	text := BudgetText(b)
	if b.Ahead == nil || b.Unjudged != "" || b.Billed != "" {
		return text
	}
	in := scale{b.Currency, b.Unit, b.Quantity}
	text += "; heading for about " + in.write(b.Ahead.Total)
	if lo, hi := in.write(b.Ahead.Lo), in.write(b.Ahead.Hi); lo != hi && b.Ahead.Hi.IsPositive() {
		text += " (" + lo + " to " + hi + ")"
	}
	share := Percent(b.Ahead.Total, b.Limit)
	if b.Ahead.Total.GreaterThanOrEqual(b.Limit.Mul(farOver)) {
		share = Times(b.Ahead.Total, b.Limit)
	}
	if share != "" {
		text += ", " + share
	}
	return text
}
