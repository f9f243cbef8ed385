package rules

import (
	"cmp"
	"maps"
	"slices"

	"github.com/billbot/billbot/fetcher"
	"github.com/billbot/billbot/rules/spend"
	"github.com/shopspring/decimal"
)

// evaluateBudget measures a budget for each of its subjects in one account,
// over each of the periods that can still change.
func (rule Rule) evaluateBudget(b *book) []Finding {
	var findings []Finding
	subjects := rule.subjects(b)
	for _, subject := range slices.SortedFunc(maps.Keys(subjects), compareSubjects) {
		m := measure{rule: rule, book: b, subject: subject, charges: subjects[subject]}
		m.currency = cmp.Or(rule.Budget.Currency, spend.Currency(m.charges))
		findings = append(findings, m.findings()...)
	}
	return findings
}

func compareSubjects(a, b Subject) int {
	return cmp.Or(cmp.Compare(a.Account, b.Account), cmp.Compare(a.Service, b.Service), cmp.Compare(a.Zone, b.Zone))
}

// subjects sorts the rule's charges by what the rule is per. A budget per
// account has its one subject even without charges.
func (rule Rule) subjects(b *book) map[Subject][]fetcher.Charge {
	subjects := map[Subject][]fetcher.Charge{}
	if rule.Match.everything() && (rule.Per == PerAccount || rule.Per == PerTotal) {
		subjects[Subject{Account: b.account.Name}] = b.ledger.Charges
		return subjects
	}
	if rule.Per == PerAccount || rule.Per == PerTotal {
		subjects[Subject{Account: b.account.Name}] = nil
	}
	for _, c := range b.ledger.Charges {
		if !rule.Match.Charge(c) {
			continue
		}
		subject := rule.subjectOf(b.account, c)
		subjects[subject] = append(subjects[subject], c)
	}
	return subjects
}

// subjectOf is what a charge of an account counts for.
func (rule Rule) subjectOf(account Account, c fetcher.Charge) Subject {
	subject := Subject{Account: account.Name}
	switch rule.Per {
	case PerService:
		subject.Service = c.Service()
	case PerZone:
		subject.Zone = cmp.Or(c.ZoneName, c.ZoneID, "no zone")
	}
	return subject
}

// measure is one budget held against one subject.
type measure struct {
	rule     Rule
	book     *book
	subject  Subject
	charges  []fetcher.Charge
	currency string
}

func (m measure) findings() []Finding {
	switch m.rule.Budget.Period {
	case ByDay:
		return []Finding{m.daily()}
	case ByBillingPeriod:
		return m.billingPeriods()
	default:
		return m.calendarPeriods()
	}
}

// billingPeriods measures the billing periods that are open today or ended
// lately. Subscriptions whose periods start on different days share a budget:
// the periods open on one day are one sum.
func (m measure) billingPeriods() []Finding {
	var findings []Finding
	for _, open := range m.openSets() {
		stretch := m.stretch(open)
		f := m.over(stretch, func(c fetcher.Charge) bool {
			return c.ChargePeriodStart <= stretch.End &&
				slices.ContainsFunc(open, func(p fetcher.Period) bool { return p.Start == c.BillingPeriodStart })
		})
		f.Spans = len(open)
		findings = append(findings, f)
	}
	return findings
}

// own is the subject's part of the ledger: its billing periods are those of
// its own charges, not those of other subscriptions.
func (m measure) own() fetcher.Ledger {
	own := m.book.ledger
	own.Charges = m.charges
	return own
}

// openSets returns the sets of billing periods that were open together: today,
// and on the last day of each period that ended lately. A subject that is quiet
// today has the account's periods.
func (m measure) openSets() [][]fetcher.Period {
	own := m.own()
	days := []fetcher.Day{m.book.today}
	for _, start := range own.PeriodStarts() {
		if end := own.Period(start).End; end < m.book.today && end+fetcher.LateDays >= m.book.today {
			days = append(days, end)
		}
	}
	slices.Sort(days)
	var sets [][]fetcher.Period
	for _, d := range days {
		open := own.OpenPeriods(d)
		if len(open) == 0 && d == m.book.today {
			open = m.book.ledger.OpenPeriods(d)
		}
		if len(open) > 0 && !slices.ContainsFunc(sets, func(s []fetcher.Period) bool { return slices.Equal(s, open) }) {
			sets = append(sets, open)
		}
	}
	return sets
}

// stretch is the days on which just these periods are open. Those of a period
// that is over, and whose next one has no rows yet, are another stretch.
func (m measure) stretch(open []fetcher.Period) fetcher.Period {
	days := common(open)
	own := m.own()
	for _, start := range own.PeriodStarts() {
		p := own.Period(start)
		if p.Contains(days.Start) && p.End < days.End && !slices.Contains(open, p) {
			days.Start = p.End + 1
		}
	}
	return days
}

// common is the days on which all of the periods are open.
func common(periods []fetcher.Period) fetcher.Period {
	whole := periods[0]
	for _, p := range periods[1:] {
		whole.Start = max(whole.Start, p.Start)
		if p.End < whole.End {
			whole.End, whole.EndEstimated = p.End, p.EndEstimated
		}
	}
	return whole
}

// calendarPeriods measures the calendar period of today and the one before,
// while that can still change.
func (m measure) calendarPeriods() []Finding {
	periods := []fetcher.Period{calendarPeriod(m.rule.Budget.Period, m.book.today)}
	if before := calendarPeriod(m.rule.Budget.Period, periods[0].Start-1); before.End+fetcher.LateDays >= m.book.today {
		periods = append([]fetcher.Period{before}, periods...)
	}
	var findings []Finding
	for _, p := range periods {
		findings = append(findings, m.over(p, func(c fetcher.Charge) bool { return p.Contains(c.ChargePeriodStart) }))
	}
	return findings
}

// over measures one period. Its currency is the one it began in, so that a
// change of currency within a period neither resets nor resolves anything: what
// comes in the new one is told beside it until the next period.
func (m measure) over(p fetcher.Period, in func(fetcher.Charge) bool) Finding {
	m.currency = cmp.Or(m.rule.Budget.Currency, firstCurrency(m.charges, in), m.currency)
	f := m.finding()
	f.Period, f.Episode, f.Day = p, p.Start, m.book.through
	f.Ended = m.book.today > p.End && (m.book.through >= p.End || m.book.today >= p.End+fetcher.LateDays)
	sums := spend.Sum(m.charges, in)
	f.Amount, f.Others = m.split(sums)
	f.Step, f.Threshold, f.Limit = m.step(f.Amount)
	f.Open = f.Step > 0
	f.Causes = m.causes(in)
	f.Projected = m.projected(f)
	return f
}

// firstCurrency is the currency of the earliest of the charges that in accepts.
func firstCurrency(charges []fetcher.Charge, in func(fetcher.Charge) bool) string {
	var first fetcher.Charge
	for _, c := range charges {
		if in(c) && (first.ChargePeriodStart.IsZero() || c.ChargePeriodStart < first.ChargePeriodStart) {
			first = c
		}
	}
	return first.BillingCurrency
}

func (m measure) finding() Finding {
	return Finding{
		Rule: m.rule.Name, Kind: KindBudget, Severity: m.rule.Severity, Subject: m.subject,
		Through: m.book.through, Limit: m.rule.Budget.Amount, Budget: m.rule.Budget.Amount, Currency: m.currency,
		PeriodKind: m.rule.Budget.Period, Trusted: m.book.ledger.Trust.OK(),
	}
}

// split takes the budget's currency out of the sums; the others are told
// beside it and never added.
func (m measure) split(sums spend.Sums) (decimal.Decimal, []Money) {
	var others []Money
	for _, currency := range sums.Currencies() {
		if currency != m.currency {
			others = append(others, Money{sums[currency], currency})
		}
	}
	return sums[m.currency], others
}

// step counts the thresholds that an amount has reached. The thresholds rise,
// so the last one reached is the highest.
func (m measure) step(amount decimal.Decimal) (reached int, name string, limit decimal.Decimal) {
	limit = m.rule.Budget.Amount
	for i, t := range m.rule.Budget.Actual {
		if !t.Reached(amount, m.rule.Budget.Amount) {
			break
		}
		reached, name = i+1, t.String()
		if t.Amount != nil {
			limit = *t.Amount
		}
	}
	return reached, name, limit
}

// maxCauses is how many services an alert names.
const maxCauses = 3

func (m measure) causes(in func(fetcher.Charge) bool) []Cause {
	var causes []Cause
	for _, s := range spend.ByService(m.charges, m.currency, in) {
		if len(causes) == maxCauses || !s.Cost.IsPositive() {
			break
		}
		causes = append(causes, Cause{Service: s.Service, Amount: s.Cost, Quantity: s.Quantity, Unit: s.Unit})
	}
	return causes
}

// projected is what a period will cost if nothing changes: each service goes on
// at its own pace, one that runs away as on its newest day.
func (m measure) projected(f Finding) decimal.Decimal {
	left := int(f.Period.End - m.book.through)
	if f.Step == 0 || left <= 0 {
		return f.Amount
	}
	return f.Amount.Add(spend.Project(m.book.recent(), m.currency, left, m.about))
}

// about reports whether a charge is the subject's.
func (m measure) about(c fetcher.Charge) bool {
	return m.rule.Match.Charge(c) && m.rule.subjectOf(m.book.account, c) == m.subject
}
