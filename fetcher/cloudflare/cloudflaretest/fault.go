package cloudflaretest

import (
	"cmp"
	"net/http"
	"slices"
	"strconv"
	"time"
)

// Fault is how one answer to a usage request goes wrong. The zero Fault is a
// good answer, which makes "good, bad, good" a script of three.
type Fault struct {
	Status int         // with Body, takes the place of the answer; zero with a Body means 200
	Body   string      // as it is, JSON or not
	Header http.Header // set on the answer; Content-Type is JSON unless set here

	// Truncate cuts the body: to that many bytes if positive, by that many
	// from its end if negative. The reply ends there as if it were whole.
	Truncate int
	// Drop closes the connection without a reply, or, with Truncate, in the
	// middle of the body. An http.Transport asks again by itself when a kept
	// connection closes before the reply, which takes the next fault.
	Drop bool
	// Delay is the wait before the reply.
	Delay time.Duration
	// Row changes the columns of row i of the good answer.
	Row func(i int, columns []Column) []Column
}

// Script queues faults: each usage request, whichever account it is for, takes
// one. When the queue is empty answers are good, or as ScriptFunc says.
func (s *Server) Script(faults ...Fault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults = append(s.faults, faults...)
}

// ScriptFunc has f say how the answer to each usage request goes wrong that
// finds no queued fault; nil is a good answer. n counts the usage requests
// from 1. f may be called from several goroutines.
func (s *Server) ScriptFunc(f func(n int, r *http.Request) *Fault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.script = f
}

func (s *Server) nextFault(r *http.Request) *Fault {
	s.mu.Lock()
	s.asked++
	n, script := s.asked, s.script
	if len(s.faults) > 0 {
		fault := s.faults[0]
		s.faults = s.faults[1:]
		s.mu.Unlock()
		return &fault
	}
	s.mu.Unlock()
	if script == nil {
		return nil
	}
	return script(n, r)
}

// spoil makes a reply go wrong. The rows are changed already.
func (f Fault) spoil(rep reply) reply {
	if f.Status != 0 || f.Body != "" {
		rep = newReply(cmp.Or(f.Status, http.StatusOK), f.Body)
	}
	for name, values := range f.Header {
		rep.header[http.CanonicalHeaderKey(name)] = slices.Clone(values)
	}
	rep.drop, rep.delay = f.Drop, f.Delay
	if f.Truncate == 0 {
		return rep
	}
	whole := len(rep.body)
	kept := f.Truncate
	if kept < 0 {
		kept += whole
	}
	rep.body = rep.body[:min(max(kept, 0), whole)]
	rep.plain = true // half a gzip stream would hide the half JSON
	if f.Drop {
		rep.missing = whole - len(rep.body)
	}
	return rep
}

// HTML is an error page with status 200, as a proxy in between may send.
func HTML() Fault {
	return Fault{
		Body:   "<!DOCTYPE html><html><head><title>Just a moment...</title></head><body></body></html>",
		Header: http.Header{"Content-Type": {"text/html; charset=UTF-8"}},
	}
}

// TruncatedJSON is a good answer that ends within its last row.
func TruncatedJSON() Fault { return Fault{Truncate: -25} }

// NotSuccess is status 200 with success false.
func NotSuccess() Fault { return Fault{Body: errorBody(1101, "Internal error")} }

// NullResult is success true without rows: result is null.
func NullResult() Fault { return Fault{Body: goodBody("null")} }

// EmptyResult is success true with an empty list of rows.
func EmptyResult() Fault { return Fault{Body: goodBody("[]")} }

// MissingField is a good answer whose rows all lack the column.
func MissingField(name string) Fault {
	return Fault{Row: func(_ int, columns []Column) []Column {
		return slices.DeleteFunc(columns, func(c Column) bool { return c.Name == name })
	}}
}

// NullCost is a good answer with null for the ContractedCost of the first row.
func NullCost() Fault { return firstRow("ContractedCost", "null") }

// HugeExponent is a good answer with 1e999999999 for the ContractedCost of the
// first row: valid JSON, and a billion digits when written out.
func HugeExponent() Fault { return firstRow("ContractedCost", "1e999999999") }

func firstRow(name, value string) Fault {
	return Fault{Row: func(i int, columns []Column) []Column {
		for j := range columns {
			if i == 0 && columns[j].Name == name {
				columns[j].JSON = value
			}
		}
		return columns
	}}
}

// TooManyRequests is a 429 with a Retry-After of whole seconds. Another form
// of Retry-After goes into Fault.Header.
func TooManyRequests(retryAfter time.Duration) Fault {
	return Fault{
		Status: http.StatusTooManyRequests,
		Body:   errorBody(971, "Please wait and consider throttling your request speed"),
		Header: http.Header{"Retry-After": {strconv.Itoa(int(retryAfter / time.Second))}},
	}
}

// ServerError is a 500 with Cloudflare's envelope.
func ServerError() Fault {
	return Fault{Status: http.StatusInternalServerError, Body: errorBody(1101, "Internal error")}
}

// Dropped is a connection that closes without a reply.
func Dropped() Fault { return Fault{Drop: true} }
