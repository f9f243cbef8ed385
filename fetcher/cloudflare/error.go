package cloudflare

import (
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/billbot/billbot/fetcher"
)

// ErrUnavailable is in the chain of an error of [Client.Info] or
// [Client.Profile] that is no fault: many tokens may not ask (403), many
// accounts have nothing to tell (404). Callers go on without.
var ErrUnavailable = errors.New("not available to this token or account")

// Code is one of Cloudflare's own reasons, an entry of the envelope's errors.
type Code struct {
	Code    int
	Message string
}

// String returns the reason as "10000: Authentication error".
func (c Code) String() string { return strconv.Itoa(c.Code) + ": " + c.Message }

// Error says why Cloudflare could not be asked, or what is wrong with what it
// said. Neither the token nor a query string is ever part of it.
type Error struct {
	Op      string // what was asked for: "get usage"
	Account string // the account's name, or its id when it has none
	Status  int    // of the HTTP answer; 0 when there was none
	Codes   []Code // Cloudflare's own reasons, when it gave any
	// RetryAfter is how long Cloudflare asked to be left alone, at least a
	// second; 0 when it did not ask. It is as long as Cloudflare says: callers
	// cap it, billbot at fifteen minutes.
	RetryAfter time.Duration
	Hint       string // what a person can do about it; "" when nothing is known
	Err        error  // what went wrong besides the status; may be nil

	again bool // worth another try
}

// Error returns one line, such as "cloudflare: get usage of production: 403
// Forbidden (10000: Authentication error): the token needs Account > Billing >
// Read".
func (e *Error) Error() string {
	text := fmt.Sprintf("cloudflare: %s of %s: %s", e.Op, e.Account, e.fault())
	if e.Hint != "" {
		text += ": " + e.Hint
	}
	return text
}

// Unwrap returns Err.
func (e *Error) Unwrap() error { return e.Err }

func (e *Error) fault() string {
	if e.Err != nil && (e.Status == 0 || e.Status == http.StatusOK) {
		return e.Err.Error()
	}
	text := strings.TrimSpace(strconv.Itoa(e.Status) + " " + http.StatusText(e.Status))
	switch {
	case len(e.Codes) > 0:
		return text + " (" + joinCodes(e.Codes) + ")"
	case e.Err != nil:
		return text + " (" + e.Err.Error() + ")"
	}
	return text
}

func joinCodes(codes []Code) string {
	texts := make([]string, len(codes))
	for i, c := range codes {
		texts[i] = c.String()
	}
	return strings.Join(texts, ", ")
}

// Cloudflare's codes that say more than the status they come with.
const (
	codeInvalidToken   = 1000
	codeInvalidHeaders = 6003 // a token that is not even shaped like one
	codeNoRoute        = 7003
	codeInvalidRequest = 1183
)

// hint says what a person can do about a refused request.
func (e *Error) hint() string {
	switch {
	case e.Status == http.StatusUnauthorized, e.has(codeInvalidToken), e.has(codeInvalidHeaders):
		return "the token is not valid"
	case e.Status == http.StatusNotFound, e.Status == http.StatusGone, e.Status/100 == 3, e.has(codeNoRoute), e.saysNoRoute():
		return "check the account's id, or the usage path setting"
	case e.Status == http.StatusForbidden:
		return "the token needs Account > Billing > Read"
	case e.Status == http.StatusTooManyRequests && e.RetryAfter > 0:
		return "rate limited; it may be tried again in " + e.RetryAfter.String()
	case e.Status == http.StatusTooManyRequests:
		return "rate limited; it may be tried again in some minutes"
	case e.Status == http.StatusRequestTimeout, e.Status >= 500:
		return "Cloudflare has trouble; try again later"
	case e.has(codeInvalidRequest):
		return "check the days asked for"
	}
	return ""
}

func (e *Error) has(code int) bool {
	for _, c := range e.Codes {
		if c.Code == code {
			return true
		}
	}
	return false
}

func (e *Error) saysNoRoute() bool {
	if e.Status != http.StatusBadRequest {
		return false
	}
	for _, c := range e.Codes {
		if strings.Contains(strings.ToLower(c.Message), "could not route") {
			return true
		}
	}
	return false
}

// Wait is RetryAfter, for callers that do not know which source they ask.
func (e *Error) Wait() time.Duration { return e.RetryAfter }

// Fault is what keeps Cloudflare from answering, for callers that do not know
// which source they ask.
func (e *Error) Fault() fetcher.Fault {
	switch {
	case e.Status == http.StatusUnauthorized, e.Status == http.StatusForbidden, e.has(codeInvalidToken), e.has(codeInvalidHeaders):
		return fetcher.FaultToken
	case e.Status == http.StatusNotFound, e.Status == http.StatusGone, e.Status/100 == 3, e.has(codeNoRoute), e.saysNoRoute():
		return fetcher.FaultAddress
	case e.Status == http.StatusTooManyRequests:
		return fetcher.FaultBusy
	case e.Status == 0:
		return fetcher.FaultNetwork
	}
	return fetcher.FaultSource
}

// NoSuchDays reports whether it was the days asked for that were refused.
func (e *Error) NoSuchDays() bool { return e.has(codeInvalidRequest) }
