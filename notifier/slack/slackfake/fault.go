package slackfake

import (
	"cmp"
	"fmt"
	"io"
	"maps"
	"net/http"
	"strconv"
	"time"
)

// Fault is how one answer goes wrong. The zero Fault is a good answer, which
// makes "good, bad, good" a script of three.
type Fault struct {
	Status int         // takes the place of the answer; zero with a Body means 200
	Body   string      // as it is, JSON or not
	Header http.Header // set on the answer

	// Accepted says that the call has its effect and only the answer is a
	// fault. What it did can be read back after Late.
	Accepted bool
	Late     time.Duration

	Hang bool // no answer as long as somebody waits for it
	Drop bool // the connection ends without an answer
}

// ResponseURL is the method name of a post to a response URL.
const ResponseURL = "response_url"

// Script queues faults: each call, whatever its method, takes one. When the
// queue is empty answers are good, or as ScriptFunc says. Posts to response
// URLs are calls too.
func (s *Server) Script(faults ...Fault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults = append(s.faults, faults...)
}

// ScriptFunc has f say how the answer to each call goes wrong that finds no
// queued fault; nil is a good answer. n counts calls from 1. f may be called
// from several goroutines, and may wait.
func (s *Server) ScriptFunc(f func(n int, method string) *Fault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.script = f
}

// Heal forgets all faults that were queued or scripted.
func (s *Server) Heal() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults, s.script = nil, nil
}

func (s *Server) fault(method string) *Fault {
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
	return script(n, method)
}

// spoils reports whether a fault changes anything.
func (f *Fault) spoils() bool {
	return f.Status != 0 || f.Body != "" || len(f.Header) > 0 || f.Accepted || f.Hang || f.Drop
}

// answer answers in the place of the right one.
func (f *Fault) answer(w http.ResponseWriter, r *http.Request) {
	io.Copy(io.Discard, r.Body) // or the server would not see that the caller goes
	if f.Hang {
		<-r.Context().Done()
		return
	}
	if f.Drop {
		panic(http.ErrAbortHandler)
	}
	maps.Copy(w.Header(), f.Header)
	w.WriteHeader(cmp.Or(f.Status, http.StatusOK))
	io.WriteString(w, f.Body)
}

// After makes a fault one of the answer alone: the call has its effect.
func (f Fault) After() Fault {
	f.Accepted = true
	return f
}

// Refused is status 200 with ok false and a code: channel_not_found.
func Refused(code string) Fault { return Fault{Body: fmt.Sprintf(`{"ok":false,"error":%q}`, code)} }

// MissingScope is what Slack says when the app was not granted a scope.
func MissingScope(needed string) Fault {
	return Fault{Body: fmt.Sprintf(`{"ok":false,"error":"missing_scope","needed":%q,"provided":"chat:write"}`, needed)}
}

// RateLimited is a 429 with a Retry-After of whole seconds.
func RateLimited(retryAfter time.Duration) Fault {
	return Fault{
		Status: http.StatusTooManyRequests, Body: `{"ok":false,"error":"ratelimited"}`,
		Header: http.Header{"Retry-After": {strconv.Itoa(int(retryAfter / time.Second))}},
	}
}

// ServerError is an answer of 5xx with no JSON in it.
func ServerError(status int) Fault {
	return Fault{Status: status, Body: http.StatusText(status), Header: http.Header{"Content-Type": {"text/html"}}}
}

// Hanging never answers.
func Hanging() Fault { return Fault{Hang: true} }

// Dropped is a connection that ends without an answer.
func Dropped() Fault { return Fault{Drop: true} }
