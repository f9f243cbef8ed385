package store

import (
	"encoding/binary"
	"fmt"
	"slices"

	"github.com/billbot/billbot/fetcher"
)

// chargeForm is how the charges of one account and billing period lie in the
// file.
type chargeForm interface {
	// encode makes values of charges in the ledger's order, before the
	// transaction that puts them.
	encode([]fetcher.Charge) ([][]byte, error)
	// put replaces what is kept of the period by those values.
	put(b bucket, account string, period fetcher.Day, values [][]byte) error
	// get returns the period's charges in the order they were encoded in.
	get(b bucket, account string, period fetcher.Day) ([]fetcher.Charge, error)
}

// rowForm keeps one value per charge, under the period's key and the charge's
// place in it.
type rowForm struct{}

func (rowForm) encode(charges []fetcher.Charge) ([][]byte, error) {
	values := make([][]byte, len(charges))
	for i, c := range charges {
		values[i] = appendRow(nil, c)
	}
	return values, nil
}

func (rowForm) put(b bucket, account string, period fetcher.Day, values [][]byte) error {
	prefix := periodKey(account, period)
	for i, value := range values {
		if err := b.put(rowKey(prefix, i), value); err != nil {
			return err
		}
	}
	var left [][]byte // a cursor must not see its bucket change
	err := b.eachSealed(prefix, rowKey(prefix, len(values)), func(key, _ []byte) error {
		left = append(left, slices.Clone(key))
		return nil
	})
	for _, key := range left {
		if err := b.delete(key); err != nil {
			return err
		}
	}
	return err
}

func (rowForm) get(b bucket, account string, period fetcher.Day) ([]fetcher.Charge, error) {
	var charges []fetcher.Charge
	rows := newRowReader()
	err := b.each(periodKey(account, period), func(key, value []byte) error {
		c, err := rows.read(value)
		if err != nil {
			return b.damage(key, err)
		}
		charges = append(charges, c)
		return nil
	})
	return charges, err
}

func rowKey(prefix []byte, place int) []byte {
	return binary.BigEndian.AppendUint32(slices.Clip(prefix), uint32(place))
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

// readCharges reads the periods that are chosen, in the ledger's order. Rows
// have checksums, but a row that is gone has none: their number tells.
func (s *Store) readCharges(tx *txn, account string, periods []span) ([]fetcher.Charge, error) {
	var charges []fetcher.Charge
	b := tx.bucket(bucketCharges)
	for _, p := range periods {
		rows, err := s.charges.get(b, account, p.Start)
		if err != nil {
			return nil, err
		}
		if len(rows) != p.Rows {
			return nil, b.damage(periodKey(account, p.Start), fmt.Errorf("%d charges where %d were written", len(rows), p.Rows))
		}
		charges = append(charges, rows...)
	}
	fetcher.SortCharges(charges)
	return charges, nil
}
