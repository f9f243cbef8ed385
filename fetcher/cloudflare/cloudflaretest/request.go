package cloudflaretest

import (
	"net/http"
	"net/url"
	"slices"
	"time"
)

// Request is one request a Server got. The token is not kept.
type Request struct {
	At        time.Time  // when it came, in real or synctest time
	Now       time.Time  // where the replay was
	Method    string     // GET
	Path      string     // with Prefix
	AccountID string     // "" when the path names none
	Query     url.Values // from and to, if any
	UserAgent string
	Status    int  // of the reply; meaningless for a dropped connection
	Faulty    bool // a queued or scripted fault was taken
}

// Requests returns all requests so far, in the order they came.
func (s *Server) Requests() []Request {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.requests)
}

func (s *Server) log(r *http.Request, account string, status int, faulty bool) {
	entry := Request{
		At: time.Now(), Now: s.Now(), Method: r.Method, Path: r.URL.Path, AccountID: account,
		Query: r.URL.Query(), UserAgent: r.UserAgent(), Status: status, Faulty: faulty,
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.requests = append(s.requests, entry)
}
