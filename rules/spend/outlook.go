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
	pace    pace
	band    band
	scale   int32 // of the pace's floats
	through fetcher.Day
	inside  []inside
	told    []told
	runaway *Outlook // the same as an incident, once asked for

	uncounted bool // its costs stand for its quantities
}

// NewOutlook looks at the days of a service. It is linear in their number.
func NewOutlook(s Series) *Outlook { return new(Room).Outlook(s) }

// Outlook is [NewOutlook] in a room, of which it keeps nothing.
func (r *Room) Outlook(s Series) *Outlook {
	s, uncounted := priced(s)
	o := &Outlook{Service: s.Service, Currency: s.Currency, series: s, through: s.Day(len(s.Days) - 1), uncounted: uncounted}
	o.Tariff = Learn(s)
	days := r.rows(len(s.Days))
	o.scale = scaleOf(s.Days)
	for i, use := range s.Days {
		days[i] = max(0, floatOf(use.Quantity, o.scale))
	}
	u := newUsage(r, days)
	o.pace, o.band = u.pace, u.backcast()
	o.Incident = o.runsAway()
	return o
}

// Flagged is the outlook where a spike rule has flagged the newest day, or not: one
// that was flagged is an incident.
func (o *Outlook) Flagged(flagged bool) *Outlook {
	if o.Incident || !flagged {
		return o
	}
	if o.runaway == nil {
		other := *o
		other.Incident, other.inside, other.told = true, nil, nil
		o.runaway = &other
	}
	return o.runaway
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
	p := &o.pace
	if p.high == 0 || !p.record || !o.Tariff.Known() {
		return false
	}
	rise := written(p.newest-p.usual, o.scale)
	return o.Tariff.price.worth(rise, decimal.NewFromInt(incidentFloor))
}

// told is a forecast, and of what it is.
type told struct {
	billing fetcher.Period
	to      fetcher.Day
	Forecast
}

// Ahead is what the days after the newest one will cost, up to and with a day.
// billing is the billing period that the next day falls in: what it has used
// counts against the included quantity, which begins anew with each period
// after it. It is worked out once, however often it is asked for.
func (o *Outlook) Ahead(billing fetcher.Period, to fetcher.Day) Forecast {
	for i := range o.told {
		if t := &o.told[i]; t.billing == billing && t.to == to {
			return t.Forecast
		}
	}
	f := o.foretell(billing, to)
	o.told = append(o.told, told{billing, to, f})
	return f
}

func (o *Outlook) foretell(billing fetcher.Period, to fetcher.Day) Forecast {
	left := int(to - o.through)
	if left <= 0 || o.pace.days == 0 {
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
func (o *Outlook) UsesAhead(to fetcher.Day) Forecast {
	left := int(to - o.through)
	if left <= 0 || o.pace.days == 0 || o.uncounted {
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

func (o *Outlook) quantities(left int) quantities {
	p, b := &o.pace, o.band.over(left)
	level, low, high := p.level, p.level, p.level
	if p.changed {
		low, high = min(low, p.before), max(high, p.before)
	}
	if p.high > 0 {
		low = min(low, p.usual)
	}
	low, high = low*math.Exp(b.low), high*math.Exp(b.high)
	days := p.ahead(p.days, left) / float64(left)
	newest := p.newest / days
	if o.Incident {
		level, high = min(level, newest), newest*growth
		low = min(low, level)
	}
	return quantities{
		low: written(low*days, o.scale), middle: written(level*days, o.scale), high: written(high*days, o.scale),
		newest: written(p.newest, o.scale),
	}
}

// bill prices days to come.
type bill struct {
	tariff Tariff          // of periods to come
	now    Tariff          // of the present one
	left   decimal.Decimal // what that still includes
	days   int             // in the present period
	after  int             // in those after it
}

func (o *Outlook) bill(billing fetcher.Period, left int) bill {
	b := bill{tariff: o.Tariff, now: o.Tariff, days: min(left, max(0, int(billing.End-o.through)))}
	b.after = left - b.days
	used, cost := o.usedIn(billing.Start)
	if cost.IsPositive() {
		b.now = b.now.billed(used, cost)
	}
	b.left = b.now.Left(used)
	return b
}

// monthDays is how long the billing periods to come are taken to be.
const monthDays = 30

// of is what the days cost that use so much each.
func (b bill) of(daily decimal.Decimal) decimal.Decimal {
	sum := b.now.beyond(b.left, daily.Mul(decimal.NewFromInt(int64(b.days))))
	for after := b.after; after > 0; after -= monthDays {
		sum = sum.Add(b.tariff.Cost(decimal.Zero, daily.Mul(decimal.NewFromInt(int64(min(after, monthDays))))))
	}
	return sum
}

// inside is what a billing period has used and cost so far.
type inside struct {
	start      fetcher.Day
	used, cost decimal.Decimal
}

// usedIn is what a billing period has used and cost so far, added up once.
func (o *Outlook) usedIn(start fetcher.Day) (used, cost decimal.Decimal) {
	for i := range o.inside {
		if known := &o.inside[i]; known.start == start {
			return known.used, known.cost
		}
	}
	used, cost = o.addUp(start)
	o.inside = append(o.inside, inside{start, used, cost})
	return used, cost
}

func (o *Outlook) addUp(start fetcher.Day) (used, cost decimal.Decimal) {
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
func (o *Outlook) Used(billing fetcher.Period) decimal.Decimal {
	used, _ := o.usedIn(billing.Start)
	return used
}

// Reaches is the day on which a billing period will have used a quantity, at
// the pace it is forecast to go on, or did if it has already; false if not
// within the period.
func (o *Outlook) Reaches(quantity decimal.Decimal, billing fetcher.Period) (fetcher.Day, bool) {
	missing := quantity.Sub(o.Used(billing))
	if !missing.IsPositive() {
		return o.reached(quantity, billing.Start), true
	}
	p, n := &o.pace, o.pace.days
	left := float(missing, o.scale)
	nothing := left * 1e-9 // floats do not come down to zero
	for d := o.through + 1; d <= billing.End; d++ {
		if left -= p.level * p.week[p.weekday(n)]; left <= nothing {
			return d, true
		}
		n++
	}
	return 0, false
}

// reached is the day on which a billing period had used a quantity.
func (o *Outlook) reached(quantity decimal.Decimal, start fetcher.Day) fetcher.Day {
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
func (o *Outlook) Period(open []fetcher.Period) fetcher.Period {
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
