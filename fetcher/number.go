package fetcher

import (
	"cmp"
	"math"
	"math/bits"

	"github.com/shopspring/decimal"
)

// Number is an exact decimal number as a bill writes it: a coefficient times a
// power of ten. Numbers of up to 18 digits stand in the value itself, so that a
// bill of a thousand rows is not ten thousand allocations; longer ones are kept
// as a decimal. The zero Number is 0.
//
// Numbers are compared with [Number.Cmp], not ==: 3.00 and 3 are equal and
// written differently.
type Number struct {
	coefficient int64
	exponent    int32
	long        *decimal.Decimal // set: the number; the other two are not used
}

// NewNumber returns coefficient times ten to the power of exponent.
func NewNumber(coefficient int64, exponent int32) Number {
	return Number{coefficient: coefficient, exponent: exponent}
}

// NumberOf returns a decimal as a Number.
func NumberOf(d decimal.Decimal) Number {
	if d.NumDigits() <= 18 {
		return NewNumber(d.CoefficientInt64(), d.Exponent()) // without a copy of the digits
	}
	return longNumber(d)
}

// longNumber has what NumberOf may have to keep: there, every decimal would be
// moved to the heap for it.
func longNumber(d decimal.Decimal) Number {
	if c := d.Coefficient(); c.IsInt64() {
		return NewNumber(c.Int64(), d.Exponent())
	}
	return Number{long: &d}
}

// Times returns the product of two numbers.
func (n Number) Times(m Number) Number {
	if n.long == nil && m.long == nil {
		hi, lo := bits.Mul64(magnitude(n.coefficient), magnitude(m.coefficient))
		exponent := int64(n.exponent) + int64(m.exponent)
		if hi == 0 && lo <= math.MaxInt64 && exponent == int64(int32(exponent)) {
			return NewNumber(int64(lo)*int64(n.Sign()*m.Sign()), int32(exponent))
		}
	}
	return NumberOf(n.Decimal().Mul(m.Decimal()))
}

// Decimal returns the number as a decimal.
func (n Number) Decimal() decimal.Decimal {
	if n.long != nil {
		return *n.long
	}
	return decimal.New(n.coefficient, n.exponent)
}

// Parts returns the coefficient and the exponent; false for a number that has
// too many digits for them.
func (n Number) Parts() (coefficient int64, exponent int32, ok bool) {
	return n.coefficient, n.exponent, n.long == nil
}

// Sign is -1, 0 or 1.
func (n Number) Sign() int {
	if n.long != nil {
		return n.long.Sign()
	}
	return cmp.Compare(n.coefficient, 0)
}

// IsZero reports whether the number is 0.
func (n Number) IsZero() bool { return n.Sign() == 0 }

// IsPositive reports whether the number is above 0.
func (n Number) IsPositive() bool { return n.Sign() > 0 }

// IsNegative reports whether the number is below 0.
func (n Number) IsNegative() bool { return n.Sign() < 0 }

// Exponent is the power of ten of the number's last digit.
func (n Number) Exponent() int32 {
	if n.long != nil {
		return n.long.Exponent()
	}
	return n.exponent
}

// Cmp compares two numbers by value.
func (n Number) Cmp(m Number) int {
	if n.long != nil || m.long != nil {
		return n.Decimal().Cmp(m.Decimal())
	}
	if n.exponent < m.exponent {
		return -m.Cmp(n)
	}
	c, ok := Rescale(n.coefficient, n.exponent, m.exponent)
	if m.coefficient == 0 || !ok {
		return cmp.Or(cmp.Compare(n.Sign(), m.Sign()), n.Sign()) // or n is far longer
	}
	return cmp.Compare(c, m.coefficient)
}

// Add returns the sum of two numbers.
func (n Number) Add(m Number) Number {
	switch {
	case m.IsZero():
		return n
	case n.IsZero():
		return m
	}
	var s Sum
	s.Add(n)
	s.Add(m)
	return s.Number()
}

// Equal reports whether two numbers have the same value.
func (n Number) Equal(m Number) bool { return n.Cmp(m) == 0 }

// String writes the number without an exponent.
func (n Number) String() string { return n.Decimal().String() }

// Digits writes the number with all the digits that it was written with, zeros at
// its end too, and without an exponent.
func (n Number) Digits() string { return n.Decimal().StringFixed(max(0, -n.Exponent())) }

// MarshalText writes the number as [Number.String] does.
func (n Number) MarshalText() ([]byte, error) { return []byte(n.String()), nil }

// Sum adds numbers up, exactly. The zero Sum is 0.
type Sum struct {
	coefficient int64
	exponent    int32
	rest        decimal.Decimal // what did not fit the coefficient
}

// Add adds a number to the sum.
func (s *Sum) Add(n Number) {
	if n.long != nil {
		s.rest = s.rest.Add(*n.long)
		return
	}
	if n.coefficient == 0 {
		return
	}
	if s.coefficient == 0 {
		s.coefficient, s.exponent = n.coefficient, n.exponent
		return
	}
	if n.exponent < s.exponent && !s.rescale(n.exponent) {
		s.spill(n)
		return
	}
	c, ok := Rescale(n.coefficient, n.exponent, s.exponent)
	sum := s.coefficient + c
	if !ok || (sum > s.coefficient) != (c > 0) {
		s.spill(n)
		return
	}
	s.coefficient = sum
}

// Merge adds another sum to the sum.
func (s *Sum) Merge(t Sum) {
	s.Add(NewNumber(t.coefficient, t.exponent))
	if !t.rest.IsZero() {
		s.rest = s.rest.Add(t.rest)
	}
}

// Number is the sum so far, as a number.
func (s Sum) Number() Number {
	if s.rest.IsZero() {
		return NewNumber(s.coefficient, s.exponent)
	}
	return NumberOf(s.Decimal())
}

// Decimal is the sum so far.
func (s Sum) Decimal() decimal.Decimal {
	d := decimal.New(s.coefficient, s.exponent)
	if s.rest.IsZero() {
		return d
	}
	return s.rest.Add(d)
}

// rescale writes the coefficient with a smaller exponent; false if it would
// not fit.
func (s *Sum) rescale(exponent int32) bool {
	c, ok := Rescale(s.coefficient, s.exponent, exponent)
	if ok {
		s.coefficient, s.exponent = c, exponent
	}
	return ok
}

// spill moves the coefficient to the rest, and begins anew with n.
func (s *Sum) spill(n Number) {
	s.rest = s.rest.Add(decimal.New(s.coefficient, s.exponent))
	s.coefficient, s.exponent = n.coefficient, n.exponent
}

// Rescale is the coefficient of a number at an exponent that is not above its own;
// false if it does not fit.
func Rescale(coefficient int64, exponent, to int32) (int64, bool) {
	c := coefficient
	for digits := int64(exponent) - int64(to); digits > 0 && c != 0; digits-- {
		hi, lo := bits.Mul64(magnitude(c), 10)
		if hi != 0 || lo > 1<<63-1 {
			return 0, false
		}
		c *= 10
	}
	return c, true
}

func magnitude(c int64) uint64 {
	if c < 0 {
		return -uint64(c)
	}
	return uint64(c)
}
