package spend

import (
	"slices"

	"github.com/shopspring/decimal"
)

// judge is the walk of one series. Its statistics are floats: they rank
// quantities. What is shown, and what is compared with an amount, is exact.
type judge struct {
	rule     Record
	series   Series
	above    float64 // times usual, of a day
	runAbove float64 // and of a run
	price    price
	days     []Judged

	used   []float64 // usage of each day
	usual  []float64 // what was usual on it
	counts []float64 // what it counts for as history: used, or usual while it is hidden
	odd    []int     // the days far over usual among the last recordDays, oldest first
	month  window    // counts of the last UsualDays
}

func (j *judge) day(i int) {
	use := j.series.Days[i]
	j.price.learn(j.series.Days, i)
	j.recount(i)
	j.used[i] = rank(use.Quantity)
	j.counts[i] = j.used[i]
	j.usual[i] = max(j.month.median(), j.weekday(i))
	j.days[i] = Judged{Day: j.series.Day(i), History: i, Cost: use.Cost, Quantity: use.Quantity}
	switch {
	case i == 0: // with nothing before it, it is all there is of usual
		j.usual[0] = j.used[0]
	case j.isFar(i):
		j.tell(i, false)
		j.counts[i] = j.usual[i]
		j.odd = append(j.odd, i)
	case j.isRun(i):
		j.tell(i, true)
	}
}

// weekday is the median of the same weekday in the last four weeks.
func (j *judge) weekday(i int) float64 {
	var days [UsualDays / 7]float64
	n := 0
	for past := i - 7; past >= max(0, i-UsualDays); past -= 7 {
		days[n] = j.counts[past]
		n++
	}
	slices.Sort(days[:n])
	return median(days[:n])
}

// isFar reports whether a day is far over usual, whatever that is worth. The
// tests that cost most come last; nearly all days fail the first.
func (j *judge) isFar(i int) bool {
	used := j.used[i]
	if used <= j.above*j.usual[i] {
		return false
	}
	biggest := slices.Max(j.counts[max(0, i-recordDays):i])
	return used > recordMargin*biggest && (used > anySpread*biggest || j.spreadOn(i).far(used))
}

// isRun reports whether a day is the newest of a run of days over usual.
func (j *judge) isRun(i int) bool {
	if i+1 < 2*runDays || j.used[i] <= j.runAbove*j.usual[i] {
		return false
	}
	var used, usual float64
	over := 0
	for d := i - runDays + 1; d <= i; d++ {
		used += j.used[d]
		usual += j.usual[d]
		if j.used[d] > j.usual[d] {
			over++
		}
	}
	return over >= runOver && usual > 0 && used > j.runAbove*usual &&
		used > j.runAbove*j.biggestRun(i-runDays) && j.spreadOn(i).farRun(used/usual)
}

// biggestRun is the sum of the biggest four days in a row of the 42 that end
// with day last.
func (j *judge) biggestRun(last int) float64 {
	days := j.counts[max(0, last-recordDays+1) : last+1]
	var sum, biggest float64
	for i, used := range days {
		sum += used
		if i >= runDays {
			sum -= days[i-runDays]
		}
		if i >= runDays-1 {
			biggest = max(biggest, sum)
		}
	}
	return biggest
}

// tell fills in what people are told of a day, and whether they are.
func (j *judge) tell(i int, run bool) {
	d := &j.days[i]
	d.Ordinary = j.ordinary(i)
	d.Biggest = j.exact(j.biggest(i))
	d.Flagged = j.worthTelling(i, d.Quantity.Sub(d.Ordinary))
	d.Run = run && d.Flagged
	if d.Cost.IsZero() && j.price.known() {
		d.Valued = true
		d.Cost, d.Usual = j.price.of(d.Quantity), j.price.of(d.Ordinary)
		return
	}
	d.Usual = j.usualCost(i)
}

func (j *judge) biggest(i int) int {
	biggest := i - 1
	for d := max(0, i-recordDays); d < i; d++ {
		if j.counts[d] > j.counts[biggest] {
			biggest = d
		}
	}
	return biggest
}

// worthTelling compares the rise's worth with the floor and the share,
// multiplying by the price instead of dividing.
func (j *judge) worthTelling(i int, rise decimal.Decimal) bool {
	floor := j.rule.Floor.Mul(decimal.NewFromInt(strictness(i)))
	if !j.price.worth(rise, floor) {
		return false
	}
	if !j.rule.Share.IsPositive() || j.rule.AccountUsual == nil {
		return true
	}
	return j.price.worth(rise, j.rule.AccountUsual(j.series.Day(i)).Mul(j.rule.Share).Shift(-2))
}

// strictness is how many times the floor a rise must be worth, by history.
func strictness(history int) int64 {
	switch {
	case history >= fullHistory:
		return 1
	case history >= someHistory:
		return 3
	}
	return 10
}
