package spend

import (
	"math"
	"slices"
)

// spread says how far apart a service's days lie, on a logarithmic scale: a
// service that doubles and halves all the time has a large one.
type spread struct {
	middle    float64
	deviation float64 // zero while there is too little usage to say
	known     bool
}

// spreadOn is the spread of the days before i that had any usage. Medians
// leave a service's rare bursts out of it; those are the record's to remember.
func (j *judge) spreadOn(i int) spread {
	var logs [recordDays]float64
	n := 0
	for _, used := range j.counts[max(0, i-recordDays):i] {
		if used > 0 {
			logs[n] = math.Log(used)
			n++
		}
	}
	if n < spreadDays {
		return spread{}
	}
	slices.Sort(logs[:n])
	middle := median(logs[:n])
	for k := range n {
		logs[k] = math.Abs(logs[k] - middle)
	}
	slices.Sort(logs[:n])
	return spread{middle, deviation * median(logs[:n]), true}
}

// far reports whether a day lies beyond the spread.
func (s spread) far(used float64) bool {
	return !s.known || math.Log(used) > s.middle+spreads*s.deviation
}

// farRun reports whether a run of days, so many times usual, lies beyond the
// spread. Days even out, so that a run needs less of it than a day.
func (s spread) farRun(times float64) bool {
	return math.Log(times) > runSpreads*s.deviation
}
