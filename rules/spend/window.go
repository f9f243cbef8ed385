package spend

import "slices"

// window keeps the last days' numbers sorted, so that their median is at hand.
type window struct {
	sorted [UsualDays]float64
	n      int
}

func (w *window) add(v float64) {
	at := w.find(v)
	copy(w.sorted[at+1:w.n+1], w.sorted[at:w.n])
	w.sorted[at] = v
	w.n++
}

// slide takes day i in, and the day four weeks before it out.
func (w *window) slide(days []float64, i int) {
	if i < UsualDays {
		w.add(days[i])
		return
	}
	w.replace(days[i-UsualDays], days[i])
}

// replace puts a number in the place of one that was added, moving only those
// between the two.
func (w *window) replace(old, v float64) {
	at := w.find(old)
	for ; at+1 < w.n && w.sorted[at+1] < v; at++ {
		w.sorted[at] = w.sorted[at+1]
	}
	for ; at > 0 && w.sorted[at-1] > v; at-- {
		w.sorted[at] = w.sorted[at-1]
	}
	w.sorted[at] = v
}

// find is the place of a number, or that it would have. It is asked twice for
// every day of every service, and so few are gone through faster than halved:
// which half it is cannot be foretold.
func (w *window) find(v float64) int {
	at := 0
	for at < w.n && w.sorted[at] < v {
		at++
	}
	return at
}

// fill begins anew with these numbers.
func (w *window) fill(values []float64) {
	w.n = copy(w.sorted[:], values)
	slices.Sort(w.sorted[:w.n])
}

// medianOfWeeks is the median of a number a week, for as many as four weeks. It
// sorts its argument, unless there are four: then their middle two tell.
func medianOfWeeks(days []float64) float64 {
	if len(days) == UsualDays/7 {
		low, high := min(days[0], days[1]), max(days[0], days[1])
		return (max(low, min(days[2], days[3])) + min(high, max(days[2], days[3]))) / 2
	}
	slices.Sort(days)
	return median(days)
}

func (w *window) median() float64 { return median(w.sorted[:w.n]) }

// median is the median of sorted numbers, 0 of none.
func median(sorted []float64) float64 {
	n := len(sorted)
	switch {
	case n == 0:
		return 0
	case n%2 == 1:
		return sorted[n/2]
	}
	return (sorted[n/2-1] + sorted[n/2]) / 2
}
