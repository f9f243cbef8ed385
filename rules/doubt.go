package rules

import (
	"fmt"
	"slices"
	"strings"
)

// doubts are rules that nobody can have meant as they are: they can never fire,
// or say what another one says.
func (r *Rules) doubts() []Problem {
	doubts := append(r.shadowed(), r.repeats()...)
	for _, rule := range r.Rules {
		if rule.Match.Cancels() {
			doubts = append(doubts, r.Source.OfRule(rule.Name, "exclude",
				"rule %s can never fire: \"exclude\" takes away every service that it chooses", shown(rule.Name)))
		}
	}
	return doubts
}

// mostPairs bounds how many patterns are compared with others for one rule. More
// are nobody's slip.
const mostPairs = 1000

// Cancels reports whether a match takes away all that it chooses.
func (m Match) Cancels() bool {
	chosen := m.Services
	if len(chosen) == 0 {
		chosen = Patterns{NewPattern("*")}
	}
	return len(m.Exclude) > 0 && m.Exclude.cover(chosen)
}

// cover reports whether the patterns choose all that others do, as far as one
// of them alone does.
func (ps Patterns) cover(others Patterns) bool {
	if len(ps)*len(others) > mostPairs {
		return false
	}
	return !slices.ContainsFunc(others, func(other Pattern) bool {
		return !slices.ContainsFunc(ps, func(p Pattern) bool { return p.covers(other) })
	})
}

// covers reports whether the pattern chooses every name that another one does.
// It is asked for two such names, of characters that only a glob chooses: with
// nothing for each star, and with more than the pattern has characters, so that
// a star of its own has to take them.
func (p Pattern) covers(other Pattern) bool {
	const any = "\x00"
	text := strings.ReplaceAll(other.whole(), "?", any)
	return p.Match(strings.ReplaceAll(text, "*", "")) &&
		p.Match(strings.ReplaceAll(text, "*", strings.Repeat(any, len(p.whole())+1)))
}

// shadowed are the stale rules that never speak, as others come first for all
// of their accounts.
func (r *Rules) shadowed() []Problem {
	var found []Problem
	var earlier []Rule
	for _, rule := range r.Rules {
		if rule.Stale == nil {
			continue
		}
		if over := r.before(earlier, rule); over != "" {
			found = append(found, r.Source.OfRule(rule.Name, "name",
				"rule %s never speaks: of stale rules the first counts, which is %s for all of its accounts", shown(rule.Name), over))
		}
		earlier = append(earlier, rule)
	}
	return found
}

// before names the rules that come before one for all of its accounts; "" if
// some account is left to it. In a file without accounts patterns tell.
func (r *Rules) before(earlier []Rule, rule Rule) string {
	if len(r.Accounts) == 0 {
		i := slices.IndexFunc(earlier, func(e Rule) bool {
			return len(e.Match.Accounts) == 0 || len(rule.Match.Accounts) > 0 && e.Match.Accounts.cover(rule.Match.Accounts)
		})
		if i < 0 {
			return ""
		}
		return shown(earlier[i].Name)
	}
	var names []string
	for _, account := range r.Accounts {
		if !rule.Match.Account(account) {
			continue
		}
		i := slices.IndexFunc(earlier, func(e Rule) bool { return e.Match.Account(account) })
		if i < 0 {
			return ""
		}
		if name := shown(earlier[i].Name); !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return strings.Join(names, " or ")
}

// repeats are the rules that say what an earlier one says, in the same channel.
func (r *Rules) repeats() []Problem {
	var found []Problem
	first := map[string]string{}
	for _, rule := range r.Rules {
		if rule.Stale != nil {
			continue // of which one counts anyway
		}
		meaning := rule.meaning()
		if same, seen := first[meaning]; seen {
			found = append(found, r.Source.OfRule(rule.Name, "name",
				"rule %s says the same as %s, on line %d: everything is told twice", shown(rule.Name), shown(same), r.Source.place(spot{ofRule, same, "name"}).line))
			continue
		}
		first[meaning] = rule.Name
	}
	return found
}

// meaning is what a rule watches and where it speaks, the same for rules that
// say the same in other words.
func (rule Rule) meaning() string {
	m := rule.Match
	parts := []any{rule.Kind(), rule.Per, rule.Channel, m.Services.meaning(), m.Exclude.meaning(), m.Families.meaning(), m.Zones.meaning(), m.Accounts.meaning()}
	if s := rule.Spike; s != nil {
		parts = append(parts, s.Above, s.AtLeast.Amount, s.AtLeast.Share)
	}
	if a := rule.Allowance; a != nil {
		parts = append(parts, a.Used, a.Cost)
	}
	if p := rule.Price; p != nil {
		parts = append(parts, p.Change)
	}
	if b := rule.Budget; b != nil {
		parts = append(parts, b.Amount, b.Months, fmt.Sprint(b.Quantity), b.Currency, b.Period, b.heights(b.Actual), b.heights(b.Forecast))
		if b.Of != nil {
			parts = append(parts, b.Of.Periods, b.Of.Times)
		}
	}
	return fmt.Sprintf("%q", parts)
}

// meaning is the patterns as they match, whatever their order.
func (ps Patterns) meaning() []string {
	var texts []string
	for _, p := range ps {
		texts = append(texts, p.whole())
	}
	slices.Sort(texts)
	return texts
}

// heights is where lines stand: as amounts where the budget is one.
func (b *Budget) heights(lines []Threshold) []string {
	var heights []string
	for _, line := range lines {
		if b.Amount.IsPositive() {
			line = Threshold{Amount: new(line.Limit(b.Amount))}
		}
		heights = append(heights, line.meaning())
	}
	return heights
}

func (t Threshold) meaning() string {
	if t.Amount != nil {
		return t.Amount.String()
	}
	return t.Percent.String() + "%"
}
