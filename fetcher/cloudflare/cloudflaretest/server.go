package cloudflaretest

import (
	"net/http"
	"strings"
	"sync"
	"time"
)

// Token is the bearer token a Server accepts when it is given no other.
const Token = "cloudflaretest-token"

// Prefix is the path all endpoints are under. A client's base URL is the
// server's URL followed by it.
const Prefix = "/client/v4"

// Server is an http.Handler that answers as Cloudflare's billing API would
// have answered at a moment of the replay. Its exported fields are set before
// the first request; its methods may be called at any time, from any
// goroutine.
//
// A range of days gives only billing periods whose first day it holds. Without
// a range the billing periods open on the day of the replay are told.
type Server struct {
	// Token is the bearer token that may read. "" means the constant Token.
	Token string
	// WeakToken is a token that is known but may not read billing: it gets
	// 403, code 10000. "" means there is none.
	WeakToken string
	// PreviousPeriod makes an answer without a range tell the billing period
	// before the open one too, as one live account did.
	PreviousPeriod bool
	// QuotedNumbers makes numbers JSON strings, as one fixture has them.
	QuotedNumbers bool
	// InfoStatus is the HTTP status of billable-usage/info when that is
	// refused (403, 404). Zero means it answers.
	InfoStatus int

	accounts map[string]Recording // by ID; never changes

	mu       sync.Mutex
	now      time.Time // zero: the real time
	profiles map[string]Profile
	faults   []Fault
	script   func(n int, r *http.Request) *Fault
	asked    int // usage requests so far
	requests []Request
}

// New returns a Server for the recorded accounts. Of several recordings of one
// account ID the last one counts.
func New(recordings ...Recording) *Server {
	s := &Server{accounts: map[string]Recording{}, profiles: map[string]Profile{}}
	for _, r := range recordings {
		s.accounts[r.AccountID] = r
	}
	return s
}

// SetNow moves the replay to t. Before the first call it is at the real time.
func (s *Server) SetNow(t time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.now = t
}

// Now is the moment the replay is at.
func (s *Server) Now() time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.now.IsZero() {
		return time.Now()
	}
	return s.now
}

// endpoint is the part of a path after the account.
type endpoint string

const (
	usageEndpoint    endpoint = "billable-usage"
	oldUsageEndpoint endpoint = "billing/usage/paygo"
	infoEndpoint     endpoint = "billable-usage/info"
	profileEndpoint  endpoint = "billing/profile"
)

func (e endpoint) isUsage() bool { return e == usageEndpoint || e == oldUsageEndpoint }

func splitPath(path string) (account string, e endpoint) {
	rest, ok := strings.CutPrefix(path, Prefix+"/accounts/")
	if !ok {
		return "", ""
	}
	account, after, _ := strings.Cut(rest, "/")
	return account, endpoint(after)
}

// answer makes the reply to a request, keeps the request in the log, and waits
// as long as a fault says. It fails only when the request's context ends.
func (s *Server) answer(r *http.Request) (reply, error) {
	account, e := splitPath(r.URL.Path)
	var fault *Fault
	if e.isUsage() {
		fault = s.nextFault(r)
	}
	rep := s.honest(r, account, e, fault)
	if fault != nil {
		rep = fault.spoil(rep)
	}
	s.log(r, account, rep.status, fault != nil)
	if err := wait(r, rep.delay); err != nil {
		return reply{}, err
	}
	return rep.compressed(r), nil
}

// honest is the reply without faults, but for the rows a fault changes.
func (s *Server) honest(r *http.Request, account string, e endpoint, fault *Fault) reply {
	if refused, ok := s.authorize(r); !ok {
		return refused
	}
	rec, ok := s.accounts[account]
	if !ok {
		return noRoute(r.URL.Path)
	}
	if r.Method != http.MethodGet {
		return failure(http.StatusMethodNotAllowed, 7001, "Method "+r.Method+" not available for that URI.")
	}
	switch e {
	case usageEndpoint, oldUsageEndpoint:
		return s.usage(r, rec, e, fault)
	case infoEndpoint:
		return s.info(rec)
	case profileEndpoint:
		return s.profile(account)
	}
	return noRoute(r.URL.Path)
}

func (s *Server) authorize(r *http.Request) (refused reply, ok bool) {
	token := s.Token
	if token == "" {
		token = Token
	}
	given := r.Header.Values("Authorization")
	switch {
	case len(given) != 1:
		return failure(http.StatusUnauthorized, 10001, "Unable to authenticate request"), false
	case given[0] == "Bearer "+token:
		return reply{}, true
	case s.WeakToken != "" && given[0] == "Bearer "+s.WeakToken:
		return failure(http.StatusForbidden, 10000, "Authentication error"), false
	}
	return failure(http.StatusUnauthorized, 1000, "Invalid API Token"), false
}

func noRoute(path string) reply {
	return failure(http.StatusNotFound, 7003,
		"Could not route to "+strings.TrimPrefix(path, Prefix)+", perhaps your object identifier is invalid?")
}

func wait(r *http.Request, d time.Duration) error {
	if d <= 0 {
		return nil
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-r.Context().Done():
		return r.Context().Err()
	}
}
