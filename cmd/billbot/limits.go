package main

import (
	"net/http"
	"time"
)

// What a caller from outside may take.
const (
	mostAtOnce  = 32               // requests
	answerLimit = 15 * time.Second // to write an answer
	headerLimit = 16 << 10         // bytes
)

// newServer is an HTTP server that no slow or greedy caller can hold up.
func newServer(h http.Handler) *http.Server {
	return &http.Server{
		Handler: h, ReadHeaderTimeout: 5 * time.Second, ReadTimeout: 10 * time.Second,
		IdleTimeout: time.Minute, MaxHeaderBytes: headerLimit,
	}
}

// newPublicServer is a server that anybody may reach. Commands of the socket
// may take long to answer; nothing here may.
func newPublicServer(h http.Handler) *http.Server {
	s := newServer(atOnce(mostAtOnce, h))
	s.WriteTimeout = answerLimit
	return s
}

// atOnce refuses requests beyond so many under way. Slack shows an error then,
// and a probe tries again; to wait would be to hold up all.
func atOnce(most int, h http.Handler) http.Handler {
	slots := make(chan struct{}, most)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		select {
		case slots <- struct{}{}:
			defer func() { <-slots }()
			h.ServeHTTP(w, r)
		default:
			w.Header().Set("Retry-After", "1")
			http.Error(w, "busy", http.StatusServiceUnavailable)
		}
	})
}
