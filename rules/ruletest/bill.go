package ruletest

import (
	"time"

	"github.com/billbot/billbot/fetcher"
	"github.com/billbot/billbot/rules"
	"github.com/shopspring/decimal"
)

// Bill is what one account of a test is billed.
type Bill struct {
	Account rules.Account
	Charges []fetcher.Charge // in the ledger's order
	Terms   fetcher.Terms
}

// Bills makes the bills of a test, one an account.
func (t Test) Bills() []Bill {
	var bills []Bill
	at := map[string]int{}
	for _, row := range t.Rows {
		i, seen := at[row.Account.ID]
		if !seen {
			i = len(bills)
			at[row.Account.ID] = i
			bills = append(bills, Bill{Account: row.Account, Terms: t.terms()})
		}
		bills[i].Charges = t.charges(bills[i].Charges, row)
	}
	for _, b := range bills {
		fetcher.SortCharges(b.Charges)
	}
	return bills
}

// terms tells the ledger which anchor a period that begins at the end of a
// short month has.
func (t Test) terms() fetcher.Terms {
	return fetcher.Terms{Anchors: []fetcher.Day{fetcher.NewDay(t.Start.Time().Year()-1, time.January, t.Anchor)}}
}

// charges adds a row's charges.
func (t Test) charges(charges []fetcher.Charge, row Row) []fetcher.Charge {
	m := meter{row: row}
	for i := range row.days() {
		day := t.Start + fetcher.Day(i)
		period := t.periodStart(day)
		m.turn(period)
		cost, quantity, ok := m.read(i)
		if !ok {
			continue
		}
		charges = append(charges, fetcher.Charge{
			BillingAccountID: row.Account.ID, BillingCurrency: t.Currency,
			ServiceName: row.Service, ServiceFamilyName: row.Family, ZoneName: row.Zone,
			BillingPeriodStart: period, ChargePeriodStart: day,
			ConsumedQuantity: fetcher.NumberOf(quantity), ConsumedUnit: row.Unit,
			PricingQuantity: fetcher.NumberOf(m.priced), PricingUnit: row.Unit,
			ContractedCost:           fetcher.NumberOf(cost),
			CumulatedContractedCost:  fetcher.NumberOf(m.cost),
			CumulatedPricingQuantity: fetcher.NumberOf(m.pricedSum),
		})
	}
	return charges
}

// periodStart is the start of the billing period that a day lies in. An anchor
// that a month does not have is its last day.
func (t Test) periodStart(day fetcher.Day) fetcher.Day {
	date := day.Time()
	start := anchored(date.Year(), date.Month(), t.Anchor)
	if start > day {
		return anchored(date.Year(), date.Month()-1, t.Anchor)
	}
	return start
}

func anchored(year int, month time.Month, anchor int) fetcher.Day {
	return min(fetcher.NewDay(year, month, anchor), fetcher.NewDay(year, month+1, 0))
}

// meter prices what a row uses, billing period by billing period.
type meter struct {
	row    Row
	period fetcher.Day

	used      decimal.Decimal // in the period so far
	cost      decimal.Decimal
	pricedSum decimal.Decimal
	priced    decimal.Decimal // of the last day read
}

// turn begins a new period, whose allowance is whole again.
func (m *meter) turn(period fetcher.Day) {
	if m.period != period {
		*m = meter{row: m.row, period: period}
	}
}

// read is what a day cost and used; false on a day without a row.
func (m *meter) read(day int) (cost, quantity decimal.Decimal, ok bool) {
	cost, billed := m.row.Cost.At(day)
	quantity, used := m.row.Quantity.At(day)
	switch {
	case !billed && !used:
		return cost, quantity, false
	case m.row.Quantity == nil: // usage follows cost; a refund uses nothing
		quantity = decimal.Max(cost, decimal.Zero)
		m.priced = quantity
	default:
		m.priced = m.past(m.used.Add(quantity)).Sub(m.past(m.used))
	}
	if m.row.Cost == nil {
		cost = m.priced.Mul(m.row.Price).Shift(-m.row.Per)
	}
	m.used, m.cost, m.pricedSum = m.used.Add(quantity), m.cost.Add(cost), m.pricedSum.Add(m.priced)
	return cost, quantity, true
}

// past is how much of a quantity is past the allowance.
func (m *meter) past(quantity decimal.Decimal) decimal.Decimal {
	return decimal.Max(decimal.Zero, quantity.Sub(m.row.Included))
}

// End is the last day of the test's series, whether it has rows or not.
func (t Test) End() fetcher.Day {
	days := 0
	for _, row := range t.Rows {
		days = max(days, row.days())
	}
	return t.Start + fetcher.Day(days) - 1
}
