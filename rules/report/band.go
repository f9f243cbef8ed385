package report

import "github.com/billbot/billbot/rules"

// band says how far off the forecast may be.
func (f Forecast) band(currency string) string {
	return bandOf(Money(f.Lo, currency), Money(f.Total, currency), Money(f.Hi, currency))
}

// bandOf is a band in words, with what is forecast where it is one of its ends.
func bandOf(lo, total, hi string) string {
	switch {
	case lo == hi:
		return ""
	case hi == total:
		return " (as little as " + lo + ")"
	case lo == total:
		return " (as much as " + hi + ")"
	}
	return " (" + lo + " to " + hi + ")"
}

// likely says between which amounts the period will end in four cases of five.
// While something runs away nobody knows, and what it is if that stops is told
// instead.
func likely(f rules.Finding) string {
	if len(f.Incident) > 0 || !f.ProjectedHi.IsPositive() {
		return ""
	}
	return bandOf(Amount(f, f.ProjectedLo), Amount(f, f.Projected), Amount(f, f.ProjectedHi))
}
