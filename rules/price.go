package rules

import (
	"github.com/billbot/billbot/fetcher"
	"github.com/billbot/billbot/rules/spend"
	"github.com/shopspring/decimal"
)

// Price asks for services whose unit price changes.
type Price struct {
	Change decimal.Decimal // percent of the price before, up or down; 10 by default
}

// evaluatePrice compares the unit price of each service the rule is about with
// the one before. A service that was billed at one price has a finding too: it
// says that nothing changed.
func (rule Rule) evaluatePrice(b *book, found []Finding) []Finding {
	calendar := b.sheet().calendar
	for _, s := range rule.matched(b) {
		found = append(found, rule.priced(b, s, calendar))
	}
	return found
}

// priced says what became of one service's price. A price that came back to
// what it was is no change: it ends the alert of the one it takes back, and
// where two prices follow each other in every billing period, the first change
// was told. A fall matters less than a rise.
func (rule Rule) priced(b *book, s spend.Series, calendar fetcher.Calendar) Finding {
	o := rule.outlook(b, s)
	t := o.Tariff
	f := Finding{
		Rule: rule.Name, Kind: KindPrice, Severity: rule.Severity,
		Subject: Subject{Account: b.account.Name, Service: s.Service}, PeriodKind: ByBillingPeriod,
		Day: b.through, Through: b.through, Amount: t.Price(), Usual: t.Before, Limit: rule.Price.Change,
		Currency: s.Currency, Unit: s.Unit, Trusted: b.bill.Trust.OK(),
	}
	if t.Again || !changed(t, rule.Price.Change) {
		return f
	}
	f.Open, f.Episode, f.Day = true, t.Since, t.Settled
	f.Period = calendar.Period(s.At(t.Settled).BillingPeriodStart)
	f.Ended = b.today > f.Period.End && (b.through >= f.Period.End || b.today >= f.Period.End+fetcher.LateDays)
	if b.foreseeable(f.Period) {
		f.expect(b.ahead(o, f.Period.End).Plus(o.Cost(f.Period)))
	}
	if t.Price().LessThan(t.Before) {
		f.Severity = Info
	}
	return f
}

// changed reports whether a price differs from the one before by so many
// percent.
func changed(t spend.Tariff, percent decimal.Decimal) bool {
	difference := t.Price().Sub(t.Before).Abs()
	return t.Before.IsPositive() && difference.Shift(2).GreaterThanOrEqual(t.Before.Mul(percent))
}

// priceEpisodeGap is how many days the first day at a price may move, by a
// restatement, and still be that of the same change.
const priceEpisodeGap = 7

// sameChange reports whether two findings are of one change of a price, though
// both prices may be known more exactly by now.
func sameChange(a, b Finding) bool {
	near := max(a.Episode, b.Episode)-min(a.Episode, b.Episode) <= priceEpisodeGap
	return near && samePrice(a.Amount, b.Amount) && samePrice(a.Usual, b.Usual)
}

// samePrice reports whether two prices differ by no more than a hundredth.
func samePrice(a, b decimal.Decimal) bool {
	return a.Sub(b).Abs().Shift(2).LessThanOrEqual(decimal.Max(a, b))
}
