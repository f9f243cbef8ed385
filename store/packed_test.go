package store

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/billbot/billbot/fetcher"
	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// drawShort draws numbers as bills have them, and the limits of what a column
// can keep.
func drawShort() *rapid.Generator[fetcher.Number] {
	return rapid.Custom(func(t *rapid.T) fetcher.Number {
		coefficient := rapid.OneOf(
			rapid.SampledFrom([]int64{0, 1, -10, 100, math.MaxInt64, math.MinInt64}),
			rapid.Int64Range(-1_000_000_000, 1_000_000_000), rapid.Int64(),
		).Draw(t, "coefficient")
		exponent := rapid.OneOf(rapid.SampledFrom([]int32{-9, -9, -8, 0, math.MinInt32, math.MaxInt32}), rapid.Int32Range(-20, 5))
		return fetcher.NewNumber(coefficient, exponent.Draw(t, "exponent"))
	})
}

// drawSeries draws the days of one service: its running sums may be sums or
// not, its name may change, a day may be missing.
func drawSeries(period fetcher.Day) *rapid.Generator[[]fetcher.Charge] {
	name := rapid.SampledFrom([]string{"", "D1", "D1 (first 1 included)", "D1 (first 2 included)", "bücher", "R2 \x00\xff"})
	return rapid.Custom(func(t *rapid.T) []fetcher.Charge {
		c := fetcher.Charge{
			BillingPeriodStart: period, ServiceName: name.Draw(t, "name"), ZoneID: name.Draw(t, "zone"),
			ChargeDescription: name.Draw(t, "description"), ConsumedUnit: name.Draw(t, "unit"),
		}
		first := rapid.IntRange(-70, 200).Draw(t, "first")
		numbers := rapid.OneOf(drawShort(), rapid.Just(drawShort().Draw(t, "constant")))
		var charges []fetcher.Charge
		var sum runningSum
		shape := rapid.IntRange(0, 3).Draw(t, "shape")
		for day := range rapid.IntRange(1, 70).Draw(t, "days") {
			if shape == 3 && rapid.IntRange(0, 9).Draw(t, "gap") == 0 {
				continue
			}
			if rapid.IntRange(0, 15).Draw(t, "renamed") == 0 {
				c.ServiceName = name.Draw(t, "new name")
			}
			c.ChargePeriodStart = period + fetcher.Day(first+day)
			c.ContractedCost, c.ConsumedQuantity = numbers.Draw(t, "cost"), numbers.Draw(t, "consumed")
			c.PricingQuantity, c.CumulatedPricingQuantity = c.ConsumedQuantity, numbers.Draw(t, "cumulated pricing")
			c.CumulatedContractedCost = c.ContractedCost
			if shape < 2 && sum.add(c.ContractedCost) {
				c.CumulatedContractedCost = sum.number(shape == 0)
			}
			charges = append(charges, c)
		}
		return charges
	})
}

// decodePacked returns the charges of a packed value in the order they were
// packed.
func decodePacked(value []byte, period fetcher.Day) ([]fetcher.Charge, error) {
	d := decoder{reader: reader{rest: value}}
	err := d.decode(period)
	return d.charges, err
}

// TestPackedIsPlain: whatever rows there are, packing gives each of them back,
// to the digit.
func TestPackedIsPlain(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		charges := slices.Concat(rapid.SliceOfN(drawSeries(july), 0, 5).Draw(t, "series")...)
		charges = append(charges, rapid.SliceOfN(drawCharge(july), 0, 5).Draw(t, "rows")...)
		charges = append(charges, charges[:min(len(charges), rapid.IntRange(0, 3).Draw(t, "twins"))]...)
		if rapid.Bool().Draw(t, "sorted") {
			// Numbers with absurd exponents take for ever to compare.
			sortTame(charges)
		}
		value, err := encodePacked(charges)
		if err != nil {
			t.Fatal(err)
		}
		if len(charges) == 0 {
			return
		}
		got, err := decodePacked(value, july)
		if diff := quickDiff(charges, got, exact); err != nil || diff != "" {
			t.Fatalf("%v (-want +got):\n%s", err, diff)
		}
		lines, err := decodeLines(value, july)
		if err != nil {
			t.Fatalf("lines: %v", err)
		}
		if diff := diffLines(charges, lines); diff != "" {
			t.Fatalf("lines (-of the charges +read):\n%s", diff)
		}
		cut := rapid.IntRange(0, len(value)-1).Draw(t, "cut")
		if _, err := decodePacked(value[:cut], july); !errors.Is(err, errPacked) {
			t.Fatalf("cut at %d of %d: got error %v, want errPacked", cut, len(value), err)
		}
	})
}

// diffLines compares lines with the charges that they are of, unless those are
// numbers that would take for ever to write out.
func diffLines(charges []fetcher.Charge, lines []fetcher.Line) string {
	if !tame(charges) {
		return ""
	}
	return cmp.Diff(lineDays(fetcher.LinesOf(charges)), lineDays(lines))
}

// lineDays is the rows of lines, whatever lines they are cut into.
func lineDays(lines []fetcher.Line) map[string]int {
	days := map[string]int{}
	for _, l := range lines {
		for i := range l.Costs.Len() {
			cost, quantity := l.Costs.At(i).Decimal(), l.Quantities.At(i).Decimal()
			days[fmt.Sprintf("%+v %s %s: %s, %s", l.LineKey, l.Service, l.First+fetcher.Day(i), cost, quantity)]++
		}
	}
	return days
}

// tame reports whether no number has an exponent that no bill has.
func tame(charges []fetcher.Charge) bool {
	for i := range charges {
		for _, n := range numbers(&charges[i]) {
			if e := n.Decimal().Exponent(); e < -100 || e > 100 {
				return false
			}
		}
	}
	return true
}

func sortTame(charges []fetcher.Charge) {
	if tame(charges) {
		fetcher.SortCharges(charges)
	}
}

// Rows that a value cannot hold are refused before anything is written: reading
// them back would give others.
func TestPackedThatWouldNotReadBack(t *testing.T) {
	charges := []fetcher.Charge{
		{BillingPeriodStart: 20_000, ChargePeriodStart: 20_001, ServiceName: "D1"},
		{BillingPeriodStart: 20_031, ChargePeriodStart: 20_032, ServiceName: "D1"},
	}
	if value, err := encodePacked(charges); err == nil {
		t.Errorf("rows of two billing periods were packed as one, in %d bytes", len(value))
	}
}

func TestPackedOtherPeriodIsDamage(t *testing.T) {
	value, err := encodePacked(testCharges(july, 60))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := decodePacked(value, june); !errors.Is(err, errPacked) || !strings.Contains(err.Error(), "2026-07-04") {
		t.Errorf("got error %v, want errPacked of the other period", err)
	}
}

func TestPackedDamageIsNamed(t *testing.T) {
	s := openTest(t, testPath(t))
	mustCommit(t, s, fullCommit(prod))
	err := s.update(t.Context(), "damage", func(tx *txn) error {
		return tx.bucket(bucketCharges).put(chargesKey(july, 1), []byte{packedVersion, 0xff, 0xff, 0xff, 0xff, 0x0f})
	})
	if err != nil {
		t.Fatal(err)
	}
	_, err = s.Load(t.Context(), prod, july)
	want := "account " + prod.ID + ", billing period from 2026-07-04: "
	if !errors.Is(err, ErrDamaged) || !errors.Is(err, errPacked) || !strings.Contains(err.Error(), want) {
		t.Errorf("got error %v, want ErrDamaged with %q", err, want)
	}
}

func FuzzPacked(f *testing.F) {
	for _, charges := range [][]fetcher.Charge{testCharges(july, 93), goldenCharges("a", july), makeCharges(newMaker(1, 2), july, 3, 31)} {
		value, err := encodePacked(charges)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(value)
	}
	f.Add([]byte{packedVersion, 0xff, 0xff, 0xff, 0xff, 0x0f})
	f.Fuzz(func(t *testing.T, value []byte) {
		charges, err := decodePacked(value, july)
		lines, linesErr := decodeLines(value, july)
		if err == nil && linesErr != nil {
			t.Errorf("the rows can be read, but not the lines: %v", linesErr)
		}
		if diff := diffLines(charges, lines); err == nil && diff != "" {
			t.Errorf("lines (-of the charges +read):\n%s", diff)
		}
		if err != nil {
			if !errors.Is(err, errPacked) {
				t.Errorf("error %v does not wrap errPacked", err)
			}
			return
		}
		again, err := encodePacked(charges)
		if err != nil {
			t.Fatal(err)
		}
		if len(charges) == 0 {
			return
		}
		got, err := decodePacked(again, july)
		if diff := quickDiff(charges, got, exact); err != nil || diff != "" {
			t.Errorf("packed again: %v (-want +got):\n%s", err, diff)
		}
	})
}
