package main

import (
	"context"
	"fmt"
	"io"
	"strconv"
	"sync"
	"time"

	"github.com/billbot/billbot/notifier"
	"github.com/billbot/billbot/notifier/slack"
	"github.com/billbot/billbot/notifier/webhook"
)

// printer is the channel of --notify stdout: it prints each message as a
// person would read it in Slack. Its receipts look like Slack's, so that what
// is edited there is edited here.
type printer struct {
	out io.Writer
	one sync.Mutex // webhooks are told side by side
}

func newPrinter(e env) (notifier.Channel, error) { return &printer{out: e.stdout}, nil }

// Find knows nothing of what another process printed.
func (p *printer) Find(context.Context, notifier.Item, notifier.Receipt) notifier.Outcome {
	return notifier.Outcome{Class: notifier.Blind}
}

// printed is a message as people read it, or an event as machines do.
func printed(item notifier.Item) (string, error) {
	if item.Content.Signal == nil {
		return slack.PlainText(slack.Render(item)), nil
	}
	body, err := webhook.Body(item)
	return string(body), err
}

// Send prints one message.
func (p *printer) Send(_ context.Context, item notifier.Item, sent *notifier.Receipt) notifier.Outcome {
	action := "post"
	switch {
	case item.Reply:
		action = "reply"
	case sent != nil:
		action = "update"
	}
	text, err := printed(item)
	if err != nil {
		return notifier.Outcome{Class: notifier.Refused, Err: err}
	}
	p.one.Lock()
	defer p.one.Unlock()
	if _, err := fmt.Fprintf(p.out, "--- %s %s %s\n%s\n---\n", action, item.Channel, item.Key, text); err != nil {
		return notifier.Outcome{Class: notifier.Retry, Err: fmt.Errorf("printing a message: %w", err)}
	}
	receipt := notifier.Receipt{Channel: item.Channel, TS: strconv.FormatUint(item.ID, 10), SentAt: time.Now()}
	if sent != nil {
		receipt = *sent
	}
	return notifier.Outcome{Class: notifier.Sent, Receipt: receipt}
}
