package rules

import (
	"maps"
	"slices"

	"github.com/billbot/billbot/fetcher"
	"github.com/billbot/billbot/rules/spend"
)

// outlook is how a service goes on, worked out once for all rules.
func (b *book) outlook(s spend.Series) spend.Outlook {
	if o, known := b.outlooks[s.Service]; known {
		return o
	}
	o := spend.NewOutlook(s)
	if b.outlooks == nil {
		b.outlooks = map[string]spend.Outlook{}
	}
	b.outlooks[s.Service] = o
	return o
}

// seesParts reports whether the rule may see only some of a service's charges.
func (rule Rule) seesParts() bool { return len(rule.Match.Families) > 0 || len(rule.Match.Zones) > 0 }

// ahead is what the days after the newest one will cost a service, up to and
// with a day.
func (b *book) ahead(o spend.Outlook, to fetcher.Day) spend.Forecast {
	return o.Ahead(o.Period(b.sheet().calendar.Open(b.through)), to)
}

// forecast is what a period will cost a budget's subject that has spent so
// much of it.
func (m measure) forecast(f Finding) spend.Forecast {
	if f.Period.End <= m.book.through {
		return spend.Forecast{}.Plus(f.Amount)
	}
	var services []spend.Forecast
	for _, o := range m.outlooks() {
		if o.Currency == m.currency {
			services = append(services, m.book.ahead(o, f.Period.End))
		}
	}
	return spend.Together(services).Plus(f.Amount)
}

// outlooks are those of the subject's services. A subject that is a part of a
// service, as a zone is, has outlooks of its own.
func (m measure) outlooks() []spend.Outlook {
	var outlooks []spend.Outlook
	if m.rule.Per == PerZone || m.rule.seesParts() {
		for _, s := range spend.AllSeries(m.book.bill, m.book.since(), m.about) {
			outlooks = append(outlooks, spend.NewOutlook(s))
		}
		return outlooks
	}
	all := m.book.allSeries()
	for _, service := range slices.Sorted(maps.Keys(all)) {
		if m.about(&fetcher.Line{Service: service}) {
			outlooks = append(outlooks, m.book.outlook(all[service]))
		}
	}
	return outlooks
}

// runaway is what the days after the newest one will cost a service that a
// spike is about: while its newest day is flagged it goes on like that,
// whatever the forecast thinks of it.
func (rule Rule) runaway(b *book, s spend.Series, days []spend.Judged, to fetcher.Day) spend.Forecast {
	var o spend.Outlook
	if rule.seesParts() {
		o = spend.NewOutlook(s)
	} else {
		o = b.outlook(s)
	}
	if len(days) > 0 && days[len(days)-1].Flagged {
		o.Incident = true
	}
	return b.ahead(o, to)
}
