package store

import (
	"encoding/binary"
	"math"
	"math/big"

	"github.com/billbot/billbot/fetcher"
	"github.com/shopspring/decimal"
)

// reader takes bytes that may be damaged apart. After the first thing that
// cannot be, bad is set and all that follows is zero.
type reader struct {
	rest []byte
	bad  bool
}

func (r *reader) fail() {
	r.bad, r.rest = true, nil
}

func (r *reader) bytes(n uint64) []byte {
	if n > uint64(len(r.rest)) {
		r.fail()
		return nil
	}
	taken := r.rest[:n]
	r.rest = r.rest[n:]
	return taken
}

func (r *reader) byte() byte {
	if one := r.bytes(1); one != nil {
		return one[0]
	}
	return 0
}

func (r *reader) uvarint() uint64 {
	v, n := binary.Uvarint(r.rest)
	r.skip(n)
	return v
}

func (r *reader) varint() int64 {
	v, n := binary.Varint(r.rest)
	r.skip(n)
	return v
}

// skip goes over a number of n bytes; n is not positive when there was none.
func (r *reader) skip(n int) {
	if n <= 0 {
		r.fail()
		return
	}
	r.rest = r.rest[n:]
}

// count reads how many things of at least size bytes follow, so that a damaged
// count cannot ask for more memory than the bytes there are can fill.
func (r *reader) count(size int) int {
	n := r.uvarint()
	if n > uint64(len(r.rest)/size) {
		r.fail()
		return 0
	}
	return int(n)
}

// below reads a number that must be less than limit.
func (r *reader) below(limit int) int {
	n := r.uvarint()
	if limit < 0 || n >= uint64(limit) {
		r.fail()
		return 0
	}
	return int(n)
}

func (r *reader) int32() int32 {
	v := r.varint()
	if v < math.MinInt32 || v > math.MaxInt32 {
		r.fail()
		return 0
	}
	return int32(v)
}

func (r *reader) day() fetcher.Day { return fetcher.Day(r.int32()) }

// number reads what appendNumber wrote.
func (r *reader) number() fetcher.Number {
	exponent := r.int32()
	head := r.uvarint()
	digits := r.bytes(head >> 1)
	coefficient := new(big.Int).SetBytes(digits)
	if head&1 == 1 {
		coefficient.Neg(coefficient)
	}
	return fetcher.NumberOf(decimal.NewFromBigInt(coefficient, exponent))
}
