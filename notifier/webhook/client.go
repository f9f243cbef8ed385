package webhook

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/netip"
	"net/url"
	"strconv"
	"time"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"

	"github.com/billbot/billbot/fetcher/secret"
	"github.com/billbot/billbot/notifier"
	"github.com/billbot/billbot/notifier/outbound"
	"github.com/billbot/billbot/rules"
)

var _ notifier.Channel = (*Client)(nil)

// Config says where events go, and how they are signed.
type Config struct {
	URL     string
	Secrets secret.Value // one or several: see docs/webhooks.md
	// Allow are addresses that may be reached though they are not public, by
	// plain http too. Optional.
	Allow []netip.Prefix
	// Transport takes the place of the network, as in tests. Optional.
	Transport http.RoundTripper
	Timeout   time.Duration // for a whole request; 0 means 10 s
}

// Client is the channel of one webhook. Make one with [New].
type Client struct {
	url    string
	signer signer
	http   *http.Client
}

// What is read of an answer, in bytes: an event's is a status and nothing else.
const maxAnswer = 8 << 10

// New returns a client, or says what is wrong with its settings without
// repeating them.
func New(c Config) (*Client, error) {
	guarded := outbound.Config{Allow: c.Allow, Timeout: c.Timeout}
	if err := guarded.CheckURL(c.URL); err != nil {
		return nil, fmt.Errorf("url: %w (a private address needs allow_private: true)", err)
	}
	signs, err := newSigner(c.Secrets)
	if err != nil {
		return nil, err
	}
	transport := c.Transport
	if transport == nil {
		transport = outbound.Transport(guarded)
	}
	timeout := c.Timeout
	if timeout <= 0 {
		timeout = outbound.DefaultTimeout
	}
	return &Client{url: c.URL, signer: signs, http: &http.Client{
		Transport: transport, Timeout: timeout,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}, nil
}

// Send makes one attempt to tell the other side. What it signs is of this
// moment, whatever else is of another: the other side refuses what is old.
func (c *Client) Send(ctx context.Context, item notifier.Item, _ *notifier.Receipt) notifier.Outcome {
	request, err := c.request(ctx, item, time.Now())
	if err != nil {
		return notifier.Outcome{Class: notifier.Refused, Err: err}
	}
	response, err := c.http.Do(request)
	if err != nil {
		return notifier.Outcome{Class: notifier.Retry, Err: unanswered(err), Down: !errors.Is(err, outbound.ErrRefused)}
	}
	defer response.Body.Close()
	// Read in any case, so that the connection can be used again.
	answer, _ := io.ReadAll(io.LimitReader(response.Body, maxAnswer))
	outcome := classify(response)
	if outcome.Class == notifier.Sent && item.Content.Signal.Type == notifier.Acted {
		outcome.Said = said(answer)
	}
	return outcome
}

// Find is never asked: an event that may have been taken is sent again, under
// the same ID.
func (*Client) Find(context.Context, notifier.Item, notifier.Receipt) notifier.Outcome {
	return notifier.Outcome{Class: notifier.Missing}
}

func (c *Client) request(ctx context.Context, item notifier.Item, at time.Time) (*http.Request, error) {
	body, err := Body(item)
	if err != nil {
		return nil, err
	}
	signature, err := c.signer.sign(item.Key, at, body)
	if err != nil {
		return nil, err
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, c.url, bytes.NewReader(body))
	if err != nil {
		return nil, errors.New("the webhook's url is none")
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("User-Agent", "billbot")
	r.Header.Set(standardwebhooks.HeaderWebhookID, item.Key)
	r.Header.Set(standardwebhooks.HeaderWebhookTimestamp, strconv.FormatInt(at.Unix(), 10))
	r.Header.Set(standardwebhooks.HeaderWebhookSignature, signature)
	return r, nil
}

// unanswered is why there was no answer, without the URL.
func unanswered(err error) error {
	if wrapped, is := errors.AsType[*url.Error](err); is {
		err = wrapped.Err
	}
	return fmt.Errorf("no answer from the webhook: %w", err)
}

// said is what an answer to an action says became of it: {"state": "done"} or
// {"state": "reversed"}. Whatever else is in it nobody heeds.
func said(answer []byte) string {
	var known struct {
		State rules.ApprovalState `json:"state"`
	}
	if json.Unmarshal(answer, &known) != nil || known.State != rules.Done && known.State != rules.Reversed {
		return ""
	}
	return string(known.State)
}

func isTaken(r *http.Response) bool { return r.StatusCode >= 200 && r.StatusCode < 300 }

// classify says what an answer means: whatever is not taken is tried again, as
// people mend what refuses, but where it says that it is gone for good.
func classify(r *http.Response) notifier.Outcome {
	if isTaken(r) {
		return notifier.Outcome{Class: notifier.Sent}
	}
	outcome := notifier.Outcome{Class: notifier.Retry, Err: fmt.Errorf("the webhook answered %s", status(r.StatusCode))}
	switch {
	case r.StatusCode == http.StatusGone:
		outcome.Class = notifier.Refused
	case r.StatusCode == http.StatusTooManyRequests || r.StatusCode == http.StatusServiceUnavailable:
		outcome.RetryAfter = retryAfter(r.Header.Get("Retry-After"))
		outcome.Down = outcome.RetryAfter == 0
	case r.StatusCode >= 500:
		outcome.Down = true
	}
	return outcome
}

// status is a status in words of our own: those that came are not shown.
func status(code int) string {
	text := strconv.Itoa(code)
	if known := http.StatusText(code); known != "" {
		text += " " + known
	}
	if code >= 300 && code < 400 {
		text += ": redirects are not followed, name the address that it leads to"
	}
	return text
}

// longestAfter is how long another side can ask to be left alone.
const longestAfter = time.Hour

func retryAfter(header string) time.Duration {
	seconds, err := strconv.Atoi(header)
	if err != nil || seconds < 1 {
		return 0
	}
	return min(time.Duration(min(seconds, 86400))*time.Second, longestAfter)
}
