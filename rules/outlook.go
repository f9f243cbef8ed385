package rules

import (
	"slices"

	"github.com/billbot/billbot/fetcher"
	"github.com/billbot/billbot/rules/spend"
)

// outlook is how a service goes on, worked out once for all rules.
func (b *book) outlook(s spend.Series) *spend.Outlook {
	if o, known := b.outlooks[s.Service]; known {
		return o
	}
	o := b.room.Outlook(s)
	if b.outlooks == nil {
		b.outlooks = map[string]*spend.Outlook{}
	}
	b.outlooks[s.Service] = o
	return o
}

// seesParts reports whether the rule may see only some of a service's charges.
func (rule Rule) seesParts() bool { return len(rule.Match.Families) > 0 || len(rule.Match.Zones) > 0 }

// ahead is what the days after the newest one will cost a service, up to and
// with a day.
func (b *book) ahead(o *spend.Outlook, to fetcher.Day) spend.Forecast {
	if b.open == nil {
		b.open = b.sheet().calendar.Open(b.through)
	}
	return o.Ahead(o.Period(b.open), to)
}

// foreseeable reports whether what a period will come to can be told: its end
// is known already, or it has begun and a forecast means something.
func (b *book) foreseeable(p fetcher.Period) bool {
	known := int(b.through-b.sheet().first) + 1
	return b.through >= p.End || b.through >= p.Start && spend.Foreseeable(known, p.Days())
}

// forecast is what a period will cost a budget's subject that has spent so
// much of it.
func (m *measure) forecast(f *Finding) spend.Forecast {
	if f.Period.End <= m.book.through {
		return spend.Forecast{}.Plus(f.Amount)
	}
	return m.allAhead(f.Period.End).Plus(f.Amount)
}

// aheads is what the days after the newest one will cost the subject's services,
// up to and with a day. A subject that is a part of a service, as a zone is, has
// outlooks of its own.
func (m *measure) aheads(to fetcher.Day) []spend.Forecast {
	var services []spend.Forecast
	if m.seesParts() {
		for _, s := range spend.AllSeries(m.book.bill, m.book.since(), m.about) {
			if o := spend.NewOutlook(s); o.Currency == m.currency {
				services = append(services, m.book.ahead(o, to))
			}
		}
		return services
	}
	for _, service := range m.services() {
		services = append(services, m.book.ahead(m.book.outlook(m.book.allSeries()[service]), to))
	}
	return services
}

// usesAhead is how much of what a quantity counts the subject's services will use
// in the days after the newest one, up to and with a day.
func (m *measure) usesAhead(to fetcher.Day) []spend.Forecast {
	var services []spend.Forecast
	add := func(o *spend.Outlook, unit string) {
		if unitOf(unit) == m.counted {
			services = append(services, o.UsesAhead(to))
		}
	}
	if m.seesParts() {
		for _, s := range spend.AllSeries(m.book.bill, m.book.since(), m.about) {
			add(spend.NewOutlook(s), s.Unit)
		}
		return services
	}
	for _, service := range m.services() {
		s := m.book.allSeries()[service]
		add(m.book.outlook(s), s.Unit)
	}
	return services
}

// services is the names of the subject's services that go on in its currency.
func (m *measure) services() []string {
	services := make([]string, 0, len(m.items))
	for _, s := range m.book.allByName() {
		line := fetcher.Line{LineKey: fetcher.LineKey{BillingCurrency: s.Currency}, Service: s.Service}
		if s.Currency == m.currency && m.about(&line) {
			services = append(services, s.Service)
		}
	}
	return services
}

// joint is a forecast of several services at once.
type joint struct {
	services []string
	to       fetcher.Day
	forecast spend.Forecast
}

// allAhead adds up what the days after the newest one will cost the subject,
// up to and with a day; once for all rules about the same services.
func (m *measure) allAhead(to fetcher.Day) spend.Forecast {
	if m.seesParts() {
		return spend.Together(m.aheads(to))
	}
	b, services := m.book, m.services()
	for _, known := range b.joints {
		if known.to == to && slices.Equal(known.services, services) {
			return known.forecast
		}
	}
	forecast := spend.Together(m.aheads(to))
	b.joints = append(b.joints, joint{services, to, forecast})
	return forecast
}

// seesParts reports whether the subject may be some of a service's charges.
func (m *measure) seesParts() bool { return m.rule.Per == PerZone || m.rule.seesParts() }

// runaway is what the days after the newest one will cost a service that a
// spike is about: while its newest day is flagged it goes on like that,
// whatever the forecast thinks of it.
func (rule Rule) runaway(b *book, s spend.Series, flagged bool, to fetcher.Day) spend.Forecast {
	return b.ahead(rule.outlook(b, s).Flagged(flagged), to)
}
