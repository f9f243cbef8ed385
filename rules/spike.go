package rules

import (
	"github.com/billbot/billbot/fetcher"
	"github.com/billbot/billbot/rules/spend"
	"github.com/shopspring/decimal"
)

// criticalTimes is how many times at_least the projected extra cost of a
// period must pass to make a spike critical.
const criticalTimes = 10

// evaluateSpike judges every service the rule is about. A service without any
// flagged day has a finding too: it says that all is as usual.
func (rule Rule) evaluateSpike(b *book, found []Finding) []Finding {
	if rule.Match.narrows() {
		for _, s := range rule.matched(b) {
			found = append(found, rule.judgeSeries(b, s, b.judge(s, []*Spike{rule.Spike})[0]))
		}
		return found
	}
	verdicts := b.verdicts(rule.Spike)
	for i, s := range b.allByName() {
		if rule.Match.about(s.Service, "", "", "") {
			found = append(found, rule.judgeSeries(b, s, b.verdict(verdicts, i)))
		}
	}
	return found
}

// matched returns the series of the services the rule is about, by name. A rule
// that asks for families or zones sees those rows only.
func (rule Rule) matched(b *book) []spend.Series {
	switch {
	case rule.Match.narrows():
		return spend.AllSeries(b.bill, b.since(), rule.Match.Line)
	case rule.Match.all():
		return b.allByName()
	}
	matched := make([]spend.Series, 0, len(b.allByName()))
	for _, s := range b.allByName() {
		if rule.Match.about(s.Service, "", "", "") {
			matched = append(matched, s)
		}
	}
	return matched
}

func (rule Rule) judgeSeries(b *book, s spend.Series, v verdict) Finding {
	f := Finding{
		Rule: rule.Name, Kind: KindSpike, Severity: rule.Severity,
		Subject: Subject{Account: b.account.Name, Service: s.Service},
		Through: b.through, Limit: rule.Spike.AtLeast.Amount, Currency: s.Currency,
		Trusted: b.bill.Trust.OK(),
	}
	if !v.found {
		return f
	}
	return rule.describe(b, f, s, v)
}

// verdict is what judging a series comes to.
type verdict struct {
	judged  bool
	episode spend.Episode
	found   bool // there is an episode
	flagged bool // the newest day is flagged
}

// judge judges a series, in the book's room, by spikes of one Above.
func (b *book) judge(s spend.Series, spikes []*Spike) []verdict {
	records := make([]spend.Record, len(spikes))
	for k, spike := range spikes {
		records[k] = spike.record(b, s)
	}
	answers := make([]verdict, len(spikes))
	for k, e := range spend.Episodes(&b.room, s, records) {
		found := e.Days > 0
		answers[k] = verdict{judged: true, episode: e, found: found, flagged: found && e.Last.Day == b.through}
	}
	return answers
}

// verdicts is what a spike asks of whole services, and what was answered. Rules
// that ask the same share the answers, and those that only want a rise to be
// worth another amount share the walk.
type verdicts struct {
	asked   *Spike
	answers []verdict // by service
}

// verdicts are those of a spike.
func (b *book) verdicts(spike *Spike) *verdicts {
	for _, v := range b.judged {
		if v.asked.equal(*spike) {
			return v
		}
	}
	v := &verdicts{spike, make([]verdict, len(b.allByName()))}
	b.judged = append(b.judged, v)
	return v
}

// verdict is the answer for one service.
func (b *book) verdict(v *verdicts, service int) verdict {
	if v.answers[service].judged {
		return v.answers[service]
	}
	var spikes []*Spike
	var alike []*verdicts
	for _, other := range b.judged {
		if other.asked.Above.Equal(v.asked.Above) && !other.answers[service].judged {
			spikes, alike = append(spikes, other.asked), append(alike, other)
		}
	}
	for k, answer := range b.judge(b.allByName()[service], spikes) {
		alike[k].answers[service] = answer
	}
	return v.answers[service]
}

// record is the spike as it judges a series.
func (spike *Spike) record(b *book, s spend.Series) spend.Record {
	record := spend.Record{Above: spike.Above, Floor: spike.AtLeast.Amount, Share: spike.AtLeast.Share}
	if record.Share.IsPositive() {
		record.AccountUsual = b.usualDay(s.Currency)
	}
	return record
}

// describe fills a finding from the episode it is about.
func (rule Rule) describe(b *book, f Finding, s spend.Series, v verdict) Finding {
	e := v.episode
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
	if b.foreseeable(f.Period) {
		f.expect(rule.runaway(b, s, v.flagged, f.Period.End).Plus(spentIn(s, f.Period)))
	}
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
	var sum fetcher.Sum
	for _, use := range s.Days {
		if use.BillingPeriodStart == p.Start {
			sum.Add(use.Cost)
		}
	}
	return sum.Decimal()
}

func maxSeverity(a, b Severity) Severity {
	if b.rank() > a.rank() {
		return b
	}
	return a
}
