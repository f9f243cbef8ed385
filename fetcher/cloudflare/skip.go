package cloudflare

import (
	"encoding/binary"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"
)

// next skips white space and returns the byte that follows it, 0 at the end.
func (s *scanner) next() byte {
	for ; s.at < len(s.body); s.at++ {
		switch c := s.body[s.at]; c {
		case ' ', '\t', '\r', '\n':
		default:
			return c
		}
	}
	return 0
}

// take moves beyond a byte that has to be next.
func (s *scanner) take(c byte) bool {
	if s.next() != c {
		return false
	}
	s.at++
	return true
}

// skipValue moves beyond a string, a number, null, true or false that begins
// with the byte first.
func (s *scanner) skipValue(first byte) bool {
	switch {
	case first == '"':
		return s.skipString()
	case first == '-', '0' <= first && first <= '9':
		return s.skipNumber()
	}
	for _, word := range []string{"null", "false", "true"} {
		if s.follows([]byte(word)) {
			s.at += len(word)
			return true
		}
	}
	return false
}

// skipString leaves all but the plainest strings to jsontext to judge.
func (s *scanner) skipString() bool {
	if s.next() != '"' {
		return false
	}
	begin, plain := s.at, true
	for i := s.skipPlain(begin + 1); i < len(s.body); i++ {
		switch c := s.body[i]; {
		case c == '"':
			s.at = i + 1
			return plain || jsontext.Value(s.body[begin:s.at]).IsValid()
		case c == '\\':
			plain = false
			i++
		case c < ' ', c >= utf8.RuneSelf:
			plain = false
		}
	}
	return false
}

// skipPlain returns where the first eight bytes are that hold one which is not
// plain: a quote, a backslash, a control character or a part of a longer one.
func (s *scanner) skipPlain(at int) int {
	const ones, tops = 0x0101010101010101, 0x8080808080808080
	for ; at+8 <= len(s.body); at += 8 {
		word := binary.LittleEndian.Uint64(s.body[at:])
		quote, backslash := word^ones*'"', word^ones*'\\'
		if (word|(word-ones*' ')|(quote-ones)|(backslash-ones))&tops != 0 {
			break
		}
	}
	return at
}

func (s *scanner) skipNumber() bool {
	_, rest, ok := cutNumber(s.body[s.at:])
	s.at = len(s.body) - len(rest)
	return ok
}
