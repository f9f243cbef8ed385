package store

import (
	"encoding/binary"
	"math/bits"

	"github.com/billbot/billbot/fetcher"
)

// A column is a head byte and what the head says follows. A column of
// coefficients has its exponent, the exceptions if there are any, and the
// coefficients; a derived column has next to nothing.
const (
	columnDeltas     = 1 << iota // each coefficient but the first is a difference
	columnBits                   // distances from the lowest, of so many bits each; else varints
	columnConstant               // one coefficient for all
	columnTrimmed                // trailing zeros are to be cut, as JSON writes numbers
	columnExceptions             // some numbers have an exponent of their own
	columnSame                   // derived: equal to the quantity consumed
	columnSum                    // derived: the running sum of another column
	columnStart                  // the running sum begins with a number, not with 0
)

// seriesLimit is the most rows of a series: twice the longest period. It also
// bounds what a damaged value can ask for.
const seriesLimit = 64

// exception is a number whose exponent is not the column's.
type exception struct {
	at       int
	exponent int32
}

// style is one way to write a column's numbers as coefficients.
type style struct {
	exponent int32
	trimmed  bool
}

// columnWriter appends columns. It keeps its scratch space between them.
type columnWriter struct {
	stored     []int64
	exceptions []exception
	written    []byte
	best       []byte
}

// append adds a column of short numbers in the style that takes least room.
func (w *columnWriter) append(to []byte, numbers []fetcher.Number) []byte {
	w.best = w.best[:0]
	lowest, common := exponentsOf(numbers)
	for i, s := range [...]style{{common, false}, {common, true}, {lowest, true}} {
		if i == 2 && lowest == common {
			break
		}
		w.write(numbers, s)
		if i == 0 || len(w.written) < len(w.best) {
			w.best, w.written = w.written, w.best
		}
		if len(w.exceptions) == 0 && s.exponent == common {
			break // a lower exponent only makes the coefficients longer
		}
	}
	return append(to, w.best...)
}

// exponentsOf returns the lowest exponent and the most frequent one. A zero
// has no say, unless all are zero.
func exponentsOf(numbers []fetcher.Number) (lowest, common int32) {
	seen := 0
	for i, n := range numbers {
		coefficient, exponent, _ := n.Parts()
		if coefficient == 0 && i < len(numbers)-1 || coefficient == 0 && seen > 0 {
			continue
		}
		if seen == 0 || exponent < lowest {
			lowest = exponent
		}
		if seen > 0 && exponent == common {
			continue
		}
		if times := timesOf(numbers, exponent); times > seen {
			seen, common = times, exponent
		}
	}
	return lowest, common
}

func timesOf(numbers []fetcher.Number, exponent int32) (times int) {
	for _, n := range numbers {
		if _, e, _ := n.Parts(); e == exponent {
			times++
		}
	}
	return times
}

// write writes a column in one style to w.written.
func (w *columnWriter) write(numbers []fetcher.Number, s style) {
	w.stored, w.exceptions = w.stored[:0], w.exceptions[:0]
	for i, n := range numbers {
		coefficient, exponent, _ := n.Parts()
		stored, ok := s.store(coefficient, exponent)
		if !ok {
			stored = coefficient
			w.exceptions = append(w.exceptions, exception{i, exponent})
		}
		w.stored = append(w.stored, stored)
	}
	layout := layoutOf(w.stored)
	if s.trimmed {
		layout |= columnTrimmed
	}
	if len(w.exceptions) > 0 {
		layout |= columnExceptions
	}
	w.written = binary.AppendVarint(append(w.written[:0], layout), int64(s.exponent))
	if len(w.exceptions) > 0 {
		w.written = appendExceptions(w.written, w.exceptions)
	}
	w.written = appendCoefficients(w.written, layout, w.stored)
}

// store returns the coefficient that a column of the style keeps for a number;
// false if reading it back would give another number.
func (s style) store(coefficient int64, exponent int32) (int64, bool) {
	if !s.trimmed {
		return coefficient, exponent == s.exponent
	}
	if !trimmed(coefficient, exponent) || exponent < s.exponent {
		return 0, coefficient == 0 && exponent == 0
	}
	return fetcher.Rescale(coefficient, exponent, s.exponent)
}

// trimmed reports whether a number has no zeros that trim would cut.
func trimmed(coefficient int64, exponent int32) bool {
	if coefficient == 0 || exponent >= 0 {
		return exponent == 0
	}
	return coefficient%10 != 0
}

// trim cuts the trailing zeros behind the point.
func trim(coefficient int64, exponent int32) fetcher.Number {
	if coefficient == 0 {
		return fetcher.Number{}
	}
	for exponent < 0 && coefficient%10 == 0 {
		coefficient, exponent = coefficient/10, exponent+1
	}
	return fetcher.NewNumber(coefficient, exponent)
}

func appendExceptions(to []byte, exceptions []exception) []byte {
	to = binary.AppendUvarint(to, uint64(len(exceptions)))
	next := 0
	for _, e := range exceptions {
		to = binary.AppendUvarint(to, uint64(e.at-next))
		to = binary.AppendVarint(to, int64(e.exponent))
		next = e.at + 1
	}
	return to
}

// layoutOf chooses what takes least room for coefficients.
func layoutOf(stored []int64) byte {
	var raw, deltas columnSize
	constant, before := true, int64(0)
	for _, c := range stored {
		raw.add(c)
		deltas.add(c - before) // may wrap around, and back when it is read
		constant = constant && c == stored[0]
		before = c
	}
	if constant {
		return columnConstant
	}
	best, least := byte(0), raw.varints
	for _, other := range [...]struct {
		layout byte
		size   int
	}{{columnDeltas, deltas.varints}, {columnBits, raw.bits()}, {columnDeltas | columnBits, deltas.bits()}} {
		if other.size < least {
			best, least = other.layout, other.size
		}
	}
	return best
}

// columnSize is how many bytes a column's coefficients take.
type columnSize struct {
	varints, count  int
	lowest, highest int64
}

func (s *columnSize) add(c int64) {
	s.varints += varintSize(c)
	if s.count == 0 {
		s.lowest, s.highest = c, c
	}
	s.lowest, s.highest = min(s.lowest, c), max(s.highest, c)
	s.count++
}

// width is how many bits the distance from the lowest coefficient takes.
func (s *columnSize) width() int { return bits.Len64(uint64(s.highest) - uint64(s.lowest)) }

// bits is the size when all have the same number of bits: the lowest one and
// that number come first.
func (s *columnSize) bits() int { return varintSize(s.lowest) + 1 + (s.count*s.width()+7)/8 }

func varintSize(c int64) int {
	return max(1, (bits.Len64(uint64(c)<<1^uint64(c>>63))+6)/7)
}
