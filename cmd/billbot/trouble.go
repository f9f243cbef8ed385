package main

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/billbot/billbot/notifier"
	"github.com/billbot/billbot/notifier/slack"
)

// trouble is what keeps billbot from telling people, or people from asking,
// until a person acts.
type trouble struct {
	name    string // under which it is told once
	channel string // that takes nothing
	title   string
	reason  string
	waiting int // messages
}

// The names of troubles; one of a channel ends with it.
const (
	troubleAll     = "slack"
	troubleChannel = "channel "
	troubleSocket  = "socket"
	troubleDisk    = "disk" // is never kept
)

// troubles is what is the matter now: what deliveries found closed, what the
// check of the workspace found, and a socket that is down.
func (eng *engine) troubles(items []notifier.Item) []trouble {
	var all []trouble
	add := func(channel, reason string, waiting int) {
		t := trouble{troubleAll, "", "billbot cannot post anything", reason, waiting}
		if channel != "" {
			t = trouble{troubleChannel + channel, channel, "billbot cannot post to " + channel, reason, waiting}
		}
		at := slices.IndexFunc(all, func(known trouble) bool { return known.name == t.name })
		if at < 0 {
			all = append(all, t)
			return
		}
		all[at].waiting += waiting
	}
	problems, _ := eng.setup.known()
	for _, p := range problems {
		if p.Closed {
			add(p.Channel, p.Text, 0)
		}
	}
	for _, c := range notifier.Closures(items) {
		add(c.Channel, c.Reason, c.Waiting)
	}
	if eng.socket != nil {
		if err := eng.socket.Health(); err != nil {
			all = append(all, trouble{name: troubleSocket, title: "/spend and buttons do not work", reason: err.Error()})
		}
	}
	if refused, is := eng.rulesTrouble(); is {
		all = append(all, refused)
	}
	return all
}

// slackReasons is what /healthz says of Slack, beside the socket: what takes no
// message, at once, and what the check of the workspace found; and of a rules
// file that is not in force.
func (eng *engine) slackReasons(items []notifier.Item) []string {
	var reasons []string
	for _, t := range eng.troubles(items) {
		switch {
		case t.ofRules():
			reasons = append(reasons, t.title+", "+t.reason)
		case t.name != troubleSocket:
			reasons = append(reasons, fmt.Sprintf("%s (%s): %s", t.title, waits(t.waiting), t.reason))
		}
	}
	problems, _ := eng.setup.known()
	for _, p := range problems {
		if !p.Closed {
			reasons = append(reasons, p.Text)
		}
	}
	return reasons
}

// watchSlack checks the workspace when that is due, and tells what is the matter.
func (eng *engine) watchSlack(ctx context.Context, e env, now time.Time) error {
	if !eng.tellsSlack() {
		return nil
	}
	eng.checkSlack(ctx, e)
	_, err := eng.tellTroubles(ctx, now)
	return wrap("telling what is wrong with Slack", err)
}

// tellsSlack reports whether messages go to Slack at all.
func (eng *engine) tellsSlack() bool {
	switch eng.channel.(type) {
	case *slack.Client, *slack.Webhook:
		return true
	}
	return false
}

// deliverChecked is what a command that polls does once: where something waits
// for Slack, the workspace is checked first, and what is found wrong is told
// where it can be. The daemon does so by itself.
func (eng *engine) deliverChecked(ctx context.Context, e env, now time.Time) error {
	items, err := eng.store.Undelivered(ctx)
	waits := slices.ContainsFunc(items, func(item notifier.Item) bool { return item.State != notifier.Dead })
	if e.shared != nil || err != nil || !waits || !eng.tellsSlack() {
		return eng.deliver(ctx, now)
	}
	eng.checkSlack(ctx, e)
	if err := eng.deliver(ctx, now); err != nil {
		return err
	}
	enqueued, err := eng.tellTroubles(ctx, now)
	if err != nil || !enqueued {
		return wrap("telling what is wrong with Slack", err)
	}
	return eng.deliver(ctx, now)
}
