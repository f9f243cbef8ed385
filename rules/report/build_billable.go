package report

import (
	"slices"

	"github.com/billbot/billbot/fetcher"
	"github.com/billbot/billbot/rules"
	"github.com/billbot/billbot/rules/spend"
)

// billable names the services whose usage is billed from one of some days on,
// and was free before: their allowance is used up, or they are new. It is said
// once in a billing period, and not of one that is over.
func billable(b fetcher.Bill, currency string, days fetcher.Period) []Billable {
	var found []Billable
	for _, s := range spend.AllSeries(b, b.Through()-rules.HistoryDays+1, every) {
		for day := days.Start; day <= days.End && s.Currency == currency; day++ {
			if n, is := billableOn(b, s, day); is && (n.End >= b.Through() || day == days.End) {
				found = append(found, n)
			}
		}
	}
	return slices.DeleteFunc(found, func(n Billable) bool { return isNothing(n.Projected) })
}

// billableOn reports whether a service is billed from a day on.
func billableOn(b fetcher.Bill, s spend.Series, day fetcher.Day) (Billable, bool) {
	if !s.At(day).Cost.IsPositive() || billedBefore(s, day) {
		return Billable{}, false
	}
	o := spend.NewOutlook(s)
	p := b.Calendar().Period(s.At(day).BillingPeriodStart)
	since, free := o.BilledSince(p)
	cost := o.Cost(p)
	projected := cost
	if spend.Foreseeable(int(b.Through()-b.First())+1, p.Days()) {
		projected = o.Ahead(p, p.End).Plus(cost).GoesOn
	}
	return Billable{s.Service, cost, projected, p.End, !free}, since == day
}

// billedBefore reports whether a service was billed in the same billing period
// already. It is asked first because it is cheap.
func billedBefore(s spend.Series, day fetcher.Day) bool {
	start := s.At(day).BillingPeriodStart
	for d := day - 1; d >= s.First; d-- {
		if use := s.At(d); use.BillingPeriodStart == start && use.Cost.IsPositive() {
			return true
		}
	}
	return false
}

// toldOnce leaves out what another line of a summary says of the same service:
// an open alert, or, of a new service that costs enough to be one, a mover.
func (a *AccountSummary) toldOnce() {
	a.Billable = slices.DeleteFunc(a.Billable, func(n Billable) bool {
		return isNamed(n, a.Open) || n.New && slices.ContainsFunc(a.Movers, func(m Mover) bool { return m.Service == n.Service })
	})
	a.Movers = slices.DeleteFunc(a.Movers, func(m Mover) bool { return isTold(m, a.Open) || isBilled(m, a.Billable) })
}

// isNamed reports whether an open alert names the service already.
func isNamed(n Billable, open []OpenAlert) bool {
	return slices.ContainsFunc(open, func(o OpenAlert) bool {
		return (o.Kind == rules.KindAllowance || o.Kind == rules.KindSpike) && o.Subject.Service == n.Service
	})
}

// isBilled reports whether a service moved because it is billed now.
func isBilled(m Mover, billable []Billable) bool {
	return slices.ContainsFunc(billable, func(n Billable) bool { return n.Service == m.Service })
}
