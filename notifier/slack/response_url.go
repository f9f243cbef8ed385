package slack

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/slack-go/slack"
)

// response is Slack's form of an answer to a command or a button.
type response struct {
	ResponseType    string        `json:"response_type,omitempty"`
	Text            string        `json:"text,omitempty"`
	Blocks          []slack.Block `json:"blocks,omitempty"`
	ReplaceOriginal *bool         `json:"replace_original,omitempty"`
	DeleteOriginal  bool          `json:"delete_original,omitempty"`
}

// private is an answer that only who asked sees.
func private(m Message) response {
	return response{ResponseType: slack.ResponseTypeEphemeral, Text: m.Text, Blocks: m.Blocks}
}

// beside is a private answer that leaves the message alone whose button was
// pressed.
func beside(m Message) response {
	r, replace := private(m), false
	r.ReplaceOriginal = &replace
	return r
}

// fitting is [Message.fitting] for an answer. One that says nothing takes
// another away.
func (r response) fitting(log *slog.Logger) response {
	if r.Text != "" || len(r.Blocks) > 0 {
		m := Message{Text: r.Text, Blocks: r.Blocks}.fitting(log)
		r.Text, r.Blocks = m.Text, m.Blocks
	}
	return r
}

// responder posts to response URLs. slack-go's own follows redirects, takes
// any page for success and writes the URL, which is a secret, into its errors.
type responder struct {
	client *http.Client
	local  bool // the API is on loopback: so may the URLs be
	uses   *uses
}

func newResponder(api string, next http.RoundTripper) responder {
	if next == nil {
		next = http.DefaultTransport
	}
	return responder{
		client: &http.Client{
			Transport: next, Timeout: DefaultTimeout,
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		},
		local: strings.HasPrefix(api, "http://"), // apiURL allows it for loopback alone
		uses:  &uses{},
	}
}

// responseTries is how often an answer is sent, of the five that Slack takes
// in all. Share needs two.
const responseTries = 3

// maybeAnswered is an error of an answer that Slack may have all the same.
type maybeAnswered struct{ error }

// isPublic reports whether an answer is for everybody in the channel. Sent twice
// it would stand there twice; a private one that comes twice is no harm, and one
// that is lost leaves a question without an answer.
func isPublic(answer any) bool {
	r, is := answer.(response)
	return is && r.ResponseType == slack.ResponseTypeInChannel
}

// respond posts an answer to a response URL. The error is logged, as nobody else
// can be told.
func (c *Commands) respond(ctx context.Context, address string, answer response) error {
	err := c.late.send(ctx, address, answer.fitting(c.config.Log))
	if err != nil {
		c.config.Log.Error("could not send an answer", "error", err)
	}
	return err
}

// send posts an answer, again where Slack asks to wait or cannot be reached. What
// is for the channel is not sent again where Slack may have it.
func (r responder) send(ctx context.Context, address string, answer any) error {
	wait := time.Second
	for try := 1; ; try++ {
		after, err := r.post(ctx, address, answer)
		if _, maybe := errors.AsType[maybeAnswered](err); maybe && isPublic(answer) {
			return err
		}
		if err == nil || after < 0 || try == responseTries || !sleep(ctx, max(wait, after)) {
			return err
		}
		wait *= 4
	}
}

// sleep waits, and reports false if the context ends first.
func sleep(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}

// post posts once. after says how long to wait before the next try; it is
// negative where another would be of no use. Errors never name the URL.
func (r responder) post(ctx context.Context, address string, answer any) (after time.Duration, err error) {
	if err := r.admits(address); err != nil {
		return -1, err
	}
	body, err := json.Marshal(answer)
	if err != nil {
		return -1, fmt.Errorf("writing an answer: %w", err)
	}
	ctx, sent := traced(ctx)
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, address, bytes.NewReader(body))
	if err != nil {
		return -1, errors.New("answering: Slack gave no usable response URL")
	}
	if err := r.uses.take(address, time.Now()); err != nil {
		return -1, err
	}
	request.Header.Set("Content-Type", "application/json; charset=utf-8")
	reply, err := r.client.Do(request)
	if err != nil {
		return 0, r.unanswered(address, err, sent.maybe())
	}
	defer reply.Body.Close()
	return accepted(reply)
}

// unanswered judges a request without an answer. maybe tells whether Slack may
// have received it.
func (r responder) unanswered(address string, err error, maybe bool) error {
	told := fmt.Errorf("answering: %w", withoutURL(err))
	if maybe && !notReached(err) {
		return maybeAnswered{told}
	}
	r.uses.spare(address)
	return told
}

// accepted reads what Slack says of an answer: only "ok" means that it has it.
func accepted(reply *http.Response) (after time.Duration, err error) {
	text, err := io.ReadAll(io.LimitReader(reply.Body, 4<<10))
	if err != nil {
		return 0, maybeAnswered{fmt.Errorf("answering: %w", err)}
	}
	var said struct{ OK bool }
	isJSON := json.Unmarshal(text, &said) == nil
	switch code := reply.StatusCode; {
	case code == http.StatusOK && (strings.TrimSpace(string(text)) == "ok" || isJSON && said.OK):
		return 0, nil
	case code == http.StatusTooManyRequests:
		return time.Duration(retryAfter(reply.Header.Get("Retry-After"))) * time.Second, errors.New("answering: Slack limits the answers")
	case code >= http.StatusInternalServerError:
		return 0, maybeAnswered{fmt.Errorf("answering: Slack says %d", code)}
	default:
		return -1, fmt.Errorf("answering: Slack says %d, %.100q", code, text)
	}
}

// admits refuses addresses that are none of Slack's.
func (r responder) admits(address string) error {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || u.User != nil {
		return errors.New("answering: Slack gave no usable response URL")
	}
	if r.local && u.Scheme == "http" && isLoopback(u.Hostname()) {
		return nil
	}
	if host := u.Hostname(); u.Scheme == "https" && (host == "slack.com" || strings.HasSuffix(host, ".slack.com") || strings.HasSuffix(host, ".slack-gov.com")) {
		return nil
	}
	return errors.New("answering: the response URL is not one of Slack's")
}
