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
	account := Subject{Account: b.account.Name}
	if rule.Per == PerAccount || rule.Per == PerTotal {
		subjects[account] = nil
	}
	for _, c := range b.ledger.Charges {
		if !rule.Match.Charge(c) {
			continue
		}
		subject := account
		switch rule.Per {
		case PerService:
			subject.Service = c.Service()
		case PerZone:
			subject.Zone = cmp.Or(c.ZoneName, c.ZoneID, "no zone")
		}
		subjects[subject] = append(subjects[subject], c)
	}
	return subjects
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

// lateDays is how long after its end a period is still measured: the last
// days of a period arrive, and are restated, after it ended.
const lateDays = 5

// billingPeriods measures the billing periods that are open today or ended
// lately. Subscriptions whose periods start on different days share a budget:
// the periods open on one day are one sum.
func (m measure) billingPeriods() []Finding {
	var findings []Finding
	for _, open := range m.openSets() {
		f := m.over(m.stretch(open), func(c fetcher.Charge) bool {
			return slices.ContainsFunc(open, func(p fetcher.Period) bool { return p.Start == c.BillingPeriodStart })
		})
		f.Spans = len(open)
		findings = append(findings, f)
	}
	return findings
}

// openSets returns the sets of billing periods that were open together: today,
// and on the last day of each period that ended lately. The periods are the
// account's, not the subject's: a quiet subject has a budget too.
func (m measure) openSets() [][]fetcher.Period {
	days := []fetcher.Day{m.book.today}
	for _, start := range m.book.ledger.PeriodStarts() {
		if end := m.book.ledger.Period(start).End; end < m.book.today && end+lateDays >= m.book.today {
			days = append(days, end)
		}
	}
	slices.Sort(days)
	var sets [][]fetcher.Period
	for _, d := range days {
		open := m.book.ledger.OpenPeriods(d)
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
	for _, start := range m.book.ledger.PeriodStarts() {
		p := m.book.ledger.Period(start)
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
	if before := calendarPeriod(m.rule.Budget.Period, periods[0].Start-1); before.End+lateDays >= m.book.today {
		periods = append([]fetcher.Period{before}, periods...)
	}
	var findings []Finding
	for _, p := range periods {
		findings = append(findings, m.over(p, func(c fetcher.Charge) bool { return p.Contains(c.ChargePeriodStart) }))
	}
	return findings
}

// over measures one period.
func (m measure) over(p fetcher.Period, in func(fetcher.Charge) bool) Finding {
	f := m.finding()
	f.Period, f.Episode, f.Day = p, p.Start, m.book.through
	f.Ended = m.book.today > p.End && (m.book.through >= p.End || m.book.today > p.End+lateDays-1)
	sums := spend.Sum(m.charges, in)
	f.Amount, f.Others = m.split(sums)
	f.Step, f.Threshold, f.Limit = m.step(f.Amount)
	f.Open = f.Step > 0
	f.Causes = m.causes(in)
	f.Projected = m.projected(f)
	return f
}

func (m measure) finding() Finding {
	return Finding{
		Rule: m.rule.Name, Kind: KindBudget, Severity: m.rule.Severity, Subject: m.subject,
		Through: m.book.through, Limit: m.rule.Budget.Amount, Currency: m.currency,
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
	left := decimal.NewFromInt(int64(max(0, f.Period.End-m.book.through)))
	if f.Step == 0 || left.IsZero() {
		return f.Amount
	}
	sum := f.Amount
	for _, s := range spend.AllSeries(m.recent(), func(c fetcher.Charge) bool { return c.BillingCurrency == m.currency }) {
		judged := spend.Record{Above: decimal.NewFromInt(2), Floor: decimal.NewFromInt(1)}.Judge(s)
		sum = sum.Add(pace(s, judged).Mul(left))
	}
	return sum
}

// recent is the subject's charges that its pace is judged by.
func (m measure) recent() []fetcher.Charge {
	since := m.book.through - HistoryDays
	return slices.DeleteFunc(slices.Clone(m.charges), func(c fetcher.Charge) bool { return c.ChargePeriodStart <= since })
}
