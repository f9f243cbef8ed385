package store

import (
	"fmt"

	"github.com/billbot/billbot/fetcher"
)

// verifyPacked reads a value back and compares it with the charges that it was
// made of, digit by digit. It makes no rows: a commit verifies every value, and
// spends more on that than on the disk.
func verifyPacked(value []byte, charges []fetcher.Charge) error {
	v := verifier{decoder: decoder{reader: reader{rest: value}}, want: charges}
	if err := v.readHead(charges[0].BillingPeriodStart); err != nil {
		return fmt.Errorf("read back what was packed: %w", err)
	}
	v.found = interleave(v.all, v.alone)
	if rows := len(v.found) + len(v.alone); rows != len(charges) {
		return fmt.Errorf("%d charges were packed, %d are read back", len(charges), rows)
	}
	v.compareWords()
	v.compareCosts()
	v.compareOthers()
	v.compareAlone()
	if err := v.end(); err != nil {
		return fmt.Errorf("read back what was packed: %w", err)
	}
	if v.differs > 0 {
		return fmt.Errorf("%d charges of %d are not read back as they were packed", v.differs, len(charges))
	}
	return nil
}

type verifier struct {
	decoder
	want    []fetcher.Charge
	differs int
}

func (v *verifier) check(same bool) {
	if !same {
		v.differs++
	}
}

// eachSeries calls fn with each series and where its rows are.
func (v *verifier) eachSeries(fn func(s series, rows []int)) {
	rows := v.found
	for _, s := range v.all {
		fn(s, rows[:s.count])
		rows = rows[s.count:]
	}
}

// compareWords compares each row's words and days. Rows of a series share their
// strings, so all but the first are compared at a glance.
func (v *verifier) compareWords() {
	v.eachSeries(func(s series, rows []int) {
		head := v.worded(s.key)
		before := &head
		for k, row := range rows {
			c := &v.want[row]
			day := v.period + fetcher.Day(s.first+k+earliestDay)
			v.check(c.BillingPeriodStart == v.period && c.ChargePeriodStart == day && sameTexts(before, c))
			before = c
		}
	})
}

func (v *verifier) compareCosts() {
	v.eachSeries(func(s series, rows []int) {
		v.columns.count = s.count
		cost := v.columns.of(costColumn)
		v.column(cost)
		for k, row := range rows {
			v.check(sameNumber(cost[k], v.want[row].ContractedCost))
		}
	})
}

// compareOthers compares the columns behind the costs, which are known to be
// right by then.
func (v *verifier) compareOthers() {
	v.eachSeries(func(s series, rows []int) {
		v.columns.count = s.count
		for k, row := range rows {
			v.columns.numbers[costColumn][k] = v.want[row].ContractedCost
		}
		v.others()
		for k, row := range rows {
			c, got := &v.want[row], &v.columns.numbers
			v.check(sameNumber(got[consumedColumn][k], c.ConsumedQuantity) && sameNumber(got[pricingColumn][k], c.PricingQuantity) &&
				sameNumber(got[cumulatedCostColumn][k], c.CumulatedContractedCost) &&
				sameNumber(got[cumulatedPricingColumn][k], c.CumulatedPricingQuantity))
		}
	})
}

func (v *verifier) compareAlone() {
	for _, place := range v.alone {
		var c fetcher.Charge
		v.readAlone(&c)
		v.check(sameRow(&c, &v.want[place]))
	}
}
