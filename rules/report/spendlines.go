package report

import (
	"strings"

	"github.com/shopspring/decimal"
)

// SpendHeadline is the spend of several accounts in one line: "$264.80 so far
// in 3 accounts". Of one account it is [SpendTitle].
func SpendHeadline(spends []Spend) string {
	if len(spends) == 1 {
		return SpendTitle(spends[0])
	}
	sums := map[string]decimal.Decimal{}
	accounts := map[string]bool{} // one billed in several currencies has several spends
	for _, s := range spends {
		accounts[s.Account] = true
		if !s.Through.IsZero() {
			sums[s.Currency] = sums[s.Currency].Add(s.Total)
		}
	}
	if len(sums) == 0 {
		return "No data yet in " + count(len(accounts), "account")
	}
	return together(sums) + " so far in " + count(len(accounts), "account")
}

// SpendTitle is an account's spend in one line, verdict first: "production:
// $38.20 so far, about $61.00 by 14 May".
func SpendTitle(s Spend) string {
	if s.Through.IsZero() {
		return name(s.Account) + ": no data yet"
	}
	title := name(s.Account) + ": " + Money(s.Total, s.Currency) + " so far"
	if s.Forecast != nil {
		title += ", about " + Money(s.Forecast.Total, s.Currency) + " by " + date(s.Period.End, s.Through)
	}
	return title
}

// SpendLines is what is said of an account below its title: the newest day,
// the period, the dearest services (at most top of them), doubts, and how far
// the data goes.
func SpendLines(s Spend, top int) []string {
	var lines []string
	if !s.Through.IsZero() {
		lines = append(lines, s.dayLine(), periodLine(s.Total, s.Currency, s.Period, s.Forecast, s.Through))
	}
	if s.Periods > 1 {
		lines = append(lines, spanned(s.Periods))
	}
	lines = append(lines, s.serviceLines(top)...)
	if doubt := doubt(s.Trust, s.LastTrusted); doubt != "" {
		lines = append(lines, doubt)
	}
	if !s.Through.IsZero() {
		lines = append(lines, DataLine(s.Through))
	}
	return lines
}

// dayLine says what the newest charge day cost.
func (s Spend) dayLine() string {
	cost, usual := decimal.Zero, decimal.Zero
	known := false
	for _, service := range s.Services {
		usual = usual.Add(service.Usual)
		if newest := service.newest(s.hasToday()); newest != nil {
			cost, known = cost.Add(*newest), true
		}
	}
	if !known {
		return "No charges since " + through(s.Through) + "."
	}
	return Money(cost, s.Currency) + " on " + through(s.Through) + ", the newest day; usually " + Money(usual, s.Currency) + " a day."
}

// hasToday reports whether today's charges are among the services. A day
// without data is null in all of them.
func (s Spend) hasToday() bool {
	for _, service := range s.Services {
		if service.Today != nil {
			return true
		}
	}
	return false
}

func (s ServiceSpend) newest(today bool) *decimal.Decimal {
	if today {
		return s.Today
	}
	return s.Yesterday
}

func (s Spend) serviceLines(top int) []string {
	var lines []string
	today := s.hasToday()
	for i, service := range s.Services {
		if i == top {
			lines = append(lines, "• and "+count(len(s.Services)-top, "more service"))
			break
		}
		line := "• " + name(service.Service) + ": " + Money(service.Period, s.Currency)
		var newest []string
		if n := service.newest(today); n != nil {
			newest = append(newest, Money(*n, s.Currency)+" on "+through(s.Through))
		}
		newest = append(newest, "usually "+Money(service.Usual, s.Currency)+" a day")
		lines = append(lines, line+" ("+strings.Join(newest, ", ")+")")
	}
	return lines
}
