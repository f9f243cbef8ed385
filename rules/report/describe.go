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
	if rule.Budget == nil {
		return chosen(rule.Match)
	}
	b := *rule.Budget
	currency = cmp.Or(b.Currency, currency)
	period := strings.ReplaceAll(string(b.Period), "_", " ")
	return Money(b.Amount, currency) + " a " + period + " for " + chosen(rule.Match) + by(rule.Per) + toldAt(b.Actual, currency)
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

func toldAt(thresholds []rules.Threshold, currency string) string {
	var lines []string
	for _, t := range thresholds {
		if t.Amount != nil {
			lines = append(lines, Money(*t.Amount, currency))
		} else {
			lines = append(lines, percent(t.Percent))
		}
	}
	if len(lines) == 0 {
		return ""
	}
	return ", told at " + and(lines)
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
