package rules

import (
	"slices"

	"github.com/shopspring/decimal"
)

func allowanceBlock() block {
	return block{name: "an allowance rule", keys: []string{"used", "cost"}}
}

func priceBlock() block {
	return block{name: "a price rule", keys: []string{"change"}}
}

// defaultUsed is the lines of an allowance rule that writes none.
func defaultUsed() []Threshold {
	return []Threshold{{Percent: decimal.NewFromInt(80)}, {Percent: hundred}}
}

// allowance reads what of an allowance is told. A rule that says what a service
// must be going to cost, and nothing else, asks for no more.
func (r *reader) allowance(f field) *Allowance {
	if f.node == nil {
		return nil
	}
	a := &Allowance{Used: defaultUsed()}
	if isNull(f.node) {
		return a
	}
	s := r.section(f, allowanceBlock())
	if cost, ok := r.amount(s.get("cost")); ok {
		a.Cost, a.Used = cost, nil
	}
	if used := s.get("used"); used.node != nil {
		a.Used = r.usedLines(used)
	}
	return a
}

// usedLines reads percentages of what is included, rising.
func (r *reader) usedLines(f field) []Threshold {
	var lines []Threshold
	items := r.list(f)
	if len(items) > maxThresholds {
		r.report(items[maxThresholds].node, "%q has more than %d thresholds", f.key, maxThresholds)
		items = items[:maxThresholds]
	}
	for _, item := range items {
		line, ok := r.usedLine(item)
		if !ok {
			continue
		}
		if i := slices.IndexFunc(lines, func(other Threshold) bool { return line.Percent.Equal(other.Percent) }); i >= 0 {
			r.report(item.node, "threshold %s is the same as %s", shown(item.node.Value), lines[i])
			continue
		}
		lines = append(lines, line)
	}
	slices.SortFunc(lines, func(a, b Threshold) int { return a.Percent.Cmp(b.Percent) })
	return lines
}

// usedLine is a percentage of what is included, up to all of it: what comes
// after that is money.
func (r *reader) usedLine(f field) (Threshold, bool) {
	text, ok := r.written(f)
	if !ok {
		return Threshold{}, false
	}
	percent, ok := r.percent(f, text, false)
	if ok && percent.GreaterThan(hundred) {
		r.report(f.node, "%q must be at most 100%%, not %s: what comes after the allowance is for \"cost\", or a budget", f.key, text)
		return Threshold{}, false
	}
	return Threshold{Percent: percent}, ok
}

// defaultChange is the percent by which a price must change.
const defaultChange = 10

// leastChange is the least change, in percent, that is not taken for rounding.
const leastChange = 1

func (r *reader) price(f field) *Price {
	if f.node == nil {
		return nil
	}
	price := &Price{Change: decimal.NewFromInt(defaultChange)}
	if isNull(f.node) {
		return price
	}
	change := r.section(f, priceBlock()).get("change")
	text, ok := r.written(change)
	if !ok {
		return price
	}
	percent, ok := r.percent(change, text, false)
	switch {
	case !ok:
	case percent.LessThan(decimal.NewFromInt(leastChange)):
		r.report(change.node, "%q must be at least %d%%, not %s: less is how bills are rounded", change.key, leastChange, text)
	default:
		price.Change = percent
	}
	return price
}

// wholeServices reports what a rule about a service's terms cannot choose by:
// they are the same in all zones, and an allowance is used up by all of them.
func (r *reader) wholeServices(s section) {
	if s.keys["zones"] != nil {
		r.report(s.keys["zones"], "an allowance or a price is that of a whole service: leave \"zones\" out")
	}
}

// perService is for the kinds that are about the terms of services.
func (r *reader) perService(s section, all choice[Per]) Per {
	all.fallback = PerService
	if per := choose(r, s.get("per"), all); per != PerService {
		r.report(s.vals["per"], "an allowance or a price is judged per service, not per %s", per)
	}
	return PerService
}
