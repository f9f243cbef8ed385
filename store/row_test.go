package store

import (
	"encoding/binary"
	"fmt"
	"math/big"
	"reflect"
	"testing"

	"github.com/billbot/billbot/fetcher"
	"github.com/google/go-cmp/cmp"
	"github.com/shopspring/decimal"
	"pgregory.net/rapid"
)

// exact compares charges column by column, decimals by their
// digits, which is more than that they are equal.
var exact = cmp.Comparer(func(n, m fetcher.Number) bool {
	a, b := n.Decimal(), m.Decimal()
	return a.Exponent() == b.Exponent() && a.Coefficient().Cmp(b.Coefficient()) == 0
})

func drawDecimal() *rapid.Generator[decimal.Decimal] {
	return rapid.Custom(func(t *rapid.T) decimal.Decimal {
		coefficient := new(big.Int).SetBytes(rapid.SliceOfN(rapid.Byte(), 0, 20).Draw(t, "coefficient"))
		if rapid.Bool().Draw(t, "negative") {
			coefficient.Neg(coefficient)
		}
		return decimal.NewFromBigInt(coefficient, rapid.Int32Range(-60, 60).Draw(t, "exponent"))
	})
}

func drawCharge(period fetcher.Day) *rapid.Generator[fetcher.Charge] {
	text := rapid.OneOf(rapid.SampledFrom([]string{"", "D1 - Rows Read (first 25 billion included)", "KV\x00\xff", "USD"}), rapid.String())
	return rapid.Custom(func(t *rapid.T) fetcher.Charge {
		c := fetcher.Charge{
			BillingPeriodStart: period,
			ChargePeriodStart:  period + fetcher.Day(rapid.IntRange(-3, 40).Draw(t, "day")),
		}
		for i, s := range texts(&c) {
			*s = text.Draw(t, fmt.Sprintf("text %d", i))
		}
		for i, d := range numbers(&c) {
			*d = fetcher.NumberOf(drawDecimal().Draw(t, fmt.Sprintf("number %d", i)))
		}
		return c
	})
}

// TestRowColumns fails when Charge gets a column that rows do not have.
func TestRowColumns(t *testing.T) {
	var c fetcher.Charge
	for i, s := range texts(&c) {
		*s = fmt.Sprintf("text %d", i)
	}
	for i, d := range numbers(&c) {
		*d = fetcher.NewNumber(int64(i+1), -2)
	}
	c.BillingPeriodStart, c.ChargePeriodStart = june, july
	got, err := newRowReader().read(appendRow(nil, c))
	if diff := cmp.Diff(c, got, exact); err != nil || diff != "" {
		t.Errorf("read: %v (-want +got):\n%s", err, diff)
	}
	if n := len(texts(&c)) + len(numbers(&c)) + 2; n != columns() {
		t.Errorf("rows have %d columns, a charge has %d", n, columns())
	}
}

func TestRowsRoundTrip(t *testing.T) {
	s := openTest(t, testPath(t))
	generation := uint64(0)
	rapid.Check(t, func(rt *rapid.T) {
		rows := rapid.SliceOfN(drawCharge(july), 1, 20).Draw(rt, "rows")
		err := s.Commit(t.Context(), Commit{
			Account: prod, Generation: generation, Periods: map[fetcher.Day][]fetcher.Charge{july: rows},
		})
		if err != nil {
			rt.Fatal(err)
		}
		v := mustRead(t, s, prod, july)
		generation = v.Generation
		fetcher.SortCharges(rows)
		if diff := cmp.Diff(rows, v.Ledger.Charges, exact); diff != "" {
			rt.Fatalf("Load (-want +got):\n%s", diff)
		}
	})
}

// appendRow writes a charge as schema 1 did.
func appendRow(to []byte, c fetcher.Charge) []byte {
	to = append(to, rowVersion)
	for _, s := range texts(&c) {
		to = binary.AppendUvarint(to, uint64(len(*s)))
		to = append(to, *s...)
	}
	to = binary.AppendVarint(to, int64(c.BillingPeriodStart))
	to = binary.AppendVarint(to, int64(c.ChargePeriodStart))
	for _, d := range numbers(&c) {
		to = appendNumber(to, *d)
	}
	return to
}

func FuzzRow(f *testing.F) {
	f.Add(appendRow(nil, testCharges(july, 1)[0]))
	f.Add([]byte{rowVersion, 0xff, 0xff, 0xff, 0xff, 0x0f})
	f.Fuzz(func(t *testing.T, row []byte) {
		c, err := newRowReader().read(row)
		if err != nil {
			return
		}
		again, err := newRowReader().read(appendRow(nil, c))
		if diff := cmp.Diff(c, again, exact); err != nil || diff != "" {
			t.Errorf("read again: %v (-want +got):\n%s", err, diff)
		}
	})
}

func columns() int { return reflect.TypeFor[fetcher.Charge]().NumField() }
