package spend

import (
	"slices"

	"github.com/shopspring/decimal"
)

// judge is the walk of one series. Its statistics are floats: they rank
// quantities. What is shown, and what is compared with an amount, is exact.
type judge struct {
	rules    []Record  // which differ in what a rise must be worth
	episodes []Episode // the newest under each
	series   Series
	above    float64 // times usual, of a day
	runAbove float64 // and of a run
	pricing  pricing
	price    price // of the day told last
	days     []Judged

	used   []float64 // usage of each day
	usual  []float64 // what was usual on it
	counts []float64 // what it counts for as history: used, or usual while it is hidden
	odd    []int     // the days far over usual among the last recordDays, oldest first
	month  window    // counts of the last UsualDays
}

func (j *judge) day(i int) {
	use := j.series.Days[i]
	j.pricing.learn(j.series.Days, i)
	j.recount(i)
	j.used[i] = rank(use.Quantity)
	j.counts[i] = j.used[i]
	j.usual[i] = max(j.month.median(), j.weekday(i))
	j.days[i] = Judged{Day: j.series.Day(i), History: i}
	switch {
	case i == 0: // with nothing before it, it is all there is of usual
		j.usual[0] = j.used[0]
	case j.far(i):
		j.weigh(i, false)
		j.counts[i] = j.usual[i]
		j.odd = append(j.odd, i)
	case j.inRun(i):
		j.weigh(i, true)
	}
}

// far reports whether a day is far over usual, whatever that is worth, and keeps
// what it lacks.
func (j *judge) far(i int) bool {
	j.days[i].Failed = j.farTest(i)
	return j.days[i].Failed == NoTest
}

// inRun reports whether a day is the newest of a run of days over usual, and
// keeps what it lacks.
func (j *judge) inRun(i int) bool {
	j.days[i].NoRun = j.runTest(i)
	return j.days[i].NoRun == NoTest
}

// weekday is the median of the same weekday in the last four weeks.
func (j *judge) weekday(i int) float64 {
	var days [UsualDays / 7]float64
	n := 0
	for past := i - 7; past >= max(0, i-UsualDays); past -= 7 {
		days[n] = j.counts[past]
		n++
	}
	return medianOfWeeks(days[:n])
}

// farTest is the first test of a day far over usual that a day fails. The tests
// that cost most come last; nearly all days fail the first.
func (j *judge) farTest(i int) Test {
	used := j.used[i]
	if used <= j.above*j.usual[i] {
		return TestAbove
	}
	biggest := slices.Max(j.counts[max(0, i-recordDays):i])
	switch {
	case used <= recordMargin*biggest:
		return TestBiggest
	case used <= anySpread*biggest && !j.spreadOn(i).far(used):
		return TestSpread
	}
	return NoTest
}

// runTest is the first test of a run that a day fails as its newest.
func (j *judge) runTest(i int) Test {
	switch {
	case i+1 < 2*runDays:
		return TestRunHistory
	case j.used[i] <= j.runAbove*j.usual[i]:
		return TestRunOver
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
	switch {
	case over < runOver:
		return TestRunOver
	case usual <= 0 || used <= j.runAbove*usual:
		return TestRunTogether
	case used <= j.runAbove*j.biggestRun(i-runDays):
		return TestRunBiggest
	case !j.spreadOn(i).farRun(used / usual):
		return TestRunSpread
	}
	return NoTest
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

// weigh says whether people are told of a day, and if so, what.
func (j *judge) weigh(i int, run bool) {
	d := &j.days[i]
	j.price = j.pricing.price(j.series.Days)
	d.Quantity, d.Ordinary = j.series.Days[i].Quantity.Decimal(), j.ordinary(i)
	rise := d.Quantity.Sub(d.Ordinary)
	for k := range j.rules {
		test := j.worthTest(&j.rules[k], i, rise)
		if k == 0 {
			d.Failed, d.Flagged, d.Run = test, test == NoTest, run && test == NoTest
		}
		if test != NoTest {
			continue
		}
		j.tell(i)
		flagged := *d
		flagged.Failed, flagged.Flagged, flagged.Run = NoTest, true, run
		j.episodes[k].take(flagged)
	}
}

// tell fills in the rest of what people are told of a day that was weighed.
func (j *judge) tell(i int) {
	d := &j.days[i]
	d.Cost, d.Biggest = j.series.Days[i].Cost.Decimal(), j.exact(j.biggest(i)).Decimal()
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

// worthTest compares the rise's worth with the floor and the share, multiplying
// by the price instead of dividing.
func (j *judge) worthTest(rule *Record, i int, rise decimal.Decimal) Test {
	floor := rule.Floor
	if times := strictness(i); times > 1 {
		floor = floor.Mul(decimal.NewFromInt(times))
	}
	switch {
	case !j.price.known():
		return TestPrice
	case !j.price.worth(rise, floor):
		return TestAmount
	case !rule.Share.IsPositive() || rule.AccountUsual == nil:
		return NoTest
	case !j.price.worth(rise, rule.AccountUsual(j.series.Day(i)).Mul(rule.Share).Shift(-2)):
		return TestShare
	}
	return NoTest
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
