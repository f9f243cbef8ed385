package fetcher

import (
	"slices"

	"github.com/shopspring/decimal"
)

// counted is a service in a billing period, whose charges are added up in one
// currency.
type counted struct {
	period   Day
	service  string
	currency string
}

// series is what Cloudflare may keep a running sum of: a part of what is counted,
// by name as billed, subscription and zone, or by some of them. Nobody says which.
type series struct {
	counted
	name, subscription, zone string
}

// running is a series' sum by our count and by the source's.
type running struct {
	ours   Sum
	newest Day
	told   Number // the source's own sum, on the newest day
}

func (r *running) add(n, told Number, day Day) {
	r.ours.Add(n)
	r.hear(told, day)
}

// hear takes what the source told on a day. Of one day the largest is the last.
func (r *running) hear(told Number, day Day) {
	if day > r.newest || day == r.newest && told.Cmp(r.told) > 0 {
		r.newest, r.told = day, told
	}
}

// part is a series with its sums.
type part struct {
	series
	first          *Charge // of its period
	cost, quantity running
}

// has reports whether a charge of the same period is of the series, which is
// cheaper to see than to name its series.
func (p *part) has(c *Charge) bool {
	return p.first.ServiceName == c.ServiceName && p.first.BillingCurrency == c.BillingCurrency &&
		p.first.SubscriptionID == c.SubscriptionID && p.first.ZoneID == c.ZoneID
}

func costOf(p *part) *running     { return &p.cost }
func quantityOf(p *part) *running { return &p.quantity }

// partsOf adds up each series of the billing periods given.
func partsOf(charges []Charge, periods []Day) map[counted][]*part {
	parts := map[counted][]*part{}
	for _, period := range periods {
		for _, p := range seriesOf((Ledger{Charges: charges}).InPeriod(period), period) {
			parts[p.counted] = append(parts[p.counted], p)
		}
	}
	return parts
}

// seriesOf adds up each series of a billing period, whose charges are in order.
// Most days have the same series in the same order, so that the one that follows
// is tried before all others.
func seriesOf(rows []Charge, period Day) (parts []*part) {
	places, next := map[series]int{}, 0
	for i := range rows {
		c := &rows[i]
		if next == len(parts) {
			next = 0
		}
		if len(parts) == 0 || !parts[next].has(c) {
			key, known := series{counted{period, c.Service(), c.BillingCurrency}, c.ServiceName, c.SubscriptionID, c.ZoneID}, false
			if next, known = places[key]; !known {
				next = len(parts)
				places[key], parts = next, append(parts, &part{series: key, first: c})
			}
		}
		parts[next].cost.add(c.ContractedCost, c.CumulatedContractedCost, c.ChargePeriodStart)
		parts[next].quantity.add(c.PricingQuantity, c.CumulatedPricingQuantity, c.ChargePeriodStart)
		next++
	}
	return parts
}

// compareSums compares by each way in which the source may have split what it
// adds up, as nobody says which is its own. Where none fits, it returns our sum
// and that of the way which comes nearest.
func compareSums(parts []*part, of func(*part) *running) (ours, told decimal.Decimal, agree bool) {
	if !slices.ContainsFunc(parts, func(p *part) bool { return !of(p).told.IsZero() }) {
		return ours, told, true // it keeps none
	}
	if len(parts) == 1 {
		ours, told = of(parts[0]).ours.Decimal(), of(parts[0]).told.Decimal()
		return ours, told, closeEnough(ours, told)
	}
	for way := range splits {
		sums := map[series]*running{}
		for _, p := range parts {
			key := p.split(way)
			if sums[key] == nil {
				sums[key] = &running{}
			}
			sums[key].ours.Merge(of(p).ours)
			sums[key].hear(of(p).told, of(p).newest)
		}
		mine, its, fits := addUp(sums)
		if fits {
			return mine, its, true
		}
		if way == 0 || its.Sub(mine).Abs().LessThan(told.Sub(ours).Abs()) {
			ours, told = mine, its
		}
	}
	return ours, told, false
}

// splits is how many ways there are: by name, subscription and zone, or not.
const splits = 1 << 3

// split is the series that a part belongs to, by one of the ways.
func (p *part) split(way int) series {
	key := p.series
	if way&1 != 0 {
		key.zone = ""
	}
	if way&2 != 0 {
		key.subscription = ""
	}
	if way&4 != 0 {
		key.name = ""
	}
	return key
}

// addUp is all series together, and whether each of them agrees.
func addUp(sums map[series]*running) (ours, told decimal.Decimal, agree bool) {
	agree = true
	for _, r := range sums {
		mine, its := r.ours.Decimal(), r.told.Decimal()
		ours, told = ours.Add(mine), told.Add(its)
		agree = agree && closeEnough(mine, its)
	}
	return ours, told, agree
}

// tolerance is what two honest counts may differ by, and of large ones by which
// part: running sums are made of floats at the source.
var tolerance, largeTolerance = decimal.New(1, -6), decimal.New(1, -9)

func closeEnough(a, b decimal.Decimal) bool {
	return a.Sub(b).Abs().LessThanOrEqual(decimal.Max(tolerance, a.Abs().Mul(largeTolerance)))
}
