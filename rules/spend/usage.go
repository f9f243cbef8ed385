package spend

import (
	"math"
	"slices"
)

// The method of the forecast of usage. It was chosen by cross-validation; see
// docs/forecast.md for what else was tried.
const (
	levelDays   = 28  // days that say how much is used now
	halfLife    = 7.0 // days after which one counts half as much
	weekdayDays = 35  // days that say what a weekday is like
	weekdayPull = 3.0 // ordinary days that a weekday's share is pulled by

	highTimes = 3.0 // times its reference that makes a day high
	backTimes = 2.0 // and what ends a run of such days
	highDays  = 14  // a longer run is how things are now

	stepTimes = 2.0 // all days since beyond all days of the week before by this: another level
	stepDays  = 4   // so many days tell that it is one
)

// usage is a service's daily use as floats, from its first day of use on, and
// what is known of how it goes on. All of this is statistics: amounts come from
// decimals, see [Outlook].
type usage struct {
	pace
	used  []float64 // as counted
	plain []float64 // with runs of high days that are over brought down

	ordinary  []float64 // plain, without what the weekday adds
	low, tall []float64 // of the week of ordinary days before each day

	idle, begun []int // days without use before each day, and days on which use began
}

// newUsage works in a room, which has it until the next is made there.
func newUsage(room *Room, days []float64) usage {
	skip := 0
	for skip < len(days) && days[skip] == 0 {
		skip++
	}
	u := usage{pace: pace{skip: skip, days: len(days) - skip}, used: days[skip:]}
	n := u.days
	floats, counts := room.usage(n)
	u.idle, u.begun = counts[:n+1], counts[n+1:]
	u.plain, u.ordinary, u.low, u.tall = floats[:n:n], floats[n:2*n:2*n], floats[2*n:3*n:3*n], floats[3*n:]
	copy(u.plain, u.used)
	u.flatten()
	u.count()
	u.weekdays()
	u.levels()
	u.goOn()
	return u
}

// flatten brings down the runs of high days that are over: they say nothing of
// the days to come. What a day is compared with is the larger of the median of
// four weeks before it and the median of the same weekday in them.
func (u *usage) flatten() {
	var month window
	biggest := 0.0
	for i := 0; i < len(u.used); {
		reference := u.reference(i, &month)
		if reference <= 0 || u.used[i] <= highTimes*reference {
			biggest = max(biggest, u.used[i]-reference)
			month.slide(u.plain, i)
			i++
			continue
		}
		end := i + 1
		for end < len(u.used) && u.used[end] > backTimes*reference {
			end++
		}
		switch {
		case end-i > highDays:
		case end == len(u.used):
			u.high, u.usual = end-i, reference
			u.record = u.used[end-1]-reference > recordMargin*biggest
		default:
			for k := i; k < end; k++ {
				u.plain[k] = reference
			}
		}
		for ; i < end; i++ {
			month.slide(u.plain, i)
		}
	}
}

// reference is what day i is compared with. The first week has only itself and
// the days after.
func (u *usage) reference(i int, month *window) float64 {
	if i < 7 {
		var week [15]float64
		around := week[:copy(week[:], u.used[:min(len(u.used), i+8)])]
		slices.Sort(around)
		return median(around)
	}
	var same [4]float64
	n := 0
	for back := 7; back <= levelDays && i-back >= 0; back += 7 {
		same[n] = u.plain[i-back]
		n++
	}
	return max(month.median(), medianOfWeeks(same[:n]))
}

// weekdays learns what part of an ordinary day each weekday is, from its
// relation to the week around it, so that growth is not taken for a pattern.
func (u *usage) weekdays() {
	n := len(u.plain)
	var sum, days [7]float64
	for i := max(0, n-weekdayDays); i < n; i++ {
		from := min(max(0, i-3), max(0, n-7))
		around := u.plain[from:min(n, from+7)]
		mean := total(around) / float64(len(around))
		if mean > 0 {
			sum[u.weekday(i)] += min(u.plain[i]/mean, 4)
			days[u.weekday(i)]++
		}
	}
	all := 0.0
	for k := range u.week {
		u.week[k] = (sum[k] + weekdayPull) / (days[k] + weekdayPull)
		all += u.week[k] / 7
	}
	for k := range u.week {
		u.week[k] /= all
	}
}

// levelOf is what an ordinary day used at the end of the first n days, by days
// from from on: newer ones count more.
func (u *usage) levelOf(from, n int, days []float64) float64 {
	sum, weights, weight := 0.0, 0.0, 1.0
	fade := math.Exp2(-1 / halfLife)
	if n-from > levelDays {
		fade = 1
	}
	for i := n - 1; i >= from; i-- {
		sum += weight * days[i]
		weights += weight * u.week[u.weekday(i)]
		weight *= fade
	}
	if weights == 0 {
		return 0
	}
	return sum / weights
}

// present is the first of the days that belong to the level of the n-th: four
// weeks back, or up to the last change of level, after which all days lie far
// beyond all of the week before.
func (u *usage) present(n int) int {
	if u.sparse(n) {
		return max(0, n-sparseDays)
	}
	low, high := math.Inf(1), 0.0
	for i := n - 1; i > max(0, n-levelDays); i-- {
		low, high = min(low, u.ordinary[i]), max(high, u.ordinary[i])
		if n-i < stepDays {
			continue
		}
		if (i >= 3 && low > stepTimes*u.tall[i]) || high*stepTimes < u.low[i] {
			return i
		}
	}
	return max(0, n-levelDays)
}

// newDays is how long a change of level may be one that passes.
const newDays = 14

// A service is sparse that was not used on half of the days, and used again and
// again. What it uses a day is a mean over longer.
const (
	sparseDays  = 56
	sparseTimes = 4
)

func (u *usage) sparse(n int) bool {
	from := max(0, n-sparseDays)
	return 2*(u.idle[n]-u.idle[from]) > n-from && u.begun[n]-u.begun[from] >= sparseTimes
}

// count prepares what sparse asks.
func (u *usage) count() {
	for i, day := range u.used {
		u.idle[i+1], u.begun[i+1] = u.idle[i], u.begun[i]
		if day == 0 {
			u.idle[i+1]++
		} else if i == 0 || u.used[i-1] == 0 {
			u.begun[i+1]++
		}
	}
}

// levelBefore is the level before the present one, if that began lately: of a
// service that is new, nothing.
func (u *usage) levelBefore(from int) (level float64, changed bool) {
	n := len(u.used)
	switch {
	case n-from > newDays:
		return 0, false
	case from == 0:
		return 0, u.skip >= 7
	case from == max(0, n-levelDays):
		return 0, false
	}
	return u.levelOf(max(0, from-levelDays), from, u.plain), true
}

// levels prepares what present asks of each day.
func (u *usage) levels() {
	for i, day := range u.plain {
		u.ordinary[i] = day / max(0.1, u.week[u.weekday(i)])
		if i > 0 {
			before := u.ordinary[max(0, i-7):i]
			u.low[i], u.tall[i] = slices.Min(before), slices.Max(before)
		}
	}
}

func total(days []float64) float64 {
	sum := 0.0
	for _, day := range days {
		sum += day
	}
	return sum
}
