package report

import (
	"cmp"
	"slices"
	"time"

	"github.com/billbot/billbot/fetcher"
	"github.com/billbot/billbot/rules"
	"github.com/billbot/billbot/rules/spend"
	"github.com/shopspring/decimal"
)

// maxMovers is how many services a summary names as movers.
const maxMovers = 5

// moverFloor is what a service must have moved to be named: cents are noise.
var moverFloor = decimal.New(10, -2)

// Watched is an account as a summary needs it.
type Watched struct {
	Account rules.Account
	Ledger  fetcher.Ledger
	Poll    fetcher.PollState
	Alerts  []rules.Alert
}

// SummaryOf builds the summary of a channel's accounts at a moment; date is
// the local date it is for.
func SummaryOf(r *rules.Rules, accounts []Watched, date string, now time.Time) Summary {
	s := Summary{Date: date, Short: true}
	for _, w := range accounts {
		parts := summarize(r, w, now)
		s.Accounts = append(s.Accounts, parts...)
		for _, part := range parts {
			s.Short = s.Short && part.Quiet
		}
	}
	return s
}

// summarize reports an account, once for each currency; an account without
// data has one part that says so.
func summarize(r *rules.Rules, w Watched, now time.Time) []AccountSummary {
	spends := SpendOf(w.Ledger, now)
	if len(spends) == 0 {
		return []AccountSummary{{Account: w.Account.Name, Trust: w.Poll.Trust, LastTrusted: w.Poll.LastTrusted}}
	}
	budgets := BudgetLines(r.Evaluate(w.Account, w.Ledger, now))
	open := OpenAlerts(w.Alerts)
	parts := make([]AccountSummary, len(spends))
	for i, s := range spends {
		parts[i] = summarizeIn(s, w)
		parts[i].Budgets = slices.DeleteFunc(slices.Clone(budgets), func(b BudgetLine) bool { return b.Currency != s.Currency })
		parts[i].Open = open
		parts[i].Quiet = len(open) == 0 && len(parts[i].Movers) == 0 && fresh(w, s.Through, now)
	}
	return parts
}

func summarizeIn(s Spend, w Watched) AccountSummary {
	all := costsOf(w.Ledger, s.Currency, "")
	part := AccountSummary{
		Account: s.Account, Currency: s.Currency, Day: s.Through,
		Usual: all.usual(s.Through), Movers: movers(w.Ledger, s.Currency, s.Through),
		Period: s.Period, ToDate: s.Total, Forecast: s.Forecast,
		Trust: w.Poll.Trust, LastTrusted: w.Poll.LastTrusted,
	}
	if cost := all.on(s.Through); cost != nil {
		part.Cost = *cost
	}
	return part
}

// movers names the services whose cost on a day is furthest from usual.
func movers(l fetcher.Ledger, currency string, day fetcher.Day) []Mover {
	var moved []Mover
	for _, c := range spend.ByService(l.Charges, currency, every) {
		costs := costsOf(l, currency, c.Service)
		m := Mover{Service: c.Service, Usual: costs.usual(day)}
		if cost := costs.on(day); cost != nil {
			m.Cost = *cost
		}
		if m.distance().GreaterThanOrEqual(moverFloor) {
			moved = append(moved, m)
		}
	}
	slices.SortStableFunc(moved, func(a, b Mover) int {
		return cmp.Or(b.distance().Cmp(a.distance()), cmp.Compare(a.Service, b.Service))
	})
	return moved[:min(len(moved), maxMovers)]
}

func (m Mover) distance() decimal.Decimal { return m.Cost.Sub(m.Usual).Abs() }

// staleAfter is the age of the newest charge day at which a summary is not
// quiet any more: data is one to two days late, three is odd.
const staleAfter = 3

func fresh(w Watched, through fetcher.Day, now time.Time) bool {
	return w.Poll.Trust.Verdict != fetcher.Untrusted && w.Poll.Failure == "" && fetcher.DayOf(now)-through <= staleAfter
}

// BudgetLines says where the budgets stand, from findings.
func BudgetLines(findings []rules.Finding) []BudgetLine {
	var lines []BudgetLine
	for _, f := range findings {
		if f.Kind != rules.KindBudget || f.Ended {
			continue
		}
		line := BudgetLine{
			Rule: f.Rule, Subject: f.Subject, Spent: f.Amount, Limit: f.Limit,
			Currency: f.Currency, Kind: f.PeriodKind, Period: f.Period,
		}
		if f.PeriodKind == rules.ByDay {
			line.Spent, line.Period = f.Newest, fetcher.Period{Start: f.Through, End: f.Through}
		}
		lines = append(lines, line)
	}
	return lines
}

// OpenAlerts names the alerts that are firing, the gravest first.
func OpenAlerts(alerts []rules.Alert) []OpenAlert {
	var open []OpenAlert
	for _, a := range alerts {
		if a.State == rules.Firing {
			open = append(open, OpenAlert{ID: a.ID, Severity: a.Finding.Severity, Text: Headline(a)})
		}
	}
	slices.SortStableFunc(open, func(a, b OpenAlert) int { return b.Severity.Compare(a.Severity) })
	return open
}
