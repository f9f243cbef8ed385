package store

import (
	"cmp"
	"errors"
	"fmt"
	"slices"

	"github.com/billbot/billbot/fetcher"
)

// chargeForm is how the charges of one account and billing period lie in the
// file.
type chargeForm interface {
	// encode makes the value of charges in the ledger's order, before the
	// transaction that puts it; nil for none.
	encode([]fetcher.Charge) ([]byte, error)
	// put replaces what is kept of the period by that value.
	put(b bucket, at chargePlace, value []byte) error
	// get returns the period's charges in the ledger's order.
	get(b bucket, at chargePlace) ([]fetcher.Charge, error)
}

// chargePlace is an account and billing period, and the number that the
// account has in keys.
type chargePlace struct {
	account string
	number  uint32
	period  fetcher.Day
}

// named says what an error is about: a key tells nobody.
func (p chargePlace) named(err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("account %s, billing period from %s: %w", p.account, p.period, err)
}

// comparePlaces orders places as their keys.
func comparePlaces(a, b chargePlace) int {
	return cmp.Or(cmp.Compare(a.period, b.period), cmp.Compare(a.number, b.number))
}

// packedForm keeps one value per account and billing period; see the
// package's documentation.
type packedForm struct{}

func (packedForm) encode(charges []fetcher.Charge) ([]byte, error) { return encodePacked(charges) }

func (packedForm) put(b bucket, at chargePlace, value []byte) error {
	key := chargesKey(at.period, at.number)
	if value == nil {
		return at.named(b.delete(key))
	}
	return at.named(b.put(key, value))
}

func (packedForm) get(b bucket, at chargePlace) ([]fetcher.Charge, error) {
	key := chargesKey(at.period, at.number)
	value, err := b.get(key)
	if errors.Is(err, errAbsent) {
		return nil, nil
	}
	if err != nil {
		return nil, at.named(err)
	}
	charges, err := decodeLedger(value, at.period)
	if err != nil {
		return nil, at.named(b.damage(key, err))
	}
	return charges, nil
}

// span is what an account's ledger knows of one billing period without
// reading its charges.
type span struct {
	Start fetcher.Day `json:"start"`
	First fetcher.Day `json:"first"` // oldest charge day
	Last  fetcher.Day `json:"last"`  // newest charge day
	Rows  int         `json:"rows"`
}

func spanOf(start fetcher.Day, charges []fetcher.Charge) span {
	s := span{Start: start, First: charges[0].ChargePeriodStart, Last: charges[0].ChargePeriodStart, Rows: len(charges)}
	for _, c := range charges {
		s.First, s.Last = min(s.First, c.ChargePeriodStart), max(s.Last, c.ChargePeriodStart)
	}
	return s
}

// longestPeriod is the most days a billing period has, with a day to spare:
// its end is an estimate.
const longestPeriod = 32

// mayReach reports whether the period may have days from since on.
func (s span) mayReach(since fetcher.Day) bool {
	return max(s.Last, s.Start+longestPeriod-1) >= since
}

// readCharges reads the periods of an account that are chosen, in the ledger's
// order. Values have checksums, but one that is gone has none: the number of
// charges tells.
func (s *Store) readCharges(tx *txn, account string, number uint32, periods []span) ([]fetcher.Charge, error) {
	parts := make([][]fetcher.Charge, len(periods)) // by start, as the ledger has them
	b := tx.bucket(bucketCharges)
	for i, p := range periods {
		at := chargePlace{account, number, p.Start}
		rows, err := s.charges.get(b, at)
		if err != nil {
			return nil, err
		}
		if len(rows) != p.Rows {
			cause := fmt.Errorf("%d charges where %d were written", len(rows), p.Rows)
			return nil, at.named(b.damage(chargesKey(at.period, at.number), cause))
		}
		parts[i] = rows
	}
	if len(parts) == 1 {
		return parts[0], nil
	}
	return slices.Concat(parts...), nil
}
