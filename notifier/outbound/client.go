// Package outbound sends requests to addresses that people write into settings,
// such as a webhook or a heartbeat. They must not reach what only this machine
// can reach: the metadata service of a cloud, a database on loopback, a router.
package outbound

import (
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"syscall"
	"time"
)

// ErrRefused says that an address may not be reached.
var ErrRefused = errors.New("not an address of the public Internet")

// Config says what may be reached. The zero value is the public Internet by
// https.
type Config struct {
	// Allow are addresses that may be reached though they are not public, by
	// plain http too. Optional.
	Allow []netip.Prefix
	// Timeout is for a whole request. 0 means 10 s.
	Timeout time.Duration
	// MaxResponse bounds what is read of an answer, in bytes. 0 means 64 KiB.
	MaxResponse int64
	// Resolver looks names up. Nil: the system's.
	Resolver *net.Resolver
}

// DefaultTimeout is that of requests where [Config] has none.
const DefaultTimeout = 10 * time.Second

// Client sends requests. It uses no proxy and follows no redirect, which both
// would lead elsewhere. It is safe for concurrent use.
type Client struct {
	http *http.Client
	max  int64
}

// New returns a client.
func New(c Config) *Client {
	if c.Timeout <= 0 {
		c.Timeout = DefaultTimeout
	}
	if c.MaxResponse <= 0 {
		c.MaxResponse = 64 << 10
	}
	return &Client{max: c.MaxResponse, http: &http.Client{
		Timeout:       c.Timeout,
		Transport:     Transport(c),
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

// Transport is the way of a [Client], for a client that bounds time and answers
// by itself and follows no redirect.
func Transport(c Config) http.RoundTripper {
	if c.Timeout <= 0 {
		c.Timeout = DefaultTimeout
	}
	anywhere := func(a netip.Addr) bool { return isPublic(a) || within(c.Allow, plain(a)) }
	allowed := func(a netip.Addr) bool { return within(c.Allow, plain(a)) }
	return byScheme{"https": newTransport(c, anywhere), "http": newTransport(c, allowed)}
}

// byScheme has a transport for each scheme that may be used.
type byScheme map[string]http.RoundTripper

func (s byScheme) RoundTrip(r *http.Request) (*http.Response, error) {
	t, known := s[r.URL.Scheme]
	if !known {
		return nil, fmt.Errorf("scheme %q is not https", r.URL.Scheme)
	}
	return t.RoundTrip(r)
}

// newTransport makes connections to those addresses that may be reached. The
// address is checked when it is dialed: a name may lead elsewhere by then than
// when it was looked up before.
func newTransport(c Config, may func(netip.Addr) bool) *http.Transport {
	dialer := &net.Dialer{Timeout: c.Timeout, Resolver: c.Resolver, Control: func(_, address string, _ syscall.RawConn) error {
		target, err := netip.ParseAddrPort(address)
		if err != nil {
			return fmt.Errorf("%w: %s", ErrRefused, address)
		}
		if !may(target.Addr()) {
			return fmt.Errorf("%w, or not by https: %s", ErrRefused, target.Addr())
		}
		return nil
	}}
	return &http.Transport{
		DialContext: dialer.DialContext, TLSClientConfig: &tls.Config{MinVersion: tls.VersionTLS12},
		TLSHandshakeTimeout: c.Timeout, ResponseHeaderTimeout: c.Timeout, IdleConnTimeout: 90 * time.Second,
		MaxResponseHeaderBytes: 64 << 10, ForceAttemptHTTP2: true,
	}
}

// Do sends a request. Errors do not repeat its address: that of a webhook is a
// secret. The answer's body ends after [Config.MaxResponse].
func (c *Client) Do(r *http.Request) (*http.Response, error) {
	response, err := c.http.Do(r)
	if wrapped, is := errors.AsType[*url.Error](err); is {
		err = wrapped.Err
	}
	if err != nil {
		return nil, err
	}
	response.Body = bounded{io.LimitReader(response.Body, c.max), response.Body}
	return response, nil
}

type bounded struct {
	io.Reader
	io.Closer
}

// CheckURL refuses what can be seen to be wrong before a request is made: no
// URL, a user name, a scheme that is not https, an address that may not be
// reached. Errors do not repeat the URL.
func (c Config) CheckURL(text string) error {
	u, err := url.Parse(text)
	switch {
	case err != nil || u.Hostname() == "" || u.Opaque != "":
		return errors.New("not written as https://host/path")
	case u.User != nil:
		return errors.New("it must not hold a user name")
	case u.Scheme != "https" && (u.Scheme != "http" || len(c.Allow) == 0):
		return errors.New("it must begin with https://")
	}
	address, err := netip.ParseAddr(u.Hostname())
	if err == nil && !within(c.Allow, plain(address)) && (u.Scheme == "http" || !isPublic(address)) {
		return fmt.Errorf("%w: %s", ErrRefused, address)
	}
	return nil
}
