package spend

// pace is how a service goes on, as its usage says.
type pace struct {
	days int // that are known, from its first day of use on
	skip int // days of the series before that one
	week [7]float64

	level   float64 // of an ordinary day now
	before  float64 // the level before that, if changed
	changed bool    // the level began lately
	newest  float64 // what the newest day used

	high   int     // days of a run of high days that is still on, at the end
	usual  float64 // what a day is without them
	record bool    // its newest day beats the biggest rise before by half
}

// goOn works out the pace from all days.
func (u *usage) goOn() {
	if u.days == 0 {
		return
	}
	from := u.present(u.days)
	u.level = u.levelOf(from, u.days, u.plain)
	u.before, u.changed = u.levelBefore(from)
	u.newest = u.used[u.days-1]
}

// weekday counts the days of the week from some day on; which one does not
// matter.
func (p *pace) weekday(i int) int { return (p.skip + i) % 7 }

// ahead is how many ordinary days the days from the n-th on are worth.
func (p *pace) ahead(n, days int) float64 {
	worth := float64(days / 7 * 7)
	for k := n; k < n+days%7; k++ {
		worth += p.week[p.weekday(k)]
	}
	return worth
}
