package fetcher

// Calendar knows the billing periods of one account.
type Calendar struct {
	Starts []Day // of the periods that have charges, oldest first
	Terms  Terms
}

// Period returns the billing period that starts on start, with the best known
// end: the next bill date if the source told one that fits, else the calendar.
func (c Calendar) Period(start Day) Period {
	p := estimatePeriod(start, c.anchorDay(start))
	if next := c.Terms.NextBillDate; next > start && next <= start+32 && next >= start+28 {
		p.End, p.EndEstimated = next-1, false
	}
	return p
}

// OpenPeriods returns the billing periods that contain the day, oldest first:
// usually one, several when subscriptions have different anchors.
func (c Calendar) OpenPeriods(d Day) []Period {
	var open []Period
	for _, start := range c.Starts {
		if p := c.Period(start); p.Contains(d) {
			open = append(open, p)
		}
	}
	return open
}

// PreviousPeriod returns the billing period before the one that starts on start.
func (c Calendar) PreviousPeriod(start Day) Period {
	previous := PreviousStart(start, c.anchorDay(start))
	return Period{Start: previous, End: start - 1}
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
