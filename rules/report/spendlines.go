package report

import (
	"slices"
	"strconv"
	"strings"

	"github.com/shopspring/decimal"
)

// SpendHeadline is the spend of several accounts in one line: "$264.80 so far
// in 3 accounts", and which of them could not be read. Of one account it is
// [SpendTitle].
func SpendHeadline(spends []Spend) string {
	if len(spends) == 1 {
		return SpendTitle(spends[0])
	}
	sums := map[string]decimal.Decimal{}
	accounts := map[string]bool{} // one billed in several currencies has several spends
	var readings []reading
	for _, s := range spends {
		readings = append(readings, s.reading())
		accounts[s.Account] = true
		if !s.Through.IsZero() {
			sums[s.Currency] = sums[s.Currency].Add(s.Total)
		}
	}
	title := "No data yet"
	if len(sums) > 0 {
		title = together(sums) + " so far"
	}
	title += " in " + count(len(accounts), "account")
	return strings.Join(append([]string{title}, troubles(readings)...), ", ")
}

// SpendTitle is an account's spend in one line, verdict first: "production:
// $38.20 so far, about $61.00 by 14 May". Where newer charges are missing it
// says so in place of a forecast.
func SpendTitle(s Spend) string {
	trouble := s.reading().trouble()
	if s.Through.IsZero() {
		if trouble != noTrouble {
			return name(s.Account) + ": " + s.reading().verdict()
		}
		return name(s.Account) + ": no data yet"
	}
	title := name(s.Account) + ": " + Money(s.Total, s.Currency)
	switch {
	case trouble == stale:
		return title + " so far, no data after " + DayName(s.Through, 0)
	case trouble == untrusted:
		return title + " so far, no trusted data" + s.reading().since()
	case trouble == failed:
		return title + " so far, not read" + s.reading().since()
	case s.Through >= s.Period.End:
		return title + " in " + PeriodName(over(s.Period), s.Through)
	case s.Forecast != nil && !s.isZero():
		return title + " so far, about " + Money(s.Forecast.expected(), s.Currency) + " by " + date(s.Period.End, s.Through)
	}
	return title + " so far"
}

// SpendLines is what is said of an account below its title: the newest day,
// the period, the dearest services (at most top of them), doubts, and how far
// the data goes.
func SpendLines(s Spend, top int) []string {
	var lines []string
	if !s.Through.IsZero() && !s.isZero() {
		lines = append(lines, s.dayLine())
	}
	if !s.Through.IsZero() {
		lines = append(lines, s.periodLine())
	}
	if s.Periods > 1 {
		lines = append(lines, spanned(s.Periods))
	}
	lines = append(lines, s.serviceLines(top)...)
	switch {
	case s.reading().trouble() == stale:
		lines = append(lines, "No data after "+DayName(s.Through, 0)+" (UTC).")
	case s.Through.IsZero():
		lines = append(lines, s.reading().line())
	default:
		lines = append(lines, s.reading().line(), DataLine(s.Through))
	}
	return slices.DeleteFunc(lines, func(line string) bool { return line == "" })
}

// periodLine says where the period leads; of one that costs nothing that goes
// without saying, and of one whose newest days are missing nobody knows.
func (s Spend) periodLine() string {
	f := s.Forecast
	if s.isZero() || s.reading().trouble() != noTrouble {
		f = nil
	}
	return periodLine(s.Total, s.Currency, s.Period, f, s.Through)
}

// isZero reports whether the account costs nothing, and did not before.
func (s Spend) isZero() bool {
	if !isNothing(s.Total) {
		return false
	}
	return !slices.ContainsFunc(s.Services, func(v ServiceSpend) bool { return !isNothing(v.Usual) || !isNothing(v.Newest) })
}

// dayLine says what the newest charge day cost.
func (s Spend) dayLine() string {
	cost, usual := decimal.Zero, decimal.Zero
	for _, service := range s.Services {
		cost, usual = cost.Add(service.Newest), usual.Add(service.Usual)
	}
	return Money(cost, s.Currency) + " on " + DayName(s.Through, 0) + ", the newest day; usually " + Money(usual, s.Currency) + " a day."
}

// serviceLines names the services that cost most in the period, and counts the
// others; those that cost nothing by themselves.
func (s Spend) serviceLines(top int) []string {
	costly := slices.DeleteFunc(slices.Clone(s.Services), func(v ServiceSpend) bool { return isNothing(v.Period) })
	slices.SortStableFunc(costly, func(a, b ServiceSpend) int { return b.Period.Cmp(a.Period) })
	var lines []string
	for _, service := range costly[:min(len(costly), top)] {
		lines = append(lines, bullet(s.serviceLine(service)))
	}
	switch rest := s.rest(len(costly)-len(lines), len(s.Services)-len(costly)); {
	case rest != "" && len(lines) > 0:
		lines = append(lines, bullet("and "+rest))
	case rest != "":
		lines = append(lines, bullet(rest))
	}
	return lines
}

// rest counts the services that are not named: "2 more services, 8 more at
// $0.00".
func (s Spend) rest(more, free int) string {
	nothing := " at " + Money(decimal.Zero, s.Currency)
	switch {
	case more > 0 && free > 0:
		return count(more, "more service") + ", " + strconv.Itoa(free) + " more" + nothing
	case more > 0:
		return count(more, "more service")
	case free > 0:
		return count(free, "service") + nothing
	}
	return ""
}

func (s Spend) serviceLine(v ServiceSpend) string {
	return name(v.Service) + ": " + Money(v.Period, s.Currency) + " (" + Money(v.Newest, s.Currency) + " on " +
		DayName(s.Through, 0) + ", usually " + Money(v.Usual, s.Currency) + " a day)"
}
