package rules

import (
	"slices"
	"time"

	"github.com/billbot/billbot/fetcher"
)

// Causes says of the budgets among what [Advance] tells, now, of an account's
// bill what they are made of and why: the services that cost most, and whether
// more was used than before, or the same at another price. [Rules.Evaluate]
// leaves it out, as it takes longer than to judge, and few findings are ever told.
func (r *Rules) Causes(account Account, bill fetcher.Bill, alerts []Alert, events []Event, now time.Time) {
	b := newBook(account, bill, now)
	for i := range events {
		told := &events[i].Alert
		if !r.cause(b, &told.Finding) {
			continue
		}
		for k := range alerts {
			if alerts[k].ID == told.ID {
				alerts[k].Finding.Causes = told.Finding.Causes
			}
		}
	}
}

// cause fills in the causes of a finding that is as new as the book; false if it
// is of none of the budgets.
func (r *Rules) cause(b *book, f *Finding) bool {
	i := slices.IndexFunc(r.Rules, func(rule Rule) bool { return rule.Name == f.Rule })
	if i < 0 || f.Through != b.through || r.Rules[i].Budget == nil || !f.OfBudget() {
		return false
	}
	r.Rules[i].cause(b, f)
	return true
}

// caused fills in the causes of all of a rule's findings.
func (rule Rule) caused(b *book, findings []Finding) []Finding {
	for i := range findings {
		if rule.Budget != nil {
			rule.cause(b, &findings[i])
		}
	}
	return findings
}

func (rule *Rule) cause(b *book, f *Finding) {
	m := rule.measureOf(b, f)
	s, known := m.stretchOf(f)
	if !known {
		return
	}
	here := m.in(s)
	f.Causes = here.causes(s)
	if len(f.Causes) > 0 && (f.Open || f.isRun()) {
		here.compare(f, s)
	}
}

// stretchOf is the days that a finding adds up.
func (m *measure) stretchOf(f *Finding) (stretch, bool) {
	if f.PeriodKind == ByDay {
		return stretch{Period: f.Period}, f.isRun()
	}
	for _, s := range m.stretches() {
		if s.Period == f.Period {
			return s, true
		}
	}
	return stretch{}, false
}

// causes is the services that cost most in a stretch, or used most, dearest
// first. Costs are of the measure's currency.
func (m *measure) causes(s stretch) []Cause {
	r := ranking{quantity: m.rule.Budget.Quantity}
	costs, quantities := m.book.sheet().in(s, false), m.book.sheet().in(s, true)
	for _, it := range m.items {
		if costs[it.index].held && it.currency == m.currency {
			r.add(it, costs[it.index].Sum, quantities[it.index].Sum)
		}
	}
	r.rank(r.now)
	return r.causes()
}

// maxCauses is how many services an alert names.
const maxCauses = 3

// ranking keeps the largest services of those that items are added of.
type ranking struct {
	quantity bool // they are ranked by what was used, not by what it cost
	now      part // the service whose items are being added
	top      [maxCauses]part
	parts    int // of top
}

// part is one service's part of a sum.
type part struct {
	service        string
	cost, quantity fetcher.Sum
	unit           string
	mixed          bool // several units: there is no quantity
}

// add adds an item to its service's part. Items come by service.
func (r *ranking) add(it *item, cost, quantity fetcher.Sum) {
	if r.now.service != it.service {
		r.rank(r.now)
		r.now = part{service: it.service, unit: it.unit, cost: cost, quantity: quantity}
		return
	}
	r.now.cost.Merge(cost)
	r.now.quantity.Merge(quantity)
	r.now.mixed = r.now.mixed || unitOf(it.unit) != unitOf(r.now.unit)
}

// weight is what a part is ranked by.
func (r *ranking) weight(p *part) fetcher.Number {
	if r.quantity {
		return p.quantity.Number()
	}
	return p.cost.Number()
}

// rank keeps a service's part if it is among the largest. Of equal ones the
// first stays in front.
func (r *ranking) rank(p part) {
	weight := r.weight(&p)
	if weight.Sign() <= 0 {
		return
	}
	i := r.parts
	for i > 0 && weight.Cmp(r.weight(&r.top[i-1])) > 0 {
		i--
	}
	if i < maxCauses {
		r.parts = min(r.parts+1, maxCauses)
		copy(r.top[i+1:], r.top[i:])
		r.top[i] = p
	}
}

func (r *ranking) causes() []Cause {
	causes := make([]Cause, r.parts)
	for i, p := range r.top[:r.parts] {
		causes[i] = Cause{Service: p.service, Amount: p.cost.Decimal(), Unit: p.unit}
		if !p.mixed {
			causes[i].Quantity = p.quantity.Decimal()
		}
	}
	return causes
}
