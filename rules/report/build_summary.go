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

// What a service must have moved to be named. Half a dollar a day is fifteen a
// month, the least that anybody would look into; and against an account's usual
// day of hundreds, a fifth of it is what a person would call a change.
var (
	moverFloor = decimal.New(50, -2)
	moverShare = decimal.New(20, -2) // of the account's usual day
)

// Watched is an account as a summary needs it.
type Watched struct {
	Account rules.Account
	Bill    fetcher.Bill
	Poll    fetcher.PollState
	Alerts  []rules.Alert
}

// TotalsOf says what the rules across accounts have to say, from their findings
// and alerts. That a rule chooses nothing was told once: it may be meant for
// what is still to come, and is no news every day.
func TotalsOf(findings []rules.Finding, alerts []rules.Alert) Totals {
	open := slices.DeleteFunc(OpenAlerts(alerts), func(o OpenAlert) bool { return o.Kind == rules.KindUnmatched })
	return Totals{Budgets: BudgetLines(findings), Open: open}
}

// SummaryOf builds the summary of a channel's accounts at a moment; date is
// the local date it is for. totals is empty for channels that do not hear of
// the rules across accounts.
func SummaryOf(r *rules.Rules, accounts []Watched, totals Totals, date string, now time.Time) Summary {
	s := Summary{Date: date, Totals: totals, Short: len(totals.Open) == 0}
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
	spends := SpendOf(w.Bill, now)
	if len(spends) == 0 {
		part := AccountSummary{
			Account: w.Account.Name, Trust: w.Poll.Trust, LastTrusted: w.Poll.LastTrusted, Failure: w.Poll.Failure,
		}
		part.Open = part.untold(OpenAlerts(w.Alerts))
		return []AccountSummary{part}
	}
	budgets := BudgetLines(r.Evaluate(w.Account, w.Bill, now))
	parts := make([]AccountSummary, len(spends))
	for i, s := range spends {
		part := summarizeIn(s, w)
		part.Budgets = slices.DeleteFunc(slices.Clone(budgets), func(b BudgetLine) bool { return !b.goesWith(s.Currency, i == 0) })
		part.Open = part.untold(OpenAlerts(alertsIn(w.Alerts, spends, i)))
		part.toldOnce()
		part.Quiet = part.isQuiet()
		parts[i] = part
	}
	return parts
}

// isQuiet reports whether there is nothing to say of an account but its figures.
func (a AccountSummary) isQuiet() bool {
	return !isLoud(a.Open) && len(a.Movers)+len(a.Billable) == 0 && a.reading().trouble() == noTrouble
}

// goesWith reports whether a budget is told with the part of an account in a
// currency. One of a quantity has none, and goes with the first.
func (b BudgetLine) goesWith(currency string, first bool) bool {
	in := cmp.Or(b.Billed, b.Currency)
	return in == currency || b.Quantity && first
}

// alertsIn is the alerts for one of the currencies an account is billed in.
// Those in none of them go with the first, so that each is told once.
func alertsIn(alerts []rules.Alert, spends []Spend, part int) []rules.Alert {
	var chosen []rules.Alert
	for _, a := range alerts {
		at := slices.IndexFunc(spends, func(s Spend) bool { return s.Currency == a.Finding.Currency })
		if max(0, at) == part {
			chosen = append(chosen, a)
		}
	}
	return chosen
}

// untold leaves out that data does not come where the account's own line says
// it.
func (a AccountSummary) untold(open []OpenAlert) []OpenAlert {
	if a.reading().trouble() == noTrouble {
		return open
	}
	return slices.DeleteFunc(open, func(o OpenAlert) bool { return o.Kind == rules.KindStale })
}

// isLoud reports whether one of the open alerts is worth a long summary: that
// figures may be off, an allowance is used or a price changed was told, and is
// counted, but is no news every day.
func isLoud(open []OpenAlert) bool {
	return slices.ContainsFunc(open, func(o OpenAlert) bool {
		switch o.Kind {
		case rules.KindMismatch, rules.KindAllowance, rules.KindPrice:
			return false
		}
		return true
	})
}

// isTold reports whether an open spike names the service already.
func isTold(m Mover, open []OpenAlert) bool {
	return m.Cost.GreaterThan(m.Usual) && slices.ContainsFunc(open, func(o OpenAlert) bool {
		return o.Kind == rules.KindSpike && o.Subject.Service == m.Service
	})
}

func summarizeIn(s Spend, w Watched) AccountSummary {
	all := costsOf(w.Bill, s.Currency)
	part := AccountSummary{
		Account: s.Account, Currency: s.Currency, Day: s.Through,
		Usual:  all.usual(s.Through),
		Period: s.Period, ToDate: s.Total, Forecast: s.Forecast,
		Trust: w.Poll.Trust, LastTrusted: w.Poll.LastTrusted, Failure: w.Poll.Failure, Stale: s.Stale,
	}
	part.Billable = billable(w.Bill, s.Currency, fetcher.Period{Start: s.Through, End: s.Through})
	part.Movers = movers(w.Bill, s.Currency, s.Through, part.Usual)
	if cost := all.on(s.Through); cost != nil {
		part.Cost = *cost
	}
	return part
}

// movers names the services whose cost on a day is furthest from usual, as far
// as it matters beside what the whole account usually costs.
func movers(b fetcher.Bill, currency string, day fetcher.Day, usual decimal.Decimal) []Mover {
	floor := decimal.Max(moverFloor, usual.Mul(moverShare))
	byService := costsByService(b, currency)
	var moved []Mover
	for _, c := range spend.ByService(b, currency, every) {
		costs := byService[c.Service]
		m := Mover{Service: c.Service, Usual: costs.usual(day)}
		if cost := costs.on(day); cost != nil {
			m.Cost = *cost
		}
		if m.distance().GreaterThanOrEqual(floor) {
			moved = append(moved, m)
		}
	}
	slices.SortStableFunc(moved, func(a, b Mover) int {
		return cmp.Or(b.distance().Cmp(a.distance()), cmp.Compare(a.Service, b.Service))
	})
	return moved[:min(len(moved), maxMovers)]
}

func (m Mover) distance() decimal.Decimal { return m.Cost.Sub(m.Usual).Abs() }

// BudgetLines says where the budgets stand, from findings.
func BudgetLines(findings []rules.Finding) []BudgetLine {
	var lines []BudgetLine
	for _, f := range findings {
		if !f.OfBudget() || f.Ended {
			continue
		}
		line := BudgetLine{
			Rule: f.Rule, Subject: f.Subject, Spent: f.Amount, Limit: budgetOf(f),
			Currency: f.Currency, Kind: f.PeriodKind, Period: f.Period,
			Quantity: f.Quantity, Unit: f.Unit, Unjudged: f.Unjudged,
		}
		if f.Amount.IsZero() && len(f.Others) > 0 {
			line.Billed = f.Others[0].Currency
		}
		if f.PeriodKind == rules.ByDay {
			line.Spent, line.Period = f.Newest, fetcher.Period{Start: f.Through, End: f.Through}
		}
		line.Ahead = aheadOf(f)
		lines = append(lines, line)
	}
	return lines
}

// OpenAlerts names the alerts that are on, the gravest first.
func OpenAlerts(alerts []rules.Alert) []OpenAlert {
	var open []OpenAlert
	for _, a := range alerts {
		f := a.Finding
		if a.On() {
			open = append(open, OpenAlert{
				ID: a.ID, State: a.State, Severity: f.Severity, Text: Headline(a),
				Rule: f.Rule, Kind: f.Kind, Subject: f.Subject, Amount: f.Amount,
				Standing: Standing(a),
				Over:     f.Kind == rules.KindBudget && isOver(f),
			})
		}
	}
	slices.SortStableFunc(open, func(a, b OpenAlert) int { return b.Severity.Compare(a.Severity) })
	return open
}
