package store

import (
	"cmp"
	"errors"
	"fmt"
	"slices"

	"github.com/billbot/billbot/fetcher"
)

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

// putPeriod replaces what is kept of a period by a packed value, nil for none.
func putPeriod(b bucket, at chargePlace, value []byte) error {
	key := chargesKey(at.period, at.number)
	if value == nil {
		return at.named(b.delete(key))
	}
	return at.named(b.put(key, value))
}

// getPeriod reads a period's value as decode does; nil if there is none.
func getPeriod[T any](b bucket, at chargePlace, decode func([]byte, fetcher.Day) ([]T, error)) ([]T, error) {
	key := chargesKey(at.period, at.number)
	value, err := b.get(key)
	if errors.Is(err, errAbsent) {
		return nil, nil
	}
	if err != nil {
		return nil, at.named(err)
	}
	read, err := decode(value, at.period)
	if err != nil {
		return nil, at.named(b.damage(key, err))
	}
	return read, nil
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
// order.
func readCharges(tx *txn, account string, number uint32, periods []span) ([]fetcher.Charge, error) {
	return readPeriods(tx, account, number, periods, decodeLedger, func(fetcher.Charge) int { return 1 })
}

// readLines reads the lines of the periods of an account that are chosen, in a
// bill's order.
func readLines(tx *txn, account string, number uint32, periods []span) ([]fetcher.Line, error) {
	lines, err := readPeriods(tx, account, number, periods, decodeLines, func(l fetcher.Line) int { return l.Costs.Len() })
	fetcher.SortLines(lines)
	return lines, err
}

// readPeriods reads periods as decode does. Values have checksums, but one that
// is gone has none: the number of charges tells.
func readPeriods[T any](
	tx *txn, account string, number uint32, periods []span,
	decode func([]byte, fetcher.Day) ([]T, error), rows func(T) int,
) ([]T, error) {
	parts := make([][]T, len(periods)) // by start, as the ledger has them
	b := tx.bucket(bucketCharges)
	for i, p := range periods {
		at := chargePlace{account, number, p.Start}
		var err error
		if parts[i], err = getPeriod(b, at, decode); err != nil {
			return nil, err
		}
		count := 0
		for _, part := range parts[i] {
			count += rows(part)
		}
		if count != p.Rows {
			cause := fmt.Errorf("%d charges where %d were written", count, p.Rows)
			return nil, at.named(b.damage(chargesKey(at.period, at.number), cause))
		}
	}
	if len(parts) == 1 {
		return parts[0], nil
	}
	return slices.Concat(parts...), nil
}
