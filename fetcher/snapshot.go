package fetcher

import (
	"time"

	"github.com/shopspring/decimal"
)

// Snapshot records what a source said at one moment, without the rows. It is
// kept only when the answer changed something.
type Snapshot struct {
	FetchedAt time.Time       `json:"fetched_at"`
	Hash      string          `json:"hash"`
	Through   Day             `json:"through"` // newest charge day
	Rows      int             `json:"rows"`
	Totals    []SnapshotTotal `json:"totals"`
}

// SnapshotTotal is the cost of one service in one billing period, up to the
// snapshot's moment.
type SnapshotTotal struct {
	BillingPeriodStart Day             `json:"period"`
	Service            string          `json:"service"`
	Currency           string          `json:"currency"`
	ContractedCost     decimal.Decimal `json:"cost"`
}

// newSnapshot sums an answer whose charges are in order.
func newSnapshot(a Answer) Snapshot {
	s := Snapshot{FetchedAt: a.FetchedAt, Hash: a.Hash, Rows: len(a.Charges)}
	var sums []Sum
	at := map[totalKey]int{}
	services := map[string]string{} // identities by name as billed
	for i := range a.Charges {
		c := &a.Charges[i]
		s.Through = max(s.Through, c.ChargePeriodStart)
		service, met := services[c.ServiceName]
		if !met {
			service = c.Service()
			services[c.ServiceName] = service
		}
		key := totalKey{c.BillingPeriodStart, service, c.BillingCurrency}
		place, seen := at[key]
		if !seen {
			place = len(sums)
			at[key] = place
			s.Totals = append(s.Totals, SnapshotTotal{BillingPeriodStart: key.period, Service: service, Currency: key.currency})
			sums = append(sums, Sum{})
		}
		sums[place].Add(c.ContractedCost)
	}
	for i, sum := range sums {
		s.Totals[i].ContractedCost = sum.Decimal()
	}
	return s
}

// totalKey is what the charges of one total share.
type totalKey struct {
	period            Day
	service, currency string
}

// Revision records that a source changed its mind about one item of the bill
// after having told it.
type Revision struct {
	SeenAt             time.Time       `json:"seen_at"`
	BillingPeriodStart Day             `json:"period"`
	Day                Day             `json:"day"`
	Service            string          `json:"service"`
	SubscriptionID     string          `json:"subscription,omitempty"`
	ZoneID             string          `json:"zone,omitempty"`
	Currency           string          `json:"currency"`
	OldCost            decimal.Decimal `json:"old_cost"`
	NewCost            decimal.Decimal `json:"new_cost"`
	OldQuantity        decimal.Decimal `json:"old_quantity"`
	NewQuantity        decimal.Decimal `json:"new_quantity"`
	Vanished           bool            `json:"vanished,omitempty"` // the item is gone from the bill
}
