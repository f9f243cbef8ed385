package fetcher

import "slices"

// Bill is an account's ledger as rules and reports read it: by line, in
// columns. It is a value; nothing changes its lines.
type Bill struct {
	Account Account
	Lines   []Line // by billing period, service, and the finer parts
	Terms   Terms
	Trust   Trust // of the last answer
}

// Bill returns the ledger by line.
func (l Ledger) Bill() Bill {
	return Bill{Account: l.Account, Lines: LinesOf(l.Charges), Terms: l.Terms, Trust: l.Trust}
}

// Calendar is the billing periods that the bill has lines of.
func (b Bill) Calendar() Calendar {
	var starts []Day
	for i := range b.Lines {
		if start := b.Lines[i].BillingPeriodStart; len(starts) == 0 || starts[len(starts)-1] != start {
			starts = append(starts, start)
		}
	}
	return Calendar{Starts: starts, Terms: b.Terms}
}

// Through is the newest charge day, zero when there is none.
func (b Bill) Through() Day {
	var through Day
	for i := range b.Lines {
		through = max(through, b.Lines[i].Last())
	}
	return through
}

// First is the oldest charge day, zero when there is none.
func (b Bill) First() Day {
	var first Day
	for i := range b.Lines {
		if day := b.Lines[i].First; i == 0 || day < first {
			first = day
		}
	}
	return first
}

// Until is the bill as it was when a day was the newest.
func (b Bill) Until(day Day) Bill { return b.Between(0, day) }

// Between is the bill as it was when a day was the newest, without the lines that
// end before another; zero keeps them all. It shares the numbers.
func (b Bill) Between(since, newest Day) Bill {
	lines := make([]Line, 0, len(b.Lines))
	for _, line := range b.Lines {
		if line.First > newest || line.Last() < since {
			continue
		}
		if known := int(newest-line.First) + 1; known < line.Costs.Len() {
			line.Costs, line.Quantities = line.Costs.Until(known), line.Quantities.Until(known)
		}
		lines = append(lines, line)
	}
	b.Lines = lines
	return b
}

// With is the bill with other charges for some billing periods, in the
// ledger's order: those of a ledger that an answer was merged into.
func (b Bill) With(l Ledger, periods []Day) Bill {
	kept := slices.DeleteFunc(slices.Clone(b.Lines), func(line Line) bool {
		return slices.Contains(periods, line.BillingPeriodStart)
	})
	for _, start := range periods {
		kept = append(kept, LinesOf(l.InPeriod(start))...)
	}
	SortLines(kept)
	return Bill{Account: b.Account, Lines: kept, Terms: l.Terms, Trust: l.Trust}
}
