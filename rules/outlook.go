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

// aheadKey names a forecast of a whole service.
type aheadKey struct {
	service string
	to      fetcher.Day
}

// aheadOf is ahead of a service's own outlook, worked out once for all rules.
func (b *book) aheadOf(s spend.Series, to fetcher.Day) spend.Forecast {
	key := aheadKey{s.Service, to}
	f, known := b.aheads[key]
	if !known {
		f = b.ahead(b.outlook(s), to)
		b.aheads[key] = f
	}
	return f
}

// forecast is what a period will cost a budget's subject that has spent so
// much of it.
func (m measure) forecast(f Finding) spend.Forecast {
	if f.Period.End <= m.book.through {
		return spend.Forecast{}.Plus(f.Amount)
	}
	return spend.Together(m.aheads(f.Period.End)).Plus(f.Amount)
}

// aheads is what the days after the newest one will cost the subject's services,
// up to and with a day. A subject that is a part of a service, as a zone is, has
// outlooks of its own.
func (m measure) aheads(to fetcher.Day) []spend.Forecast {
	var services []spend.Forecast
	if m.rule.Per == PerZone || m.rule.seesParts() {
		for _, s := range spend.AllSeries(m.book.bill, m.book.since(), m.about) {
			if o := spend.NewOutlook(s); o.Currency == m.currency {
				services = append(services, m.book.ahead(o, to))
			}
		}
		return services
	}
	all := m.book.allSeries()
	for _, service := range slices.Sorted(maps.Keys(all)) {
		if s := all[service]; s.Currency == m.currency && m.about(&fetcher.Line{Service: service}) {
			services = append(services, m.book.aheadOf(s, to))
		}
	}
	return services
}

// runaway is what the days after the newest one will cost a service that a
// spike is about: while its newest day is flagged it goes on like that,
// whatever the forecast thinks of it.
func (rule Rule) runaway(b *book, s spend.Series, days []spend.Judged, to fetcher.Day) spend.Forecast {
	o := rule.outlook(b, s)
	if len(days) > 0 && days[len(days)-1].Flagged {
		o.Incident = true
	}
	return b.ahead(o, to)
}
