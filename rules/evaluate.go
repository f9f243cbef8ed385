package rules

import (
	"time"

	"github.com/billbot/billbot/fetcher"
	"github.com/billbot/billbot/rules/spend"
	"github.com/shopspring/decimal"
)

// Evaluate says what is true of one account's bill at a moment: a finding
// for each rule and subject, over its line or not. Rules per total are left to
// [EvaluateTotals], which sees all accounts.
//
// It is a pure function of its arguments. The bill has to reach back
// [HistoryDays] for spikes to be judged as well as they can be.
func (r *Rules) Evaluate(account Account, bill fetcher.Bill, now time.Time) []Finding {
	b := newBook(account, bill, now)
	found := make([]Finding, 0, r.subjects(b))
	r.ask(b, account)
	for i := range r.Rules {
		if rule := &r.Rules[i]; rule.Per != PerTotal && rule.Match.Account(account) {
			found = rule.evaluate(b, found)
		}
	}
	return found
}

// ask has the book know all spikes before the first service is judged: they
// share the walk.
func (r *Rules) ask(b *book, account Account) {
	for i := range r.Rules {
		rule := &r.Rules[i]
		if rule.Spike != nil && !rule.Match.narrows() && rule.Per != PerTotal && rule.Match.Account(account) {
			b.verdicts(rule.Spike)
		}
	}
}

// subjects is about how many findings there will be: one for each rule, and of
// rules per service one for each service that has some.
func (r *Rules) subjects(b *book) int {
	n := len(r.Rules)
	for i := range r.Rules {
		if r.Rules[i].Per == PerService {
			n += len(b.sheet().items)
		}
	}
	return n
}

// HistoryDays is how many days of charges an evaluation looks at.
const HistoryDays = 120

// evaluate adds the rule's findings to those of others.
func (rule *Rule) evaluate(b *book, found []Finding) []Finding {
	switch {
	case rule.Budget != nil:
		return rule.evaluateBudget(b, found)
	case rule.Spike != nil:
		return rule.evaluateSpike(b, found)
	case rule.Allowance != nil:
		return rule.evaluateAllowance(b, found)
	case rule.Price != nil:
		return rule.evaluatePrice(b, found)
	}
	return found
}

// book is a bill opened for evaluation: what several rules ask for is worked
// out once.
type book struct {
	account Account
	bill    fetcher.Bill
	now     time.Time
	today   fetcher.Day
	through fetcher.Day

	// Filled when a rule asks.
	series map[string]spend.Series // by service, of every line
	byName []spend.Series          // the same, in order
	judged []*verdicts             // of whole services
	daily  map[string]*dailyCost   // by currency
	room   spend.Room

	added    *sheet                    // the bill added up
	outlooks map[string]*spend.Outlook // by service
	open     []fetcher.Period          // the billing periods of the newest day
	joints   []joint
	periods  []periods
}

func newBook(account Account, bill fetcher.Bill, now time.Time) *book {
	return &book{
		account: account, bill: bill, now: now,
		today: fetcher.DayOf(now), through: bill.Through(),
		daily: map[string]*dailyCost{},
	}
}

// sheet returns the bill added up.
func (b *book) sheet() *sheet {
	if b.added == nil {
		b.added = newSheet(b.bill)
	}
	return b.added
}

// allSeries returns the series of every service.
func (b *book) allSeries() map[string]spend.Series {
	if b.series == nil {
		b.series = map[string]spend.Series{}
		b.byName = spend.AllSeries(b.bill, b.since(), everyLine)
		for _, s := range b.byName {
			b.series[s.Service] = s
		}
	}
	return b.series
}

// allByName returns the series of every service, by name.
func (b *book) allByName() []spend.Series {
	b.allSeries()
	return b.byName
}

// since is the first of the last HistoryDays.
func (b *book) since() fetcher.Day { return b.through - HistoryDays + 1 }

func everyLine(*fetcher.Line) bool { return true }

// usualDay says what the account usually cost a day, in one currency, on any
// day: the median of the four weeks before it.
func (b *book) usualDay(currency string) func(fetcher.Day) decimal.Decimal {
	d := b.daily[currency]
	if d == nil {
		d = &dailyCost{usual: map[fetcher.Day]decimal.Decimal{}}
		d.add = func() (fetcher.Day, []fetcher.Number) { return spend.DailyCost(b.bill, currency, b.since()) }
		d.on = d.usualOn
		b.daily[currency] = d
	}
	return d.on
}

// dailyCost is what an account cost each day.
type dailyCost struct {
	add   func() (first fetcher.Day, costs []fetcher.Number) // adds the bill up; nil once that is done
	first fetcher.Day
	costs []fetcher.Number
	usual map[fetcher.Day]decimal.Decimal // of the days that were asked for
	on    func(fetcher.Day) decimal.Decimal
}

func (d *dailyCost) usualOn(day fetcher.Day) decimal.Decimal {
	if d.add != nil {
		d.first, d.costs = d.add()
		d.add = nil
	}
	usual, known := d.usual[day]
	if !known {
		n := min(max(0, int(day-d.first)), len(d.costs))
		var month [spend.UsualDays]fetcher.Number
		usual = spend.MedianOf(month[:copy(month[:], d.costs[max(0, n-spend.UsualDays):n])])
		d.usual[day] = usual
	}
	return usual
}
