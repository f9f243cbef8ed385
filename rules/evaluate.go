package rules

import (
	"time"

	"github.com/billbot/billbot/fetcher"
	"github.com/billbot/billbot/rules/spend"
	"github.com/shopspring/decimal"
)

// Evaluate says what is true of one account's ledger at a moment: a finding
// for each rule and subject, over its line or not. Rules per total are left to
// [EvaluateTotals], which sees all accounts.
//
// It is a pure function of its arguments. The ledger has to reach back
// [HistoryDays] for spikes to be judged as well as they can be.
func (r *Rules) Evaluate(account Account, ledger fetcher.Ledger, now time.Time) []Finding {
	b := newBook(account, ledger, now)
	findings := make([]Finding, 0, 2*len(r.Rules))
	for _, rule := range r.Rules {
		if rule.Per == PerTotal || !rule.Match.Account(account) {
			continue
		}
		findings = append(findings, rule.evaluate(b)...)
	}
	return findings
}

// HistoryDays is how many days of charges an evaluation looks at.
const HistoryDays = 120

func (rule Rule) evaluate(b *book) []Finding {
	switch {
	case rule.Budget != nil:
		return rule.evaluateBudget(b)
	case rule.Spike != nil:
		return rule.evaluateSpike(b)
	}
	return nil
}

// book is a ledger opened for evaluation: what several rules ask for is worked
// out once.
type book struct {
	account Account
	ledger  fetcher.Ledger
	now     time.Time
	today   fetcher.Day
	through fetcher.Day

	added    *sheet                   // the bill added up; filled when a budget asks
	series   map[string]spend.Series  // by service, of every charge; filled when a rule asks
	outlooks map[string]spend.Outlook // by service, likewise
}

func newBook(account Account, ledger fetcher.Ledger, now time.Time) *book {
	return &book{
		account: account, ledger: ledger, now: now,
		today: fetcher.DayOf(now), through: ledger.Through(),
	}
}

// sheet returns the bill added up.
func (b *book) sheet() *sheet {
	if b.added == nil {
		b.added = newSheet(b.ledger)
	}
	return b.added
}

// allSeries returns the series of every service.
func (b *book) allSeries() map[string]spend.Series {
	if b.series == nil {
		b.series = map[string]spend.Series{}
		for _, s := range spend.AllSeries(b.recent(), func(fetcher.Charge) bool { return true }) {
			b.series[s.Service] = s
		}
	}
	return b.series
}

// recent is the charges of the last HistoryDays.
func (b *book) recent() []fetcher.Charge {
	since := b.through - HistoryDays
	var recent []fetcher.Charge
	for _, c := range b.ledger.Charges {
		if c.ChargePeriodStart > since {
			recent = append(recent, c)
		}
	}
	return recent
}

// usualDay is what the account usually costs a day, in one currency.
func (b *book) usualDay(currency string) decimal.Decimal {
	_, costs := spend.DailyCost(b.recent(), currency, func(fetcher.Charge) bool { return true })
	return spend.Median(costs[max(0, len(costs)-spend.UsualDays):])
}
