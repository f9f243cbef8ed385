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

	"github.com/billbot/billbot/fetcher/secret"
	"github.com/billbot/billbot/notifier"
	"github.com/billbot/billbot/rules/report"
	"github.com/slack-go/slack"
)

// WebhookConfig says where an incoming webhook is.
type WebhookConfig struct {
	URL       secret.Value      // required: https://hooks.slack.com/services/…, a secret; plain http only for loopback
	Timeout   time.Duration     // of one request; 0 means 10 s
	Transport http.RoundTripper // nil means a transport of its own, with the environment's proxy
	Log       *slog.Logger      // nil means no log
}

// Webhook posts messages to Slack through an incoming webhook: into the one
// channel that the webhook is for, without buttons. It is a notifier's channel,
// safe for concurrent use, and keeps to one message a second.
//
// A webhook's answer names no message, so nothing can be edited and there are
// no threads: what changes is posted anew, but for a change that is only newer
// figures, which nobody would be called for either where messages are edited.
type Webhook struct {
	url    secret.Value
	client *http.Client
	log    *slog.Logger
	pace   pace
}

// NewWebhook returns a poster. It reaches nothing yet. Errors do not repeat the
// address: whoever has it can post.
func NewWebhook(c WebhookConfig) (*Webhook, error) {
	if c.URL.IsZero() {
		return nil, errors.New("no webhook: set SLACK_WEBHOOK_URL")
	}
	u, err := url.Parse(c.URL.Reveal())
	switch {
	case err != nil || u.Host == "":
		return nil, errors.New("SLACK_WEBHOOK_URL is not a URL: copy it whole from the app's page Incoming Webhooks")
	case u.Scheme != "https" && (u.Scheme != "http" || !isLoopback(u.Hostname())):
		return nil, errors.New("SLACK_WEBHOOK_URL must be https: plain http is for loopback addresses only")
	}
	if c.Timeout <= 0 {
		c.Timeout = DefaultTimeout
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	if c.Transport == nil {
		if t, ok := http.DefaultTransport.(*http.Transport); ok {
			c.Transport = t.Clone()
		}
	}
	return &Webhook{url: c.URL, log: c.Log, client: &http.Client{
		Transport: c.Transport, Timeout: c.Timeout,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}, nil
}

// IsWebhookHost reports whether an address is one of Slack's for webhooks, or no
// address at all.
func IsWebhookHost(address secret.Value) bool {
	u, err := url.Parse(address.Reveal())
	return err != nil || u.Host == "" || u.Scheme == "https" && (u.Host == "hooks.slack.com" || u.Host == "hooks.slack-gov.com")
}

// webhookChannel stands for the channel of a webhook, which only Slack knows.
const webhookChannel = "webhook"

// Send posts an item. A layout that Slack refuses is sent again without its
// chart or its table, and then as plain text.
func (w *Webhook) Send(ctx context.Context, item notifier.Item, receipt *notifier.Receipt) notifier.Outcome {
	if isToldElsewhere(item, receipt) {
		return w.sent()
	}
	if err := w.pace.wait(ctx, address{channel: webhookChannel}); err != nil {
		return retry(err, 0)
	}
	m := withoutButtons(Render(item))
	outcome, code := w.post(ctx, m)
	for _, simpler := range simplerForms(m) {
		if !refusesLayout(code) {
			break
		}
		w.log.Warn("Slack refused the layout, sending a simpler one", "key", item.Key, "error", outcome.Err)
		outcome, code = w.post(ctx, simpler)
	}
	return outcome
}

// Find knows nothing: a webhook cannot read what it posted.
func (w *Webhook) Find(context.Context, notifier.Item, notifier.Receipt) notifier.Outcome {
	return notifier.Outcome{Class: notifier.Blind}
}

// isToldElsewhere reports whether an item needs no message of its own here: what
// an alert's thread says of it comes with the alert itself, which is posted
// anew, and newer figures alone are no news.
func isToldElsewhere(item notifier.Item, receipt *notifier.Receipt) bool {
	return item.Reply && (item.Quiet || item.Loud()) || receipt != nil && item.Silent
}

func (w *Webhook) sent() notifier.Outcome {
	return notifier.Outcome{Class: notifier.Sent, Receipt: notifier.Receipt{Channel: webhookChannel, SentAt: time.Now()}}
}

// post makes one request. It returns Slack's word for the error beside the
// outcome, "" where Slack gave none.
func (w *Webhook) post(ctx context.Context, m Message) (notifier.Outcome, string) {
	m = m.fitting(w.log)
	body, err := json.Marshal(webhookMessage{m.Text, m.Blocks, false, false})
	if err != nil {
		return notifier.Outcome{Class: notifier.Refused, Err: fmt.Errorf("writing a message for the webhook: %w", err)}, ""
	}
	ctx, sent := traced(ctx)
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, w.url.Reveal(), bytes.NewReader(body))
	if err != nil {
		return retry(errors.New("the webhook's address cannot be asked"), 0), ""
	}
	request.Header.Set("Content-Type", "application/json; charset=utf-8")
	request.GetBody = nil // or the transport would send it again on a lost connection
	response, err := w.client.Do(request)
	if err != nil {
		return w.unanswered(err, sent.maybe()), ""
	}
	defer response.Body.Close()
	return w.answered(response)
}

// webhookMessage is Slack's form of a message to a webhook.
type webhookMessage struct {
	Text        string        `json:"text"`
	Blocks      []slack.Block `json:"blocks,omitempty"`
	UnfurlLinks bool          `json:"unfurl_links"`
	UnfurlMedia bool          `json:"unfurl_media"`
}

// unanswered judges a request without an answer. The error of a request names
// its address, so only what is inside of it is told.
func (w *Webhook) unanswered(err error, maybe bool) notifier.Outcome {
	if u, ok := errors.AsType[*url.Error](err); ok {
		err = u.Err
	}
	told := w.hidden(fmt.Errorf("sending to the webhook: %w", err))
	if maybe && !notReached(err) {
		return down(notifier.Outcome{Class: notifier.Ambiguous, Err: told})
	}
	return down(retry(told, 0))
}

// maxAnswer bounds what is read of a webhook's answer, which is a word.
const maxAnswer = 4 << 10

// answered judges an answer: nothing but 200 with the body ok is a success. A
// dead webhook redirects to a page that answers 200 as well.
func (w *Webhook) answered(r *http.Response) (notifier.Outcome, string) {
	body, err := io.ReadAll(io.LimitReader(r.Body, maxAnswer))
	word := strings.TrimSpace(string(body))
	switch {
	case r.StatusCode == http.StatusTooManyRequests:
		wait := time.Duration(retryAfter(r.Header.Get("Retry-After"))) * time.Second
		return retry(fmt.Errorf("sending to the webhook: Slack asks to wait %s", wait), wait), ""
	case r.StatusCode == http.StatusOK && err == nil && word == "ok":
		return w.sent(), ""
	case r.StatusCode == http.StatusOK:
		return notifier.Outcome{Class: notifier.Ambiguous, Down: true, Err: w.hidden(fmt.Errorf("sending to the webhook: the answer is not ok: %s", report.Name(word, 60)))}, ""
	case r.StatusCode >= 300 && r.StatusCode < 400:
		return closedWebhook("a redirect, which is not followed: the webhook is gone"), ""
	case r.StatusCode >= 500 || r.StatusCode == http.StatusRequestTimeout:
		return down(notifier.Outcome{Class: notifier.Ambiguous, Err: fmt.Errorf("sending to the webhook: HTTP status %d", r.StatusCode)}), ""
	}
	return w.refused(r.StatusCode, word), word
}

// refused judges the word that Slack refuses a webhook's message with.
func (w *Webhook) refused(status int, word string) notifier.Outcome {
	told := w.hidden(fmt.Errorf("sending to the webhook: HTTP status %d: %s", status, report.Name(word, 60)))
	switch word {
	case "no_service", "no_service_id", "no_team", "team_disabled", "invalid_token", "no_active_hooks",
		"action_prohibited", "posting_to_general_channel_denied", "user_not_found":
		return closedWebhook(word)
	case "channel_not_found", "channel_is_archived", "is_archived":
		return notifier.Outcome{Class: notifier.Closed, Err: fmt.Errorf("%w: unarchive the webhook's channel, or make a webhook for another one", told)}
	case "invalid_payload", "no_text", "too_many_attachments", "invalid_blocks", "invalid_blocks_format", "invalid_attachments", "msg_blocks_too_long", "msg_too_long":
		return notifier.Outcome{Class: notifier.Refused, Err: told}
	}
	return retry(told, 0)
}

func closedWebhook(why string) notifier.Outcome {
	return notifier.Outcome{Class: notifier.Closed, Err: fmt.Errorf(
		"sending to the webhook: %s: make a new one on the app's page Incoming Webhooks and set SLACK_WEBHOOK_URL anew", why)}
}

// hidden takes the webhook's address, and the part of it that is secret, out of
// an error.
func (w *Webhook) hidden(err error) error {
	text := w.url.Scrub(err.Error())
	if u, bad := url.Parse(w.url.Reveal()); bad == nil && len(u.Path) > 1 {
		text = strings.ReplaceAll(text, u.Path, secret.Hidden)
	}
	if text == err.Error() {
		return err
	}
	return errors.New(text)
}
