package slack

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"time"

	"github.com/billbot/billbot/fetcher/secret"
	"github.com/billbot/billbot/notifier"
	"github.com/slack-go/slack"
)

// Config says how to reach Slack.
type Config struct {
	Token     secret.Value      // required: the bot token, xoxb-…
	APIURL    string            // "" means https://slack.com/api/; plain http only for loopback
	Timeout   time.Duration     // of one request; 0 means 10 s
	Transport http.RoundTripper // nil means a transport of its own, with the environment's proxy
	Log       *slog.Logger      // nil means no log
	// Buttons says that somebody hears buttons pressed. Without, messages have
	// none.
	Buttons bool
}

// Client sends messages to Slack. It is a notifier's channel, safe for
// concurrent use, and keeps to one message a second in each Slack channel.
type Client struct {
	api   *slack.Client
	late  responder // without the token, for the addresses that Slack gives
	token secret.Value
	log   *slog.Logger
	pace  pace

	buttons bool
}

// DefaultTimeout is the deadline of a request where [Config] has none.
const DefaultTimeout = 10 * time.Second

// New returns a client. It reaches nothing yet. It is an error when the token
// is missing or not a bot's, or when the API's address would carry it in the
// clear.
func New(c Config) (*Client, error) {
	if err := checkBotToken(c.Token); err != nil {
		return nil, err
	}
	address, err := apiURL(c.APIURL)
	if err != nil {
		return nil, err
	}
	if c.Timeout <= 0 {
		c.Timeout = DefaultTimeout
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	client := &http.Client{
		Transport:     newTransport(c.Transport, c.Token),
		Timeout:       c.Timeout,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	api := slack.New(c.Token.Reveal(), slack.OptionAPIURL(address), slack.OptionHTTPClient(client))
	return &Client{
		api: api, late: newResponder(address, c.Transport), token: c.Token, log: c.Log, buttons: c.Buttons,
	}, nil
}

// Send brings an item to Slack: as a new message, as an edit of the message
// that the receipt names, or, for a reply, into that message's thread, shown
// in the channel too if it is loud. It waits for its turn in the channel.
//
// A layout that Slack refuses is sent again without its chart or its table, and
// then as plain text. The receipt of a reply is the reply's own. A message that
// can no longer be edited is Gone, unless all that is new is figures: then it
// stays.
func (c *Client) Send(ctx context.Context, item notifier.Item, receipt *notifier.Receipt) notifier.Outcome {
	m := Render(item)
	if !c.buttons {
		m = withoutButtons(m)
	}
	to := addressOf(item, receipt)
	outcome, code := c.try(ctx, to, m)
	if to.update && uneditable(code) {
		return c.insteadOfEdit(item, outcome, code)
	}
	for _, simpler := range simplerForms(m) {
		if !refusesLayout(code) {
			break
		}
		c.log.Warn("Slack refused the layout, sending a simpler one", "channel", item.Channel, "key", item.Key, "error", outcome.Err)
		outcome, code = c.try(ctx, to, simpler)
	}
	return outcome
}

// uneditable reports whether a code says that a message can no longer be
// edited: it is gone, it is of an earlier install of the app, or the workspace
// forbids edits, be it for ever or after some minutes.
func uneditable(code string) bool {
	switch code {
	case "message_not_found", "cant_update_message", "edit_window_closed":
		return true
	}
	return false
}

// insteadOfEdit is what becomes of an edit that cannot be made: a message anew,
// or else nobody would hear how an alert goes on. Newer figures alone are not
// worth one where the old message is still to be seen.
func (c *Client) insteadOfEdit(item notifier.Item, refused notifier.Outcome, code string) notifier.Outcome {
	if item.Silent && code != "message_not_found" {
		c.log.Info("a message stays as it is, newer figures are not shown", "channel", item.Channel, "key", item.Key, "error", refused.Err)
		return notifier.Outcome{Class: notifier.Sent}
	}
	refused.Class = notifier.Gone
	return refused
}

// plainMessage is a message without blocks: all that they say, as text.
func plainMessage(m Message) Message {
	m.Text = marked(PlainText(m), maxText)
	m.Blocks = nil
	return m
}

// address is where a message goes: into a channel, over an older message, or
// into a thread.
type address struct {
	name    string // of the channel, for people
	channel string // name or ID, for Slack
	update  bool
	loud    bool   // a reply that the channel shows too
	ts      string // of the message to edit or to answer
}

func addressOf(item notifier.Item, receipt *notifier.Receipt) address {
	if receipt == nil || receipt.TS == "" {
		return address{name: item.Channel, channel: item.Channel}
	}
	return address{name: item.Channel, channel: receipt.Channel, update: !item.Reply, loud: item.Loud(), ts: receipt.TS}
}

// try sends a message once and returns Slack's code for the error beside the
// outcome, "" where Slack gave none.
func (c *Client) try(ctx context.Context, to address, m Message) (notifier.Outcome, string) {
	if err := c.pace.wait(ctx, to); err != nil {
		return notifier.Outcome{Class: notifier.Retry, Err: err}, ""
	}
	ctx, sent := traced(ctx)
	channel, ts, err := c.call(ctx, to, m.fitting(c.log, "channel", to.name))
	if err == nil && ts == "" {
		err = errNoTimestamp
	}
	if err != nil {
		outcome := classify(err, to, sent.maybe())
		outcome.Err = c.token.ScrubError(outcome.Err)
		return outcome, slackCode(err)
	}
	if channel == "" {
		channel = to.channel
	}
	c.pace.same(to, channel)
	return notifier.Outcome{Class: notifier.Sent, Receipt: notifier.Receipt{Channel: channel, TS: ts, SentAt: time.Now()}}, ""
}

var errNoTimestamp = errors.New("slack's answer names no message")

func (c *Client) call(ctx context.Context, to address, m Message) (channel, ts string, err error) {
	options := []slack.MsgOption{
		slack.MsgOptionText(m.Text, false),
		slack.MsgOptionDisableLinkUnfurl(), slack.MsgOptionDisableMediaUnfurl(),
	}
	if len(m.Blocks) > 0 {
		options = append(options, slack.MsgOptionBlocks(m.Blocks...))
	}
	if m.Metadata.EventType != "" {
		options = append(options, slack.MsgOptionMetadata(m.Metadata))
	}
	if to.update {
		channel, ts, _, err = c.api.UpdateMessageContext(ctx, to.channel, to.ts, options...)
		return channel, ts, err
	}
	if to.ts != "" {
		options = append(options, slack.MsgOptionTS(to.ts))
	}
	if to.ts != "" && to.loud {
		options = append(options, slack.MsgOptionBroadcast())
	}
	return c.api.PostMessageContext(ctx, to.channel, options...)
}
