package slack

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"strconv"
	"strings"
	"sync/atomic"

	"github.com/billbot/billbot/fetcher/secret"
	"github.com/slack-go/slack"
)

// apiURL checks an address of Slack's API and ends it with the slash that
// slack-go needs. Errors do not repeat the address: it may hold a secret.
func apiURL(address string) (string, error) {
	if address == "" {
		return slack.APIURL, nil
	}
	u, err := url.Parse(address)
	if err != nil {
		return "", errors.New("SLACK_API_URL is not a URL")
	}
	switch {
	case u.User != nil || u.RawQuery != "" || u.Fragment != "":
		return "", errors.New("SLACK_API_URL must not have a user, a query or a fragment")
	case u.Host == "":
		return "", errors.New("SLACK_API_URL names no host")
	case u.Scheme != "https" && (u.Scheme != "http" || !isLoopback(u.Hostname())):
		return "", errors.New("SLACK_API_URL must be https: plain http is for loopback addresses only")
	}
	return strings.TrimRight(u.String(), "/") + "/", nil
}

func isLoopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// maxResponse bounds an answer of Slack's. A posted message comes back in it,
// a few times the size it was sent in, and a page of a channel's history has
// fifty of any app's.
const maxResponse = 8 << 20

// transport adds to each request and answer what slack-go leaves out.
type transport struct {
	next  http.RoundTripper
	token secret.Value
}

func newTransport(next http.RoundTripper, token secret.Value) http.RoundTripper {
	if next == nil {
		next = http.DefaultTransport
		if t, ok := next.(*http.Transport); ok {
			next = t.Clone()
		}
	}
	return transport{next: next, token: token}
}

// RoundTrip sends the token as a header too (slack-go puts it into the form,
// which stand-ins for Slack do not read), bounds the answer, and makes every
// 429 say how long to wait.
func (t transport) RoundTrip(r *http.Request) (*http.Response, error) {
	r = r.Clone(r.Context())
	r.Header.Set("Authorization", "Bearer "+t.token.Reveal())
	resp, err := t.next.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	if resp.StatusCode == http.StatusTooManyRequests && resp.Header != nil {
		resp.Header.Set("Retry-After", strconv.Itoa(retryAfter(resp.Header.Get("Retry-After"))))
	}
	resp.Body = bounded{io.LimitReader(resp.Body, maxResponse), resp.Body}
	return resp, nil
}

type bounded struct {
	io.Reader
	io.Closer
}

// How long to wait, in seconds, when Slack does not say, and at most.
const (
	defaultWait = 30
	maxWait     = 3600
)

// retryAfter reads a Retry-After header, in whole seconds as Slack writes it.
func retryAfter(header string) int {
	seconds, err := strconv.Atoi(strings.TrimSpace(header))
	if err != nil {
		return defaultWait
	}
	return max(1, min(seconds, maxWait))
}

// flight watches how far a request came.
type flight struct{ started, written atomic.Bool }

// traced returns a context whose request is watched.
func traced(ctx context.Context) (context.Context, *flight) {
	f := &flight{}
	return httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		GetConn: func(string) { f.started.Store(true) },
		WroteRequest: func(info httptrace.WroteRequestInfo) {
			if info.Err == nil {
				f.written.Store(true)
			}
		},
	}), f
}

// maybe reports whether Slack may have the request. A transport that does not
// say how far it came may have sent it.
func (f *flight) maybe() bool { return f.written.Load() || !f.started.Load() }

// notReached reports whether an error says by itself that no connection was
// made.
func notReached(err error) bool {
	op, ok := errors.AsType[*net.OpError](err)
	if ok && op.Op == "dial" {
		return true
	}
	_, ok = errors.AsType[*net.DNSError](err)
	return ok
}

// network makes an error of a request readable.
func network(err error, to address) error {
	return fmt.Errorf("sending to %s: %w", channelName(to), withoutURL(err))
}

// withoutURL is an error of a request without the address, which people know.
func withoutURL(err error) error {
	if u, ok := errors.AsType[*url.Error](err); ok {
		return u.Err
	}
	return err
}
