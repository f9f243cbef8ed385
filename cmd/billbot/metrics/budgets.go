package metrics

import (
	"cmp"
	"slices"

	"github.com/billbot/billbot/rules/report"
	"github.com/shopspring/decimal"
)

// AllAccounts is the account of budgets across accounts.
const AllAccounts = "*"

// KeepBudgets keeps where the budgets of an account stand, or those across
// accounts, for the scrapes to come.
func (m *Metrics) KeepBudgets(account string, lines []report.BudgetLine) {
	var samples []sample
	for _, b := range m.standings(lines) {
		samples = append(samples, m.ofBudget(account, b)...)
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.budgets[account] = samples
}

func (m *Metrics) ofBudget(account string, b standing) []sample {
	g := m.gauges
	spend, limit := g.budgetSpend, g.budgetLimit
	if b.quantity {
		spend, limit = g.quantityUsed, g.quantityLimit
	}
	labels := []string{account, b.rule, b.service, b.zone, b.period, b.in}
	samples := []sample{{spend, amount(b.spent), labels}}
	if b.judged {
		samples = append(samples, sample{limit, amount(b.limit), labels})
	}
	if b.foretold && !b.quantity {
		samples = append(samples, sample{g.budgetForecast, amount(b.ahead), labels})
	}
	return samples
}

// standing is where one budget stands, or several that are not told apart.
type standing struct {
	subject
	spent, limit, ahead decimal.Decimal
	judged              bool // there is a limit
	foretold            bool // ahead is known
}

// subject is what tells budgets apart.
type subject struct {
	rule, service, zone, period string
	in                          string // currency or unit
	quantity                    bool
}

// standings tells the budgets apart that are used most, so that one that is over
// has its name, and sums the others of each rule. A budget of a whole account is
// always told.
func (m *Metrics) standings(lines []report.BudgetLine) []standing {
	lines = slices.DeleteFunc(slices.Clone(lines), func(b report.BudgetLine) bool { return b.Billed != "" })
	slices.SortStableFunc(lines, byShareUsed)
	var all []standing
	for i, line := range lines {
		s := standingOf(line)
		if i >= int(m.most.Load()) {
			s.fold()
		}
		at := slices.IndexFunc(all, func(t standing) bool { return t.subject == s.subject })
		if at < 0 {
			all = append(all, s)
			continue
		}
		all[at].add(s)
	}
	return all
}

// byShareUsed orders budgets, the one that is used most first. Where there is no
// limit there is no share.
func byShareUsed(a, b report.BudgetLine) int {
	if hasA, hasB := a.Limit.IsPositive(), b.Limit.IsPositive(); !hasA || !hasB {
		return cmp.Compare(one(hasB), one(hasA))
	}
	return b.Spent.Mul(a.Limit).Cmp(a.Spent.Mul(b.Limit))
}

func standingOf(b report.BudgetLine) standing {
	s := standing{
		subject: subject{
			rule: b.Rule, service: named(b.Subject.Service), zone: named(b.Subject.Zone), period: string(b.Kind),
			in: named(b.Currency), quantity: b.Quantity,
		},
		spent: b.Spent, limit: b.Limit, judged: b.Unjudged == "",
	}
	if b.Quantity {
		s.in = named(b.Unit)
	}
	if b.Ahead != nil {
		s.ahead, s.foretold = b.Ahead.Total, true
	}
	return s
}

// fold takes away what tells a budget apart from others of its rule.
func (s *standing) fold() {
	if s.service != "" {
		s.service = other
	}
	if s.zone != "" {
		s.zone = other
	}
}

func (s *standing) add(t standing) {
	s.spent, s.limit, s.ahead = s.spent.Add(t.spent), s.limit.Add(t.limit), s.ahead.Add(t.ahead)
	s.judged, s.foretold = s.judged && t.judged, s.foretold && t.foretold
}
