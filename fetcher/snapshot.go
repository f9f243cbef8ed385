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
	at := map[SnapshotTotal]int{}
	var sums []Sum
	for _, c := range a.Charges {
		s.Through = max(s.Through, c.ChargePeriodStart)
		key := SnapshotTotal{BillingPeriodStart: c.BillingPeriodStart, Service: c.Service(), Currency: c.BillingCurrency}
		i, seen := at[key]
		if !seen {
			i = len(s.Totals)
			at[key] = i
			s.Totals = append(s.Totals, key)
			sums = append(sums, Sum{})
		}
		sums[i].Add(c.ContractedCost)
	}
	for i, sum := range sums {
		s.Totals[i].ContractedCost = sum.Decimal()
	}
	return s
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
