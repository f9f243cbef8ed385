package spend

import (
	"github.com/billbot/billbot/fetcher"
	"github.com/shopspring/decimal"
)

// recount brings what the days before i count for up to date: a day far over
// usual is hidden for a while, unless that turned out to be how things are.
func (j *judge) recount(i int) {
	for len(j.odd) > 0 && i-j.odd[0] > recordDays {
		j.odd = j.odd[1:]
	}
	if j.reveal(i) {
		j.month.fill(j.counts[max(0, i-UsualDays):i])
		return
	}
	if i > 0 {
		j.month.slide(j.counts, i-1)
	}
}

// reveal hides and reveals days; it reports whether any of the days before the
// last changed.
func (j *judge) reveal(i int) (changed bool) {
	bursty := j.bursty(i)
	for from := 0; from < len(j.odd); {
		to := from + 1
		for to < len(j.odd) && j.odd[to] == j.odd[to-1]+1 {
			to++
		}
		for _, d := range j.odd[from:to] {
			counts := j.used[d]
			if i-d <= hideDays && to-from < normalDays && !bursty {
				counts = j.usual[d]
			}
			changed = changed || counts != j.counts[d]
			j.counts[d] = counts
		}
		from = to
	}
	return changed
}

// bursty reports whether the days before i hold so many separate episodes that
// the service is like that.
func (j *judge) bursty(i int) bool {
	episodes := 0
	for k, d := range j.odd {
		if i-d <= burstyDays && (k == 0 || j.odd[k-1] != d-1) {
			episodes++
		}
	}
	return episodes >= burstyTimes
}

// hidden reports whether a day is left out of the history.
func (j *judge) hidden(d int) bool { return j.counts[d] != j.used[d] }

// exact is what a day counts for, exactly.
func (j *judge) exact(d int) fetcher.Number {
	if j.hidden(d) {
		return fetcher.NumberOf(j.days[d].Ordinary)
	}
	return j.series.Days[d].Quantity
}

// ordinary is the usual quantity of day i, exactly.
func (j *judge) ordinary(i int) decimal.Decimal {
	var month [UsualDays]reading
	var weekday [UsualDays / 7]reading
	n, w := 0, 0
	for d := i - 1; d >= max(0, i-UsualDays); d-- {
		month[n] = reading{j.exact(d), j.counts[d]}
		n++
		if (i-d)%7 == 0 {
			weekday[w] = month[n-1]
			w++
		}
	}
	all, same := middle(month[:n]), middle(weekday[:w])
	if same.rank > all.rank {
		return same.exact.Decimal()
	}
	return all.exact.Decimal()
}

// usualCost is the bill's own usual for day i: medians as for usage, hidden
// days left out.
func (j *judge) usualCost(i int) decimal.Decimal {
	var month [UsualDays]fetcher.Number
	var weekday [UsualDays / 7]fetcher.Number
	n, w := 0, 0
	for d := i - 1; d >= max(0, i-UsualDays); d-- {
		if j.hidden(d) {
			continue
		}
		month[n] = j.series.Days[d].Cost
		n++
		if (i-d)%7 == 0 {
			weekday[w] = month[n-1]
			w++
		}
	}
	return decimal.Max(MedianOf(month[:n]), MedianOf(weekday[:w]))
}
