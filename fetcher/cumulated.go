package fetcher

import (
	"cmp"
	"fmt"
	"maps"
	"slices"

	"github.com/shopspring/decimal"
)

// series is what Cloudflare may keep a running sum of: a service in a billing
// period, perhaps for one subscription and zone.
type series struct {
	period       Day
	service      string
	subscription string
	zone         string
	currency     string
}

func seriesOf(c Charge) series {
	return series{c.BillingPeriodStart, c.Service(), c.SubscriptionID, c.ZoneID, c.BillingCurrency}
}

// running is a series' sum by our count and by the source's.
type running struct {
	ours   Sum
	newest Day
	told   Number // the source's own sum, on the newest day
}

// Disagreement is a service whose charges of a billing period do not add up to
// the source's own running sum.
type Disagreement struct {
	BillingPeriodStart Day             `json:"period"`
	Service            string          `json:"service"`
	Currency           string          `json:"currency"`
	Charges            decimal.Decimal `json:"charges"` // what the charges add up to
	Told               decimal.Decimal `json:"told"`    // the source's own sum
}

// String says it in a sentence without a final full stop.
func (d Disagreement) String() string {
	return fmt.Sprintf("%s in the billing period from %s: the charges sum up to %s %s, Cloudflare's own running sum says %s",
		d.Service, d.BillingPeriodStart, d.Charges, d.Currency, d.Told)
}

// Disagreements are those of the billing periods given, by period and service.
func (l Ledger) Disagreements(periods ...Day) []Disagreement {
	return slices.SortedFunc(maps.Values(disagreements(l.Charges, periods)), func(a, b Disagreement) int {
		return cmp.Or(cmp.Compare(a.BillingPeriodStart, b.BillingPeriodStart), cmp.Compare(a.Service, b.Service),
			cmp.Compare(a.Currency, b.Currency))
	})
}

// disagreements compares the source's running sums of cost with ours, for the
// billing periods given. The sum of a period's charges is the truth; where the
// source's own count differs somebody should know. A service of several series
// is left out, as the source may sum up across them, and so is one without any
// count.
func disagreements(charges []Charge, periods []Day) map[series]Disagreement {
	sums := map[series]*running{}
	several := map[series]int{} // series a service and period has
	for _, period := range periods {
		for _, c := range (Ledger{Charges: charges}).InPeriod(period) {
			key := seriesOf(c)
			if sums[key] == nil {
				sums[key] = &running{}
				several[key.whole()]++
			}
			sums[key].add(c)
		}
	}
	found := map[series]Disagreement{}
	for key, r := range sums {
		ours, told := r.ours.Decimal(), r.told.Decimal()
		if several[key.whole()] == 1 && !told.IsZero() && !closeEnough(ours, told) {
			found[key] = Disagreement{key.period, key.service, key.currency, ours, told}
		}
	}
	return found
}

// whole is the service and period that a series is a part of.
func (s series) whole() series { return series{period: s.period, service: s.service} }

func (r *running) add(c Charge) {
	r.ours.Add(c.ContractedCost)
	if c.ChargePeriodStart >= r.newest {
		r.newest, r.told = c.ChargePeriodStart, c.CumulatedContractedCost
	}
}

// tolerance is what two honest counts may differ by: running sums are made of
// floats at the source.
var tolerance = decimal.New(1, -6)

func closeEnough(a, b decimal.Decimal) bool { return a.Sub(b).Abs().LessThanOrEqual(tolerance) }

// cumulatedNotes tells of series whose running sum disagrees now and did not
// before.
func cumulatedNotes(before, after []Charge, periods []Day) []string {
	was := disagreements(before, periods)
	var notes []string
	for key, note := range disagreements(after, periods) {
		if _, told := was[key]; !told {
			notes = append(notes, note.String())
		}
	}
	slices.Sort(notes)
	return notes
}
