package rules

import (
	"cmp"
	"maps"
	"slices"

	"github.com/billbot/billbot/fetcher"
	"github.com/billbot/billbot/rules/spend"
)

// evaluateBudget measures a budget for each of its subjects in one account,
// over each of the periods that can still change.
func (rule *Rule) evaluateBudget(b *book, found []Finding) []Finding {
	matched := rule.itemsOf(b.sheet())
	if rule.Per == PerAccount || len(matched) == 0 && rule.Per == PerTotal {
		return rule.measure(b, Subject{Account: b.account.Name}, matched).find(found)
	}
	subjects := rule.bySubject(b.account, matched)
	for _, subject := range slices.SortedFunc(maps.Keys(subjects), compareSubjects) {
		found = rule.measure(b, subject, subjects[subject]).find(found)
	}
	return found
}

// bySubject is items by what they count for.
func (rule *Rule) bySubject(account Account, items []*item) map[Subject][]*item {
	subjects := map[Subject][]*item{}
	for _, it := range items {
		subject := rule.subjectOf(account, it)
		subjects[subject] = append(subjects[subject], it)
	}
	return subjects
}

// measureOf is the measure that made a finding.
func (rule *Rule) measureOf(b *book, f *Finding) *measure {
	items := rule.itemsOf(b.sheet())
	if rule.Per != PerAccount {
		items = rule.bySubject(b.account, items)[f.Subject]
	}
	m := rule.measure(b, f.Subject, items)
	m.currency, m.counted = cmp.Or(f.Currency, m.currency), f.Unit
	return m
}

// itemsOf is the items that the rule is about.
func (rule *Rule) itemsOf(s *sheet) []*item {
	if rule.Match.all() {
		return s.all()
	}
	matched := make([]*item, 0, len(s.items))
	for _, it := range s.all() {
		if rule.Match.item(it) {
			matched = append(matched, it)
		}
	}
	return matched
}

func compareSubjects(a, b Subject) int {
	return cmp.Or(cmp.Compare(a.Account, b.Account), cmp.Compare(a.Service, b.Service),
		cmp.Compare(a.Zone, b.Zone), cmp.Compare(a.Currency, b.Currency))
}

// subjectOf is what an item of an account counts for. A total that asserts no
// currency is one for each there is.
func (rule *Rule) subjectOf(account Account, it *item) Subject {
	subject := Subject{Account: account.Name}
	switch {
	case rule.Per == PerService:
		subject.Service = it.service
	case rule.Per == PerZone:
		subject.Zone = cmp.Or(it.zone, it.zoneID, "no zone")
	case rule.Per == PerTotal && rule.Budget.Currency == "" && !rule.Budget.Quantity:
		subject.Currency = it.currency
	}
	return subject
}

// measure is one budget held against one subject.
type measure struct {
	rule     *Rule
	book     *book
	subject  Subject
	items    []*item
	calendar fetcher.Calendar // of the subject's own billing periods
	currency string           // of the amounts
	counted  string           // the unit of quantities
}

func (rule *Rule) measure(b *book, subject Subject, items []*item) *measure {
	m := &measure{rule: rule, book: b, subject: subject, items: items}
	m.currency = cmp.Or(rule.Budget.Currency, newestCurrency(items))
	m.calendar = b.sheet().calendar
	if len(items) < len(b.sheet().items) && rule.Budget.Period == ByBillingPeriod {
		m.calendar.Starts = startsOf(items)
	}
	return m
}

// unit is what amounts are in: a currency, or the unit of quantities.
func (m *measure) unit() string {
	if m.rule.Budget.Quantity {
		return m.counted
	}
	return m.currency
}

func (m *measure) find(found []Finding) []Finding {
	if m.rule.Budget.Period == ByDay {
		return append(found, m.daily())
	}
	for _, s := range m.stretches() {
		here := m.in(s)
		found = append(found, here.over(s))
	}
	return found
}

// in is the measure of one period. Its currency is the one it began in, so that a
// change of currency within a period neither resets nor resolves anything: what
// comes in the new one is told beside it until the next period.
func (m *measure) in(s stretch) measure {
	here := *m
	if m.rule.Budget.Period != ByDay {
		here.currency = cmp.Or(m.rule.Budget.Currency, firstCurrency(m.items, s), m.currency)
	}
	return here
}

// over measures the one period that it is in.
func (m *measure) over(s stretch) Finding {
	f := m.finding()
	f.Period, f.Episode, f.Day, f.Spans = s.Period, s.Start, m.book.through, len(s.starts)
	f.Ended = m.book.today > s.End && (m.book.through >= s.End || m.book.today >= s.End+fetcher.LateDays)
	if long := s.Days() > 2*longMonth; long && !m.book.sheet().reaches(s.Start) {
		f.From = m.book.sheet().first
	}
	if !m.total(&f, s) {
		return f
	}
	f.Budget, f.Basis, f.Unjudged = m.limit(s)
	f.Limit = f.Budget
	f.expectNoMore()
	if f.Unjudged == "" {
		var space [4]rung
		m.level(&f, newLadder(space[:], m.rule.Budget, f.Budget))
	}
	return f
}

// total fills in what a stretch comes to; false if that cannot be said.
func (m *measure) total(f *Finding, s stretch) bool {
	t := m.tallied(s)
	if m.rule.Budget.Quantity && len(t.sums) > 1 {
		f.Unjudged = SeveralUnits
		return false
	}
	if m.rule.Budget.Quantity {
		m.counted = t.unit(m.items)
		f.Unit, f.Currency = m.counted, ""
	} else {
		f.Others = t.others(m.currency)
	}
	f.Amount = t.of(m.unit()).Decimal()
	return true
}

// level says how high the finding stands on the ladder: by what is spent, or by
// the forecast, whichever leads higher.
func (m *measure) level(f *Finding, l ladder) {
	step := l.climb(fetcher.NumberOf(f.Amount))
	asked := len(m.rule.Budget.Forecast) > 0
	switch goesOn := f.Period.End > m.book.through; {
	case goesOn && !m.book.foreseeable(f.Period):
		f.expectNothing()
	case goesOn && (step > 0 || asked):
		f.expect(m.projected(f))
		if asked && !f.Ended {
			reached, held := l.ahead(f.Projected)
			step, f.Held = max(step, reached), held
		}
	}
	f.take(l, step)
}

func (m *measure) finding() Finding {
	return Finding{
		Rule: m.rule.Name, Kind: KindBudget, Severity: m.rule.Severity, Subject: m.subject,
		Through: m.book.through, Currency: m.currency, Quantity: m.rule.Budget.Quantity,
		PeriodKind: m.rule.Budget.Period, Trusted: m.book.bill.Trust.OK(),
	}
}

// projected is what a period will come to.
func (m *measure) projected(f *Finding) spend.Forecast {
	if m.rule.Budget.Quantity {
		return spend.Together(m.usesAhead(f.Period.End)).Plus(f.Amount)
	}
	return m.forecast(f)
}

// about reports whether a line is the subject's.
func (m *measure) about(line *fetcher.Line) bool {
	it := item{
		itemKey: itemKey{family: line.ServiceFamilyName, zone: line.ZoneName, zoneID: line.ZoneID, currency: line.BillingCurrency},
		service: line.Service,
	}
	return m.rule.Match.Line(line) && m.rule.subjectOf(m.book.account, &it) == m.subject
}
