package store

import (
	"errors"

	"github.com/billbot/billbot/fetcher"
)

// rowVersion begins each row of schema 1.
const rowVersion = 1

var errRow = errors.New("not a row as it was written")

// rowReader reads rows of schema 1. Its strings are shared between rows: a
// period repeats the same few names a thousand times.
type rowReader struct {
	reader
	names map[string]string
}

func newRowReader() *rowReader { return &rowReader{names: map[string]string{}} }

// read returns the charge that a row says.
func (r *rowReader) read(row []byte) (fetcher.Charge, error) {
	var c fetcher.Charge
	if len(row) == 0 || row[0] != rowVersion {
		return c, errRow
	}
	r.reader = reader{rest: row[1:]}
	for _, s := range texts(&c) {
		*s = r.text()
	}
	c.BillingPeriodStart = r.day()
	c.ChargePeriodStart = r.day()
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
