package rules

import (
	"maps"
	"slices"

	"github.com/billbot/billbot/fetcher"
	"github.com/billbot/billbot/rules/spend"
	"github.com/shopspring/decimal"
)

// criticalTimes is how many times at_least the projected extra cost of a
// period must pass to make a spike critical.
const criticalTimes = 10

// evaluateSpike judges every service the rule is about. A service without any
// flagged day has a finding too: it says that all is as usual.
func (rule Rule) evaluateSpike(b *book) []Finding {
	matched := rule.matched(b)
	var findings []Finding
	for _, service := range slices.Sorted(maps.Keys(matched)) {
		findings = append(findings, rule.judgeSeries(b, matched[service]))
	}
	return findings
}

// matched returns the series of the services the rule is about. A rule that
// asks for families or zones sees those rows only.
func (rule Rule) matched(b *book) map[string]spend.Series {
	if !rule.Match.narrows() {
		series := maps.Clone(b.allSeries())
		maps.DeleteFunc(series, func(service string, _ spend.Series) bool {
			return !rule.Match.Line(&fetcher.Line{Service: service})
		})
		return series
	}
	series := map[string]spend.Series{}
	for _, s := range spend.AllSeries(b.bill, b.since(), rule.Match.Line) {
		series[s.Service] = s
	}
	return series
}

func (rule Rule) judgeSeries(b *book, s spend.Series) Finding {
	days := rule.judged(b, s)
	f := Finding{
		Rule: rule.Name, Kind: KindSpike, Severity: rule.Severity,
		Subject: Subject{Account: b.account.Name, Service: s.Service},
		Through: b.through, Limit: rule.Spike.AtLeast.Amount, Currency: s.Currency,
		Trusted: b.bill.Trust.OK(),
	}
	episode, found := spend.LastEpisode(days)
	if !found {
		return f
	}
	return rule.describe(b, f, episode, s, days)
}

// judged is the days of a series as the rule sees them. Rules that ask the same
// of the same charges share the answer.
func (rule Rule) judged(b *book, s spend.Series) []spend.Judged {
	record := rule.record(b, s)
	if rule.Match.narrows() {
		return record.Judge(s)
	}
	key := judgedKey{s.Service, rule.Spike.Above.String(), rule.Spike.AtLeast.Amount.String(), rule.Spike.AtLeast.Share.String()}
	days, known := b.judged[key]
	if !known {
		days = record.Judge(s)
		b.judged[key] = days
	}
	return days
}

// record is the rule as it judges a series.
func (rule Rule) record(b *book, s spend.Series) spend.Record {
	record := spend.Record{Above: rule.Spike.Above, Floor: rule.Spike.AtLeast.Amount, Share: rule.Spike.AtLeast.Share}
	if record.Share.IsPositive() {
		record.AccountUsual = b.usualDay(s.Currency)
	}
	return record
}

// describe fills a finding from the episode it is about.
func (rule Rule) describe(b *book, f Finding, e spend.Episode, s spend.Series, days []spend.Judged) Finding {
	last := e.Last
	f.Open, f.Episode, f.Day, f.Over = e.Open, e.Start, last.Day, e.Days
	f.Amount, f.Usual, f.Extra, f.Valued = last.Cost, last.Usual, e.Extra, last.Valued
	f.History, f.Run = last.History, last.Run
	f.Causes = []Cause{Cause{
		Service: s.Service, Amount: last.Cost, Usual: last.Usual,
		Quantity: last.Quantity, UsualQuantity: last.Ordinary, Unit: s.Unit,
	}.repriced(rule.outlook(b, s).Tariff, last.Day)}
	f.Period = b.periodOf(s, last.Day)
	left := decimal.NewFromInt(int64(max(0, f.Period.End-b.through)))
	f.expect(rule.runaway(b, s, days, f.Period.End).Plus(spentIn(s, f.Period)))
	if last.Day < b.through {
		left = decimal.Zero // it does not go on
	}
	if rule.isCritical(f, left) {
		f.Severity = maxSeverity(f.Severity, Critical)
	}
	return f
}

// isCritical reports whether what the spike will cost over usual in its period
// passes ten times what a rise must be worth. It is taken to last as long again
// as it has lasted, within the period, each day like the newest: one odd day is
// not made a month of, and what stays on grows into it.
func (rule Rule) isCritical(f Finding, left decimal.Decimal) bool {
	ahead := decimal.Min(left, decimal.NewFromInt(int64(f.Over)))
	extra := f.Extra.Add(f.Amount.Sub(f.Usual).Mul(ahead))
	return extra.GreaterThan(rule.Spike.AtLeast.Amount.Mul(decimal.NewFromInt(criticalTimes)))
}

// periodOf is the billing period of a day of a series. A day without a row
// belongs to the period that contains it.
func (b *book) periodOf(s spend.Series, d fetcher.Day) fetcher.Period {
	if start := s.At(d).BillingPeriodStart; !start.IsZero() {
		return b.sheet().calendar.Period(start)
	}
	if open := b.sheet().calendar.Open(d); len(open) > 0 {
		return open[len(open)-1]
	}
	return fetcher.Period{Start: d, End: d}
}

func spentIn(s spend.Series, p fetcher.Period) decimal.Decimal {
	var sum decimal.Decimal
	for i, use := range s.Days {
		if p.Contains(s.Day(i)) {
			sum = sum.Add(use.Cost)
		}
	}
	return sum
}

func maxSeverity(a, b Severity) Severity {
	if b.rank() > a.rank() {
		return b
	}
	return a
}
