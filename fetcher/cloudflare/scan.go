package cloudflare

import (
	"bytes"
	"errors"
	"slices"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/billbot/billbot/fetcher"
)

// A bill is a thousand rows that differ in a day, a name and some numbers, and
// walking their tokens was half of what fetching it cost. So the rows are read
// by a scanner that expects each to be like the last one: the same members in
// the same order, most of them with the same values, which comparing bytes
// tells. It takes a third of the walk's time: see BenchmarkDecodeUsage.
//
// It decides nothing. What a value means is for [row.set] to say, here and in
// the walk, and on anything that is not a plain row, or not a good one, the
// whole answer is left to the walk, which knows what to say of it.

// mostMembers is far more than a row has, to keep a hostile body from reserving
// memory.
const mostMembers = 256

// errRows is never shown: the walk finds out itself.
var errRows = errors.New("the rows that were scanned are not the result")

// scanUsage reads what walkUsage reads, and says the same of it, or returns
// false.
func scanUsage(body []byte) (Usage, bool) {
	start := findResult(body)
	if start < 0 {
		return Usage{}, false
	}
	s := scanner{row: row{decoder: newRows(body)}, at: start}
	if !s.scanRows() {
		return Usage{}, false
	}
	// The walk reads all the rest, with an empty array where the rows were.
	rest := slices.Concat(body[:start], []byte("[]"), body[s.at:])
	err := readEnvelope(rest, '[', func(dec *jsontext.Decoder) error { return readEmpty(dec, start) })
	return s.usage(), err == nil
}

// findResult returns where the array of rows seems to begin, -1 where there
// seems to be none.
func findResult(body []byte) int {
	name := []byte(`"result"`)
	s := scanner{row: row{decoder: &decoder{body: body}}}
	if s.at = bytes.Index(body, name); s.at < 0 {
		return -1
	}
	s.at += len(name)
	if !s.take(':') || s.next() != '[' {
		return -1
	}
	return s.at
}

// readEmpty reads an empty array that has to begin at the offset start.
func readEmpty(dec *jsontext.Decoder, start int) error {
	if _, err := dec.ReadToken(); err != nil {
		return err
	}
	if dec.InputOffset() != int64(start)+1 {
		return errRows
	}
	_, err := dec.ReadToken()
	return err
}

// scanner reads rows, each over what the last one was.
type scanner struct {
	row
	at      int      // in the body
	members []member // of the last row; while one is read, also of it so far
}

// member is a member of a row.
type member struct {
	lead   []byte // what stands before the value: comma, name, colon
	value  []byte // and the byte after it, which ends a number
	column column
	bit    columnSet // of the column; 0 when it is none that is read
}

func (s *scanner) scanRows() bool {
	s.at++
	if s.next() == ']' {
		s.at++
		return true
	}
	for s.scanRow() {
		if s.next() != ',' {
			return s.take(']')
		}
		s.at++
	}
	return false
}

func (s *scanner) scanRow() bool {
	s.begin()
	before := s.seen
	s.seen = 0
	n := 0
	for open := byte('{'); s.next() == open; open = ',' {
		if !s.scanMember(n) {
			return false
		}
		n++
	}
	s.members = s.members[:n]
	return s.take('}') && s.finish(before)
}

// begin adds a charge that is like the last one.
func (s *scanner) begin() {
	if s.charge == nil {
		s.charges = append(s.charges, fetcher.Charge{})
	} else {
		s.charges = append(s.charges, *s.charge)
	}
	s.charge = &s.charges[len(s.charges)-1]
}

// finish takes away what the row before had and this one has not.
func (s *scanner) finish(before columnSet) bool {
	if _, missing := s.seen.firstMissing(); missing {
		return false
	}
	for c := firstOptional; c < columns && before != s.seen; c++ {
		if !s.seen.has(c) {
			s.setOptional(c, "")
		}
	}
	s.present |= s.seen
	var err error
	s.charge.ChargePeriodStart, err = oneDay(s.start, s.end)
	return err == nil
}

// scanMember reads member n of a row. It has nothing to do for one that is as
// it was in the last row.
func (s *scanner) scanMember(n int) bool {
	if n < len(s.members) && s.follows(s.members[n].lead) {
		m := &s.members[n]
		s.at += len(m.lead)
		s.seen |= m.bit
		if s.follows(m.value) {
			s.at += len(m.value) - 1
			return true
		}
	} else if !s.learnMember(n) {
		return false
	}
	m := &s.members[n]
	first := s.next() // the last row may have had less space
	begin := s.at
	if !s.skipValue(first) || s.at == len(s.body) {
		return false
	}
	m.value = s.body[begin : s.at+1]
	return m.bit == 0 || s.put(m.column, s.body[begin:s.at])
}

// learnMember reads the name of member n where the last row had none or
// another, and forgets that row's further members.
func (s *scanner) learnMember(n int) bool {
	lead := s.at
	s.at++
	s.next()
	begin := s.at
	if !s.skipString() {
		return false
	}
	name, err := unquote(s.body[begin:s.at])
	if err != nil || n == mostMembers || !s.take(':') {
		return false
	}
	s.next()
	m := member{lead: s.body[lead:s.at]}
	if c, known := columnOf(name); known {
		m.column, m.bit = c, 1<<c
	}
	s.members = append(s.members[:n], m)
	twice := s.seen&m.bit != 0
	s.seen |= m.bit
	return !twice
}

// put sets a column to a value other than the last row's.
func (s *scanner) put(c column, raw jsontext.Value) bool {
	if c >= firstOptional && raw.Kind() == 'n' {
		s.setOptional(c, "")
		return true
	}
	return s.set(c, raw) == nil
}

func (s *scanner) follows(text []byte) bool { return bytes.HasPrefix(s.body[s.at:], text) }
