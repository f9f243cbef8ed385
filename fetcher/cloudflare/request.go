package cloudflare

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/billbot/billbot/fetcher"
)

const (
	maxTries   = 3
	tryTimeout = 30 * time.Second
	maxBody    = 32 << 20 // bytes, after decompression
	maxRefusal = 64 << 10 // bytes read of an answer that is an error anyway
)

// question is one GET below an account.
type question struct {
	op      string
	account fetcher.Account
	path    string
	query   url.Values
	tries   int
}

func (q question) name() string {
	if q.account.Name == "" {
		return q.account.ID
	}
	return q.account.Name
}

// get asks until there is an answer with status 200, and returns its body, which
// the caller gives back. An error is an *Error.
func (c *Client) get(ctx context.Context, q question) (*body, error) {
	if strings.Trim(q.account.ID, ".") == "" {
		return nil, &Error{Op: q.op, Account: q.name(), Err: fmt.Errorf("%q is no account id", q.account.ID)}
	}
	for try := 1; ; try++ {
		body, failure := c.try(ctx, q)
		if failure == nil {
			return body, nil
		}
		wait := failure.wait(try)
		if try == q.tries || !failure.again || !fits(ctx, wait) {
			return nil, failure
		}
		if err := sleep(ctx, wait); err != nil {
			failure.Err = err
			return nil, failure
		}
	}
}

// try asks once.
func (c *Client) try(parent context.Context, q question) (*body, *Error) {
	ctx, cancel := context.WithTimeout(parent, tryTimeout)
	defer cancel()
	request, err := c.request(ctx, q)
	if err != nil {
		return nil, c.unsent(parent, q, err)
	}
	response, err := c.http.Do(request)
	if err != nil {
		return nil, c.unsent(parent, q, err)
	}
	defer response.Body.Close()
	if sent, err := http.ParseTime(response.Header.Get("Date")); err == nil {
		c.sent(sent)
	}
	if response.StatusCode != http.StatusOK {
		return nil, c.refused(q, response)
	}
	body, err := c.bodies.read(response, maxBody)
	if err != nil {
		c.bodies.done(body)
		return nil, c.cutOff(parent, q, err)
	}
	if body.Len() > maxBody {
		c.bodies.done(body)
		return nil, &Error{Op: q.op, Account: q.name(), Status: http.StatusOK, Err: tooLarge(maxBody)}
	}
	return body, nil
}

func tooLarge(limit int64) error {
	return fmt.Errorf("the answer is larger than %d MiB", limit>>20)
}

func (c *Client) request(ctx context.Context, q question) (*http.Request, error) {
	address := c.base + "/accounts/" + url.PathEscape(q.account.ID) + "/" + q.path
	if len(q.query) > 0 {
		address += "?" + q.query.Encode()
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return nil, err
	}
	request.Header.Set("Authorization", "Bearer "+c.token.Reveal())
	request.Header.Set("Accept", "application/json")
	request.Header.Set("Accept-Encoding", "gzip")
	request.Header.Set("User-Agent", "billbot")
	return request, nil
}

// unsent is the error for a request that brought no answer.
func (c *Client) unsent(parent context.Context, q question, err error) *Error {
	// What net/http wraps around names the whole URL, its query too.
	if wrapped, ok := errors.AsType[*url.Error](err); ok {
		err = wrapped.Err
	}
	e := &Error{Op: q.op, Account: q.name(), Err: c.token.ScrubError(err), again: parent.Err() == nil}
	switch {
	case parent.Err() != nil:
		e.Err = parent.Err()
	case isTimeout(err):
		e.Err = fmt.Errorf("no answer in time: %w", e.Err)
		e.Hint = "Cloudflare, or the way to it, is slow; try again later"
	}
	return e
}

// cutOff is the error for an answer that broke off.
func (c *Client) cutOff(parent context.Context, q question, err error) *Error {
	e := c.unsent(parent, q, err)
	e.Status = http.StatusOK
	if parent.Err() == nil && !isTimeout(err) {
		e.Err = fmt.Errorf("the answer broke off: %w", e.Err)
	}
	return e
}

func isTimeout(err error) bool {
	timeout, ok := errors.AsType[interface {
		error
		Timeout() bool
	}](err)
	return ok && timeout.Timeout()
}

// refused is the error for an answer whose status is not 200.
func (c *Client) refused(q question, response *http.Response) *Error {
	e := &Error{Op: q.op, Account: q.name(), Status: response.StatusCode}
	if e.Status >= 300 && e.Status < 400 {
		e.Err = c.token.ScrubError(moved(response))
		e.Hint = "redirects are not followed; check the base URL and the usage path setting"
		return e
	}
	// What cannot be read of a refusal changes nothing about it.
	body, _ := c.bodies.read(response, maxRefusal)
	defer c.bodies.done(body)
	e.Codes, e.Err = readCodes(c.token.ScrubBytes(body.Bytes()))
	e.again = e.Status == http.StatusRequestTimeout || e.Status == http.StatusTooManyRequests || e.Status >= 500
	if e.again {
		e.RetryAfter = retryAfter(response.Header)
	}
	e.Hint = e.hint()
	return e
}

// moved names the host a redirect leads to, and no more of its address.
func moved(response *http.Response) error {
	to, err := response.Location()
	if err != nil || to.Host == "" {
		return errors.New("the endpoint moved, without saying where to")
	}
	return fmt.Errorf("the endpoint moved to %s", clean([]byte(to.Host)))
}
