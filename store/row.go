package store

import (
	"encoding/binary"
	"errors"
	"math/big"

	"github.com/billbot/billbot/fetcher"
	"github.com/shopspring/decimal"
)

// rowVersion begins each row, so that a later form can be told from it.
const rowVersion = 1

var errRow = errors.New("not a row as it was written")

// appendRow adds a charge, exact in every column.
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

// texts are the columns of words, in the order they are written.
func texts(c *fetcher.Charge) []*string {
	return []*string{
		&c.BillingAccountID, &c.BillingCurrency, &c.ServiceName, &c.ServiceFamilyName, &c.SubscriptionID,
		&c.ZoneID, &c.ZoneName, &c.ChargeDescription, &c.ConsumedUnit, &c.PricingUnit,
	}
}

// numbers are the columns of numbers, in the order they are written.
func numbers(c *fetcher.Charge) []*fetcher.Number {
	return []*fetcher.Number{
		&c.ConsumedQuantity, &c.PricingQuantity, &c.ContractedCost,
		&c.CumulatedContractedCost, &c.CumulatedPricingQuantity,
	}
}

// appendNumber adds exponent, sign and coefficient: the digits as they were
// written, trailing zeros included, whatever their number.
func appendNumber(to []byte, n fetcher.Number) []byte {
	d := n.Decimal()
	coefficient := d.Coefficient()
	digits := coefficient.Bytes()
	head := uint64(len(digits)) << 1
	if coefficient.Sign() < 0 {
		head |= 1
	}
	to = binary.AppendVarint(to, int64(d.Exponent()))
	to = binary.AppendUvarint(to, head)
	return append(to, digits...)
}

// rowReader reads rows. Its strings are shared between rows: a period repeats
// the same few names a thousand times.
type rowReader struct {
	rest  []byte
	names map[string]string
	bad   bool
}

func newRowReader() *rowReader { return &rowReader{names: map[string]string{}} }

// read returns the charge that appendRow wrote.
func (r *rowReader) read(row []byte) (fetcher.Charge, error) {
	var c fetcher.Charge
	if len(row) == 0 || row[0] != rowVersion {
		return c, errRow
	}
	r.rest, r.bad = row[1:], false
	for _, s := range texts(&c) {
		*s = r.text()
	}
	c.BillingPeriodStart = fetcher.Day(r.varint())
	c.ChargePeriodStart = fetcher.Day(r.varint())
	for _, d := range numbers(&c) {
		*d = r.number()
	}
	if r.bad || len(r.rest) > 0 {
		return fetcher.Charge{}, errRow
	}
	return c, nil
}

func (r *rowReader) text() string {
	raw := r.bytes(r.uvarint())
	if s, seen := r.names[string(raw)]; seen {
		return s
	}
	s := string(raw)
	r.names[s] = s
	return s
}

func (r *rowReader) number() fetcher.Number {
	exponent := int32(r.varint())
	head := r.uvarint()
	digits := r.bytes(head >> 1)
	coefficient := new(big.Int).SetBytes(digits)
	if head&1 == 1 {
		coefficient.Neg(coefficient)
	}
	return fetcher.NumberOf(decimal.NewFromBigInt(coefficient, exponent))
}

func (r *rowReader) bytes(n uint64) []byte {
	if n > uint64(len(r.rest)) {
		r.bad = true
		return nil
	}
	taken := r.rest[:n]
	r.rest = r.rest[n:]
	return taken
}

func (r *rowReader) uvarint() uint64 {
	v, n := binary.Uvarint(r.rest)
	r.skip(n)
	return v
}

func (r *rowReader) varint() int64 {
	v, n := binary.Varint(r.rest)
	r.skip(n)
	return v
}

// skip goes over a number of n bytes; n is not positive when there was none.
func (r *rowReader) skip(n int) {
	if n <= 0 {
		r.bad = true
		return
	}
	r.rest = r.rest[n:]
}
