package fetcher

// Calendar says when an account's billing periods begin and end, as well as is
// known. It is a ledger's, or that of some of its charges.
type Calendar struct {
	Starts []Day // of the periods that have charges, oldest first; those of several subscriptions may overlap
	Terms  Terms
}

// Calendar returns the calendar of all the ledger's charges.
func (l Ledger) Calendar() Calendar { return Calendar{l.PeriodStarts(), l.Terms} }

// Period returns the billing period that starts on start, with the best known
// end: the next bill date if the source told one that fits, else the calendar.
func (c Calendar) Period(start Day) Period {
	p := estimatePeriod(start, c.anchorDay(start))
	if c.Terms.billsAfter(start) {
		p.End, p.EndEstimated = c.Terms.NextBillDate-1, false
	}
	return p
}

// billsAfter reports whether the next bill date can be the day after the billing
// period that starts on start.
func (t Terms) billsAfter(start Day) bool {
	return start+28 <= t.NextBillDate && t.NextBillDate <= start+32
}

// Open returns the billing periods that contain the day, oldest first: usually
// one, several when subscriptions have different anchors.
func (c Calendar) Open(d Day) []Period {
	var open []Period
	for _, start := range c.Starts {
		if p := c.Period(start); p.Contains(d) {
			open = append(open, p)
		}
	}
	return open
}

// Previous returns the billing period before the one that starts on start.
func (c Calendar) Previous(start Day) Period {
	return Period{Start: PreviousStart(start, c.anchorDay(start)), End: start - 1}
}

// anchorDay is the day of the month on which periods like the one that starts
// on start begin. A start at the end of a month may be a clamped 29, 30 or 31;
// the anchors the source told and the other periods tell which.
func (c Calendar) anchorDay(start Day) int {
	t := start.Time()
	anchor := t.Day()
	fits := func(d Day) {
		if day := dayOfMonth(d); day > anchor && clampedDay(t.Year(), t.Month(), day) == start {
			anchor = day
		}
	}
	for _, d := range c.Terms.Anchors {
		fits(d)
	}
	for _, d := range c.Starts {
		fits(d)
	}
	return anchor
}
