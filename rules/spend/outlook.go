package spend

import (
	"math"

	"github.com/billbot/billbot/fetcher"
	"github.com/shopspring/decimal"
)

// Outlook is what is known of how a service goes on: its tariff, how much it
// uses, and how well that could be foretold before. It is made once for a
// service and asked for any number of periods.
type Outlook struct {
	Service  string
	Currency string
	Tariff   Tariff
	// Incident reports whether the service runs away on the newest day: far
	// over usual, beyond every day of five weeks before, and worth a dollar.
	Incident bool

	series  Series
	usage   usage
	band    band
	scale   int32 // of the usage's floats
	through fetcher.Day

	uncounted bool // its costs stand for its quantities
}

// NewOutlook looks at the days of a service. It is linear in their number.
func NewOutlook(s Series) Outlook {
	s, uncounted := priced(s)
	o := Outlook{Service: s.Service, Currency: s.Currency, series: s, through: s.Day(len(s.Days) - 1), uncounted: uncounted}
	o.Tariff = Learn(s)
	days := make([]float64, len(s.Days))
	o.scale = scaleOf(s.Days)
	for i, use := range s.Days {
		days[i] = max(0, floatOf(use.Quantity, o.scale))
	}
	o.usage = newUsage(days)
	o.band = o.usage.backcast()
	o.Incident = o.runsAway()
	return o
}

// scaleOf is the power of ten above the largest quantity.
func scaleOf(days []Use) int32 {
	scale := int32(math.MinInt32)
	for _, use := range days {
		if use.Quantity.IsPositive() {
			scale = max(scale, magnitudeOf(use.Quantity))
		}
	}
	return max(scale, -100)
}

// priced is the series itself; of a service that is billed and counts nothing,
// the cost stands for the quantity.
func priced(s Series) (_ Series, uncounted bool) {
	billed := false
	for _, use := range s.Days {
		if use.Quantity.IsPositive() {
			return s, false
		}
		billed = billed || use.Cost.IsPositive()
	}
	if billed {
		days := make([]Use, len(s.Days))
		for i, use := range s.Days {
			days[i] = Use{Quantity: use.Cost, Cost: use.Cost, BillingPeriodStart: use.BillingPeriodStart}
		}
		s.Days = days
	}
	return s, billed
}

// incidentFloor is what the rise of a runaway must be worth a day.
const incidentFloor = 1

func (o *Outlook) runsAway() bool {
	u := &o.usage
	if u.high == 0 || !u.record || !o.Tariff.Known() {
		return false
	}
	rise := written(u.used[len(u.used)-1]-u.usual, o.scale)
	return o.Tariff.price.worth(rise, decimal.NewFromInt(incidentFloor))
}

// Ahead is what the days after the newest one will cost, up to and with a day.
// billing is the billing period that the next day falls in: what it has used
// counts against the included quantity, which begins anew with each period
// after it.
func (o Outlook) Ahead(billing fetcher.Period, to fetcher.Day) Forecast {
	left := int(to - o.through)
	if left <= 0 || len(o.usage.used) == 0 {
		return Forecast{}
	}
	q := o.quantities(left)
	b := o.bill(billing, left)
	f := Forecast{Total: b.of(q.middle), Lo: b.of(q.low), Hi: b.of(q.high)}
	f.GoesOn = f.Total
	if o.Incident {
		f.Incident = []string{o.Service}
		f.GoesOn = b.of(q.newest)
	}
	return f
}

// UsesAhead is what the days after the newest one will use, up to and with a day:
// a forecast of a quantity, not of money. A service that is billed without one
// uses nothing.
func (o Outlook) UsesAhead(to fetcher.Day) Forecast {
	left := int(to - o.through)
	if left <= 0 || len(o.usage.used) == 0 || o.uncounted {
		return Forecast{}
	}
	q, days := o.quantities(left), decimal.NewFromInt(int64(left))
	f := Forecast{Total: q.middle.Mul(days), Lo: q.low.Mul(days), Hi: q.high.Mul(days)}
	f.GoesOn = f.Total
	if o.Incident {
		f.Incident = []string{o.Service}
		f.GoesOn = q.newest.Mul(days)
	}
	return f
}

// quantities is what each of some days will use, on average.
type quantities struct{ low, middle, high, newest decimal.Decimal }

// growth is how many times more than on its newest day a runaway may use.
const growth = 1.5

func (o Outlook) quantities(left int) quantities {
	u := &o.usage
	n := len(u.used)
	b := o.band.over(left)
	from := u.present(n)
	level := u.level(from, n, u.plain)
	low, high := level, level
	if before, changed := u.levelBefore(from); changed {
		low, high = min(low, before), max(high, before)
	}
	if u.high > 0 {
		low = min(low, u.usual)
	}
	low, high = low*math.Exp(b.low), high*math.Exp(b.high)
	days := u.ahead(n, left) / float64(left)
	newest := u.used[n-1] / days
	if o.Incident {
		level, high = min(level, newest), newest*growth
		low = min(low, level)
	}
	return quantities{
		low: written(low*days, o.scale), middle: written(level*days, o.scale), high: written(high*days, o.scale),
		newest: written(u.used[n-1], o.scale),
	}
}

// bill prices days to come.
type bill struct {
	tariff Tariff // of periods to come
	now    Tariff // of the present one
	used   decimal.Decimal
	days   int // in the present period
	after  int // in those after it
}

func (o Outlook) bill(billing fetcher.Period, left int) bill {
	b := bill{tariff: o.Tariff, now: o.Tariff, days: min(left, max(0, int(billing.End-o.through)))}
	b.after = left - b.days
	used, cost := o.usedIn(billing.Start)
	if b.used = used; cost.IsPositive() {
		b.now = b.now.billed(used, cost)
	}
	return b
}

// monthDays is how long the billing periods to come are taken to be.
const monthDays = 30

// of is what the days cost that use so much each.
func (b bill) of(daily decimal.Decimal) decimal.Decimal {
	sum := b.now.Cost(b.used, daily.Mul(decimal.NewFromInt(int64(b.days))))
	for after := b.after; after > 0; after -= monthDays {
		sum = sum.Add(b.tariff.Cost(decimal.Zero, daily.Mul(decimal.NewFromInt(int64(min(after, monthDays))))))
	}
	return sum
}

// usedIn is what a billing period has used and cost so far.
func (o Outlook) usedIn(start fetcher.Day) (used, cost decimal.Decimal) {
	var quantities, costs fetcher.Sum
	for _, use := range o.series.Days[o.series.firstOf(start):] {
		if use.BillingPeriodStart == start {
			quantities.Add(use.Quantity)
			costs.Add(use.Cost)
		}
	}
	return quantities.Decimal(), costs.Decimal()
}

// Used is what a billing period has used so far.
func (o Outlook) Used(billing fetcher.Period) decimal.Decimal {
	used, _ := o.usedIn(billing.Start)
	return used
}

// Reaches is the day on which a billing period will have used a quantity, at
// the pace it is forecast to go on, or did if it has already; false if not
// within the period.
func (o Outlook) Reaches(quantity decimal.Decimal, billing fetcher.Period) (fetcher.Day, bool) {
	missing := quantity.Sub(o.Used(billing))
	if !missing.IsPositive() {
		return o.reached(quantity, billing.Start), true
	}
	u := &o.usage
	n := len(u.used)
	level := 0.0
	if n > 0 {
		level = u.level(u.present(n), n, u.plain)
	}
	left := float(missing, o.scale)
	nothing := left * 1e-9 // floats do not come down to zero
	for d := o.through + 1; d <= billing.End; d++ {
		if left -= level * u.week[u.weekday(n)]; left <= nothing {
			return d, true
		}
		n++
	}
	return 0, false
}

// reached is the day on which a billing period had used a quantity.
func (o Outlook) reached(quantity decimal.Decimal, start fetcher.Day) fetcher.Day {
	var used fetcher.Sum
	for i, use := range o.series.Days {
		if use.BillingPeriodStart != start {
			continue
		}
		if used.Add(use.Quantity); used.Decimal().GreaterThanOrEqual(quantity) {
			return o.series.Day(i)
		}
	}
	return o.through
}

// Period is the one of the open billing periods that the service goes on in:
// the one it was billed in last, else the newest.
func (o Outlook) Period(open []fetcher.Period) fetcher.Period {
	var last fetcher.Day
	for i := len(o.series.Days) - 1; i >= 0 && last.IsZero(); i-- {
		last = o.series.Days[i].BillingPeriodStart
	}
	var newest fetcher.Period
	for _, p := range open {
		if p.Start == last {
			return p
		}
		newest = p
	}
	return newest
}
