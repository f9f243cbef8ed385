package spend

import "slices"

// window keeps the last days' numbers sorted, so that their median is at hand.
type window struct {
	sorted [UsualDays + 1]float64 // one more: a day comes before one goes
	n      int
}

func (w *window) add(v float64) {
	at := w.find(v)
	copy(w.sorted[at+1:w.n+1], w.sorted[at:w.n])
	w.sorted[at] = v
	w.n++
}

// remove takes a number out that was added.
func (w *window) remove(v float64) {
	at := w.find(v)
	copy(w.sorted[at:w.n-1], w.sorted[at+1:w.n])
	w.n--
}

// slide takes day i in, and the day four weeks before it out.
func (w *window) slide(days []float64, i int) {
	w.add(days[i])
	if i >= UsualDays {
		w.remove(days[i-UsualDays])
	}
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
