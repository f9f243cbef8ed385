package store

import (
	"encoding/binary"
	"slices"

	"github.com/billbot/billbot/fetcher"
)

// runningSum adds short numbers up with the lowest exponent met so far. The
// zero runningSum has met none.
type runningSum struct {
	coefficient int64
	exponent    int32
	begun       bool
}

// add returns false when the sum does not fit.
func (s *runningSum) add(n fetcher.Number) bool {
	coefficient, exponent, ok := n.Parts()
	if !ok {
		return false
	}
	if !s.begun {
		*s = runningSum{coefficient, exponent, true}
		return true
	}
	low := min(s.exponent, exponent)
	a, fitsA := fetcher.Rescale(s.coefficient, s.exponent, low)
	b, fitsB := fetcher.Rescale(coefficient, exponent, low)
	sum := a + b
	if !fitsA || !fitsB || (sum > a) != (b > 0) {
		return false
	}
	s.coefficient, s.exponent = sum, low
	return true
}

// number is the sum so far, as it is or without its trailing zeros.
func (s *runningSum) number(trimmed bool) fetcher.Number {
	if trimmed {
		return trim(s.coefficient, s.exponent)
	}
	return fetcher.NewNumber(s.coefficient, s.exponent)
}

// running fills sums with the running sum of numbers.
func running(sums, numbers []fetcher.Number, sum runningSum, trimmed bool) bool {
	for i, n := range numbers {
		if !sum.add(n) {
			return false
		}
		sums[i] = sum.number(trimmed)
	}
	return true
}

// appendSum adds a column of running sums of numbers; false if it is none.
func appendSum(to []byte, column, numbers []fetcher.Number) ([]byte, bool) {
	var space [seriesLimit]fetcher.Number
	sums := space[:len(column)]
	for _, trimmed := range []bool{true, false} {
		head := byte(columnSum)
		if trimmed {
			head |= columnTrimmed
		}
		if running(sums, numbers, runningSum{}, trimmed) && slices.EqualFunc(sums, column, sameNumber) {
			return append(to, head), true
		}
		start, ok := startOf(column[0], numbers[0])
		if ok && running(sums, numbers, start, trimmed) && slices.EqualFunc(sums, column, sameNumber) {
			to = binary.AppendVarint(append(to, head|columnStart), int64(start.exponent))
			return binary.AppendVarint(to, start.coefficient), true
		}
	}
	return to, false
}

// startOf is what was summed up before the first row: a series whose name
// changes within a period goes on as another one.
func startOf(sum, first fetcher.Number) (runningSum, bool) {
	coefficient, exponent, ok := first.Parts()
	var start runningSum
	if !ok || !start.add(sum) || !start.add(fetcher.NewNumber(-coefficient, exponent)) {
		return start, false
	}
	return start, true
}
