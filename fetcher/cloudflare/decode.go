package cloudflare

import (
	"bytes"
	"fmt"
	"time"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/billbot/billbot/fetcher"
)

// Usage is what an answer of the usage endpoint holds, or a usage file.
type Usage struct {
	Charges []fetcher.Charge // as the answer orders them
	// Missing names the optional columns billbot reads that no row had, in a
	// fixed order. It is empty when there are no rows.
	Missing []string
}

// DecodeUsage reads the body of an answer: Cloudflare's envelope with an array
// of usage rows. It takes the body whole or not at all; an error says what is
// wrong, with the row, counted from 1, and the column where it is one of those.
// Empty rows without an error are what Cloudflare said.
func DecodeUsage(body []byte) (Usage, error) {
	if usage, ok := scanUsage(body); ok {
		return usage, nil
	}
	return walkUsage(body)
}

// walkUsage reads any body, token by token.
func walkUsage(body []byte) (Usage, error) {
	d := newRows(body)
	if err := readEnvelope(body, '[', d.readRows); err != nil {
		return Usage{}, err
	}
	return d.usage(), nil
}

// leastRow is fewer bytes than a row with the required columns can have, to
// keep a hostile body from reserving memory.
const leastRow = 250

type decoder struct {
	body    []byte
	charges []fetcher.Charge
	present columnSet         // columns that any row had
	texts   map[string]string // the few names and units that all rows repeat
}

func newRows(body []byte) *decoder {
	guess := bytes.Count(body, []byte("{")) // one byte is counted fastest
	return &decoder{
		body:    body,
		charges: make([]fetcher.Charge, 0, min(guess, len(body)/leastRow)),
		texts:   make(map[string]string, 64),
	}
}

func (d *decoder) usage() Usage { return Usage{Charges: d.charges, Missing: d.missing()} }

func (d *decoder) readRows(dec *jsontext.Decoder) error {
	if _, err := dec.ReadToken(); err != nil {
		return err
	}
	for dec.PeekKind() != ']' {
		d.charges = append(d.charges, fetcher.Charge{})
		row := row{decoder: d, charge: &d.charges[len(d.charges)-1]}
		if err := row.read(dec); err != nil {
			return err
		}
	}
	_, err := dec.ReadToken()
	return err
}

func (d *decoder) missing() []string {
	if len(d.charges) == 0 {
		return nil
	}
	var names []string
	for c := firstOptional; c < columns; c++ {
		if !d.present.has(c) {
			names = append(names, columnNames[c])
		}
	}
	return names
}

// text returns a string with the given bytes, the same one each time.
func (d *decoder) text(b []byte) string {
	if s, ok := d.texts[string(b)]; ok {
		return s
	}
	s := string(b)
	d.texts[s] = s
	return s
}

// row is one row while it is read.
type row struct {
	*decoder
	charge     *fetcher.Charge
	seen       columnSet
	start, end time.Time // of the charge period
}

func (r *row) read(dec *jsontext.Decoder) error {
	if kind := dec.PeekKind(); kind != '{' && kind != 0 {
		return fmt.Errorf("row %d is %s, not an object", len(r.charges), kindName(kind))
	}
	if _, err := dec.ReadToken(); err != nil {
		return err
	}
	for dec.PeekKind() != '}' {
		if err := r.readMember(dec); err != nil {
			return err
		}
	}
	if _, err := dec.ReadToken(); err != nil {
		return err
	}
	r.present |= r.seen
	if c, ok := r.seen.firstMissing(); ok {
		return fmt.Errorf("row %d: %s is missing", len(r.charges), columnNames[c])
	}
	var err error
	if r.charge.ChargePeriodStart, err = oneDay(r.start, r.end); err != nil {
		return fmt.Errorf("row %d: %w", len(r.charges), err)
	}
	return nil
}

func (r *row) readMember(dec *jsontext.Decoder) error {
	name, err := readName(dec)
	if err != nil {
		return err
	}
	c, known := columnOf(name)
	if !known {
		return dec.SkipValue()
	}
	raw, err := dec.ReadValue()
	if err != nil {
		return err
	}
	if r.seen.has(c) {
		return fmt.Errorf("row %d: %s stands twice", len(r.charges), columnNames[c])
	}
	r.seen |= 1 << c
	if c >= firstOptional && raw.Kind() == 'n' {
		return nil
	}
	if err := r.set(c, raw); err != nil {
		return fmt.Errorf("row %d: %s %w", len(r.charges), columnNames[c], err)
	}
	return nil
}
