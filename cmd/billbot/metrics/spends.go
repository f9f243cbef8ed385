package metrics

import (
	"slices"

	"github.com/billbot/billbot/rules/report"
	"github.com/shopspring/decimal"
)

// KeepSpends keeps what an account costs, for the scrapes to come.
func (m *Metrics) KeepSpends(account string, spends []report.Spend) {
	var samples []sample
	for _, s := range spends[:min(len(spends), mostCurrencies)] {
		samples = append(samples, m.ofSpend(account, s)...)
	}
	if len(spends) > 0 {
		samples = append(samples, sample{m.gauges.through, seconds((spends[0].Through + 1).Time()), []string{account}})
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.spends[account] = samples
}

// Knows reports whether it is kept what an account costs.
func (m *Metrics) Knows(account string) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	_, known := m.spends[account]
	return known
}

// kept is all that is kept.
func (m *Metrics) kept() (samples []sample) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, kept := range m.spends {
		samples = append(samples, kept...)
	}
	for _, kept := range m.budgets {
		samples = append(samples, kept...)
	}
	return samples
}

func (m *Metrics) ofSpend(account string, s report.Spend) (samples []sample) {
	g, currency := m.gauges, named(s.Currency)
	for _, part := range m.parts(s) {
		labels := []string{account, part.service, currency}
		samples = append(samples,
			sample{g.spend, amount(part.period), labels},
			sample{g.daySpend, amount(part.newest), labels},
			sample{g.usualSpend, amount(part.usual), labels})
		if s.Forecast != nil {
			samples = append(samples, sample{g.forecast, amount(part.ahead), labels})
		}
	}
	if s.Forecast != nil {
		samples = append(samples,
			sample{g.low, amount(s.Forecast.Lo), []string{account, currency}},
			sample{g.high, amount(s.Forecast.Hi), []string{account, currency}})
	}
	return samples
}

// part is what one service costs, or several that are not told apart.
type part struct {
	service                      string
	period, ahead, newest, usual decimal.Decimal
}

// parts tells the dearest services apart and sums the others. Names that read
// the same once they are cleaned are one. What services are forecast to cost that
// cost nothing yet is summed with the others.
func (m *Metrics) parts(s report.Spend) []part {
	var parts []part
	foretold := decimal.Zero
	for i, service := range s.Services {
		name := other
		if i < int(m.most.Load()) {
			name = named(service.Service)
		}
		parts = with(parts, part{name, service.Period, service.Ahead, service.Newest, service.Usual})
		foretold = foretold.Add(service.Ahead)
	}
	if s.Forecast != nil && !s.Forecast.Total.Equal(foretold) {
		parts = with(parts, part{service: other, ahead: s.Forecast.Total.Sub(foretold)})
	}
	return parts
}

// with adds a part to those of other names.
func with(parts []part, p part) []part {
	at := slices.IndexFunc(parts, func(q part) bool { return q.service == p.service })
	if at < 0 {
		return append(parts, p)
	}
	q := &parts[at]
	q.period, q.ahead, q.newest, q.usual = q.period.Add(p.period), q.ahead.Add(p.ahead), q.newest.Add(p.newest), q.usual.Add(p.usual)
	return parts
}
