package fetcher

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"sync"

	"github.com/shopspring/decimal"
)

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

// quantities says it of what is billed by, which is no money.
func (d Disagreement) quantities() string {
	return fmt.Sprintf("%s in the billing period from %s: the quantities priced sum up to %s, Cloudflare's own running sum says %s",
		d.Service, d.BillingPeriodStart, d.Charges, d.Told)
}

// Disagreements are those of cost, of the billing periods given, by period and
// service.
func (l Ledger) Disagreements(periods ...Day) []Disagreement {
	return slices.SortedFunc(maps.Values(disagreements(partsOf(l.Charges, periods), costOf)), func(a, b Disagreement) int {
		return cmp.Or(cmp.Compare(a.BillingPeriodStart, b.BillingPeriodStart), cmp.Compare(a.Service, b.Service),
			cmp.Compare(a.Currency, b.Currency))
	})
}

// disagreements compares the source's running sums with ours. The sum of a
// period's charges is the truth; where the source's own count differs somebody
// should know. What has no count is left out.
func disagreements(all map[counted][]*part, of func(*part) *running) map[counted]Disagreement {
	found := map[counted]Disagreement{}
	for key, parts := range all {
		if ours, told, agree := compareSums(parts, of); !agree {
			found[key] = Disagreement{key.period, key.service, key.currency, ours, told}
		}
	}
	return found
}

// cumulatedNotes tells of services whose running sum of cost or quantity
// disagrees now and did not before.
func cumulatedNotes(before, after []Charge, periods []Day) []string {
	var notes []string
	is, was := partsOf(after, periods), sync.OnceValue(func() map[counted][]*part { return partsOf(before, periods) })
	for _, look := range []struct {
		of  func(*part) *running
		say func(Disagreement) string
	}{{costOf, Disagreement.String}, {quantityOf, Disagreement.quantities}} {
		found := disagreements(is, look.of)
		if len(found) == 0 {
			continue
		}
		known := disagreements(was(), look.of)
		for key, d := range found {
			if _, told := known[key]; !told {
				notes = append(notes, look.say(d))
			}
		}
	}
	slices.Sort(notes)
	return notes
}
