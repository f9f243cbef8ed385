package store

import (
	"slices"

	"github.com/billbot/billbot/fetcher"
)

// decodeLedger returns the charges of a packed value in the ledger's order of
// today: a later billbot may strip names in another way.
func decodeLedger(value []byte, period fetcher.Day) ([]fetcher.Charge, error) {
	d := decoder{reader: reader{rest: value}}
	if err := d.decode(period); err != nil {
		return nil, err
	}
	if !d.inOrder() {
		fetcher.SortCharges(d.charges)
	}
	return d.charges, nil
}

// inOrder reports whether the charges are in the ledger's order for sure. That
// of their series says it: it is the order of each day, and thirty names are
// compared faster than a thousand.
func (d *decoder) inOrder() bool {
	if len(d.alone) > 0 {
		return false
	}
	heads := make([]fetcher.Charge, len(d.all))
	for i, s := range d.all {
		heads[i] = d.worded(s.key)
	}
	sorted := slices.Clone(heads)
	fetcher.SortCharges(sorted)
	return slices.EqualFunc(heads, sorted, func(a, b fetcher.Charge) bool { return sameRow(&a, &b) })
}
