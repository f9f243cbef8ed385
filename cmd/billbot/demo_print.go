package main

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/billbot/billbot/notifier"
	"github.com/billbot/billbot/notifier/slack"
)

// Send prints one message of the demo.
func (p *demoPrinter) Send(_ context.Context, item notifier.Item, sent *notifier.Receipt) notifier.Outcome {
	message := slack.Render(item)
	switch {
	case item.Reply:
		shown := ""
		if item.Loud() {
			shown = ", and shown in " + item.Channel
		}
		fmt.Fprintf(p.out, "\n%s  in the alert's thread%s:\n%s\n", stamp(p.now()), shown, indent(slack.PlainText(message)))
	case sent != nil:
		first, _, _ := strings.Cut(slack.PlainText(message), "\n")
		fmt.Fprintf(p.out, "%s  edited: %s\n", stamp(p.now()), first)
	default:
		fmt.Fprintf(p.out, "\n%s  new in %s:\n%s\n", stamp(p.now()), item.Channel, indent(slack.PlainText(message)))
	}
	if sent != nil {
		return notifier.Outcome{Class: notifier.Sent, Receipt: *sent}
	}
	receipt := notifier.Receipt{Channel: item.Channel, TS: fmt.Sprint(item.ID), SentAt: p.now()}
	return notifier.Outcome{Class: notifier.Sent, Receipt: receipt}
}

// Find is never asked: what is printed is printed.
func (p *demoPrinter) Find(context.Context, notifier.Item, notifier.Receipt) notifier.Outcome {
	return notifier.Outcome{Class: notifier.Blind}
}

// stamp is a moment of the demo.
func stamp(t time.Time) string { return t.Format("Mon 2 Jan 15:04") }

func indent(text string) string {
	return "  | " + strings.ReplaceAll(strings.TrimRight(text, "\n"), "\n", "\n  | ")
}
