package fetcher

import (
	"fmt"
	"slices"
	"strings"
)

// termsNotes tells of columns that disappeared, and of an account that the
// source does not serve. Each is told once, when it becomes so.
func termsNotes(before Ledger, after Terms) []string {
	var notes []string
	if after.uncovered() && !before.Terms.uncovered() {
		notes = append(notes, "the usage API does not cover this account: what is used is not told")
	}
	for _, column := range after.Gone {
		if !slices.Contains(before.Terms.Gone, column) {
			notes = append(notes, fmt.Sprintf("the column %s disappeared from the answer", column.Name))
		}
	}
	return notes
}

// calendarNotes tells of dates that contradict each other: a next bill date that
// ends no billing period, and billing periods that start when no subscription's
// cycle does. Each is told once, when it becomes so.
func calendarNotes(before, after Ledger) []string {
	var notes []string
	next := after.Terms.NextBillDate
	if after.strayBillDate() && (!before.strayBillDate() || before.Terms.NextBillDate != next) {
		notes = append(notes, fmt.Sprintf("the next bill date is %s, when no known billing period ends: ends are estimated", next))
	}
	known := before.PeriodStarts()
	for _, start := range periodsOf(after.Charges) {
		if after.OffAnchor(start) && !(slices.Contains(known, start) && before.OffAnchor(start)) {
			notes = append(notes, fmt.Sprintf("charges are of a billing period from %s, when no subscription's cycle starts", start))
		}
	}
	return notes
}

// strayBillDate reports whether the source told a next bill date that fits none
// of the billing periods.
func (l Ledger) strayBillDate() bool {
	starts := l.PeriodStarts()
	return !l.Terms.NextBillDate.IsZero() && len(starts) > 0 && !slices.ContainsFunc(starts, l.Terms.billsAfter)
}

// currencyNotes tells of billing periods that hold more than one currency now
// and did not before.
func currencyNotes(before, after []Charge) []string {
	was, is := currencies(before), currencies(after)
	var notes []string
	for _, period := range (Ledger{Charges: after}).PeriodStarts() {
		if len(is[period]) > 1 && len(is[period]) > len(was[period]) {
			notes = append(notes, fmt.Sprintf("the billing period from %s is charged in %s: sums are kept apart",
				period, strings.Join(is[period], " and ")))
		}
	}
	return notes
}

func currencies(charges []Charge) map[Day][]string {
	found := map[Day][]string{}
	for i := range charges {
		c := &charges[i]
		if i > 0 && charges[i-1].BillingPeriodStart == c.BillingPeriodStart && charges[i-1].BillingCurrency == c.BillingCurrency {
			continue
		}
		if !slices.Contains(found[c.BillingPeriodStart], c.BillingCurrency) {
			found[c.BillingPeriodStart] = append(found[c.BillingPeriodStart], c.BillingCurrency)
		}
	}
	return found
}
