package cloudflare

import (
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/billbot/billbot/fetcher/secret"
)

// DefaultBaseURL is where Cloudflare's API is.
const DefaultBaseURL = "https://api.cloudflare.com/client/v4"

// The two places the usage rows have been at, below an account.
const (
	UsagePath      = "billable-usage"      // since August 2026, and the default
	UsagePathPayGo = "billing/usage/paygo" // the first one
)

// Config says how to reach the API.
type Config struct {
	// Token is an API token with Account > Billing > Read. Required. It is
	// sent to the base URL's host and nowhere else.
	Token secret.Value
	// BaseURL replaces [DefaultBaseURL]. Plain http is refused for hosts that
	// are not loopback.
	BaseURL string
	// UsagePath is [UsagePath], which "" means too, or [UsagePathPayGo].
	UsagePath string
	// Transport carries the requests. Nil: one of our own, with timeouts.
	Transport http.RoundTripper
	// Log is told what [Client.Fetch] could not learn besides the usage. Nil:
	// nobody is.
	Log *slog.Logger
	// Sent is told when each answer was sent, by Cloudflare's clock, as far as
	// answers say so. Nil: nobody is.
	Sent func(time.Time)
}

// Format keeps the token out of whatever a Config is printed into.
func (c Config) Format(w fmt.State, _ rune) {
	fmt.Fprintf(w, "cloudflare.Config{BaseURL:%q UsagePath:%q}", c.BaseURL, c.UsagePath)
}

// Client reads the bills of the accounts its token may see. It is safe for use
// by several goroutines at once.
type Client struct {
	token     secret.Value
	base      string // without a slash at the end
	usagePath string
	http      *http.Client
	log       *slog.Logger
	terms     *termsClock
	bodies    *bodies
	sent      func(time.Time)
}

// New returns a client. It makes no request. Its errors never repeat the token
// or the base URL's user name and password.
func New(config Config) (*Client, error) {
	if err := checkToken(config.Token.Reveal()); err != nil {
		return nil, fmt.Errorf("cloudflare: %w", err)
	}
	base, err := checkBaseURL(config.BaseURL)
	if err != nil {
		return nil, fmt.Errorf("cloudflare: base URL: %w", err)
	}
	path, err := checkUsagePath(config.UsagePath)
	if err != nil {
		return nil, fmt.Errorf("cloudflare: %w", err)
	}
	c := &Client{token: config.Token, base: base, usagePath: path, log: config.Log, terms: &termsClock{}, bodies: &bodies{}}
	if c.sent = config.Sent; c.sent == nil {
		c.sent = func(time.Time) {}
	}
	if c.log == nil {
		c.log = slog.New(slog.NewTextHandler(io.Discard, nil))
	}
	c.http = &http.Client{Transport: config.Transport, CheckRedirect: stay}
	if c.http.Transport == nil {
		c.http.Transport = newTransport()
	}
	return c, nil
}

// Close gives up the connections that are kept open for the next request.
func (c *Client) Close() { c.http.CloseIdleConnections() }

// stay keeps the client from following a redirect, which could carry the token
// to another host.
func stay(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }

func newTransport() http.RoundTripper {
	return &http.Transport{
		Proxy:                  http.ProxyFromEnvironment,
		DialContext:            (&net.Dialer{Timeout: 10 * time.Second}).DialContext,
		TLSClientConfig:        &tls.Config{MinVersion: tls.VersionTLS12},
		TLSHandshakeTimeout:    10 * time.Second,
		ResponseHeaderTimeout:  tryTimeout,
		IdleConnTimeout:        90 * time.Second,
		MaxIdleConnsPerHost:    4,
		MaxResponseHeaderBytes: 64 << 10,
		ForceAttemptHTTP2:      true,
	}
}

func checkToken(token string) error {
	if token == "" {
		return errors.New("the token is empty")
	}
	outside := func(r rune) bool { return r <= ' ' || r > '~' }
	if strings.ContainsFunc(token, outside) {
		return errors.New("the token holds a space, a line break or another character that no token has")
	}
	return nil
}

func checkUsagePath(path string) (string, error) {
	switch path {
	case "", UsagePath:
		return UsagePath, nil
	case UsagePathPayGo:
		return path, nil
	}
	return "", fmt.Errorf("usage path %q is neither %q nor %q", path, UsagePath, UsagePathPayGo)
}

func checkBaseURL(base string) (string, error) {
	if base == "" {
		return DefaultBaseURL, nil
	}
	u, err := url.Parse(base)
	switch {
	case err != nil || u.Hostname() == "" || u.Opaque != "":
		return "", errors.New("not written as https://host/path")
	case u.User != nil || u.RawQuery != "" || u.Fragment != "":
		return "", errors.New("it must not hold a user name, a query or a fragment")
	case u.Scheme == "https", u.Scheme == "http" && isLoopback(u.Hostname()):
		return strings.TrimRight(u.String(), "/"), nil
	case u.Scheme == "http":
		return "", fmt.Errorf("plain http is for loopback addresses only, and %s is none", u.Host)
	}
	return "", fmt.Errorf("scheme %q is not https", u.Scheme)
}

func isLoopback(host string) bool {
	ip := net.ParseIP(host)
	return ip != nil && ip.IsLoopback() || strings.EqualFold(host, "localhost")
}
