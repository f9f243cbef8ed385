package report

import (
	"cmp"
	"strings"
	"time"

	"github.com/billbot/billbot/rules"
	"github.com/shopspring/decimal"
)

// Describe says what a rule watches and when it speaks, in a line without a
// final full stop: "$20.50 a day for D1 - *, told at 100% and $30.00". Amounts
// are in the rule's own currency, else in the given one; "" leaves it out.
func Describe(rule rules.Rule, currency string) string {
	if rule.Spike != nil {
		return describeSpike(*rule.Spike, currency) + ", in " + chosen(rule.Match)
	}
	if rule.Stale != nil {
		return "data that cannot be read or trusted, or has no new charge day for " + hours(rule.Stale.After)
	}
	if rule.Allowance != nil {
		return describeAllowance(*rule.Allowance, currency) + ", of " + chosen(rule.Match)
	}
	if rule.Price != nil {
		return "unit prices that change by at least " + percent(rule.Price.Change) + ", of " + chosen(rule.Match)
	}
	if rule.Budget == nil {
		return chosen(rule.Match)
	}
	b := *rule.Budget
	in := scale{currency: cmp.Or(b.Currency, currency), quantity: b.Quantity}
	return describeLimit(b, in) + " for " + chosen(rule.Match) + by(rule.Per) + toldAt(b, in)
}

// describeLimit says how much a budget allows, and in what time.
func describeLimit(b rules.Budget, in scale) string {
	period := strings.ReplaceAll(string(b.Period), "_", " ")
	text := ""
	switch {
	case b.Of != nil && b.Of.Periods > 1:
		text = b.Of.Times.String() + "x the mean of the last " + count(b.Of.Periods, period)
	case b.Of != nil:
		text = b.Of.Times.String() + "x the " + period + " before"
	case b.Months != nil:
		text = in.write(decimal.Min(b.Months[0], b.Months...)) + " to " + in.write(decimal.Max(b.Months[0], b.Months...)) + " a " + period
	default:
		text = in.write(b.Amount) + " a " + period
	}
	if b.Quantity {
		return "a quantity of " + text
	}
	return text
}

// describeSpike says which days a spike rule flags.
func describeSpike(s rules.Spike, currency string) string {
	text := "days of more than " + s.Above.String() + "x usual"
	var least []string
	if s.AtLeast.Amount.IsPositive() {
		least = append(least, Money(s.AtLeast.Amount, currency))
	}
	if s.AtLeast.Share.IsPositive() {
		least = append(least, s.AtLeast.Share.String()+"% of the account's usual day")
	}
	if len(least) > 0 {
		text += ", by at least " + and(least)
	}
	return text
}

// describeAllowance says when an allowance rule speaks.
func describeAllowance(a rules.Allowance, currency string) string {
	var parts []string
	if lines := linesAt(a.Used, scale{}); lines != "" {
		parts = append(parts, "allowances that are used to "+lines)
	}
	if a.Cost.IsPositive() {
		parts = append(parts, "usage that was free and will cost at least "+Money(a.Cost, currency))
	}
	return strings.Join(parts, ", or ")
}

// chosen says which charges a rule is about.
func chosen(m rules.Match) string {
	text := "every service"
	if len(m.Services) > 0 {
		text = list(m.Services)
	}
	if len(m.Exclude) > 0 {
		text += " except " + list(m.Exclude)
	}
	if len(m.Families) > 0 {
		text += " of " + noun(len(m.Families), "family", "families") + " " + list(m.Families)
	}
	if len(m.Zones) > 0 {
		text += " in " + noun(len(m.Zones), "zone", "zones") + " " + list(m.Zones)
	}
	return text
}

// by says what has a budget of its own, where that is not the account.
func by(per rules.Per) string {
	switch per {
	case rules.PerService:
		return ", each service by itself"
	case rules.PerZone:
		return ", each zone by itself"
	case rules.PerTotal:
		return ", all accounts together"
	}
	return ""
}

func toldAt(b rules.Budget, in scale) string {
	text := ""
	if lines := linesAt(b.Actual, in); lines != "" {
		text = ", told at " + lines
	}
	if lines := linesAt(b.Forecast, in); lines != "" {
		text += ", and at a forecast of " + lines
	}
	return text
}

func linesAt(thresholds []rules.Threshold, in scale) string {
	var lines []string
	for _, t := range thresholds {
		if t.Amount != nil {
			lines = append(lines, in.write(*t.Amount))
		} else {
			lines = append(lines, percent(t.Percent))
		}
	}
	return and(lines)
}

// hours writes a time span as a rules file does: "72h", "1h30m".
func hours(d time.Duration) string {
	text := strings.TrimSuffix(d.String(), "0s")
	return strings.TrimSuffix(text, "0m")
}

func percent(p decimal.Decimal) string { return p.String() + "%" }

func list(patterns rules.Patterns) string {
	var texts []string
	for _, p := range patterns {
		texts = append(texts, p.Text)
	}
	return strings.Join(texts, ", ")
}

// and joins as one says it: "50%, 80% and 100%".
func and(texts []string) string {
	if len(texts) < 2 {
		return strings.Join(texts, "")
	}
	last := len(texts) - 1
	return strings.Join(texts[:last], ", ") + " and " + texts[last]
}

func noun(n int, one, many string) string {
	if n == 1 {
		return one
	}
	return many
}
