package main

import (
	"context"
	"strings"

	"github.com/billbot/billbot/notifier/slack"
	"github.com/billbot/billbot/rules"
)

// slack looks at the tokens of Slack, their scopes and the channels.
func (d *doctor) slack(ctx context.Context) {
	buttons := d.hearing()
	channel, err := newSlack(d.env)
	if err != nil {
		d.on("slack").fail("see README, \"Use it for your account\"", "%s", err)
		return
	}
	client, bot := channel.(*slack.Client)
	if !bot {
		d.on("slack").ok("a webhook: messages are posted into its channel, and never edited; whether it works shows only when one is")
		return
	}
	r := d.rules
	if r == nil {
		r = &rules.Rules{}
	}
	ctx, cancel := context.WithTimeout(ctx, checkWithin)
	defer cancel()
	found, err := client.Check(ctx, d.env.slackSetup(r, buttons, &slack.App{}))
	if err != nil {
		d.on("slack").fail("see that this machine reaches slack.com, its proxy and its DNS", "a bot token is set, and Slack was not asked: %s", err)
		d.on("scopes").warn("ask again when Slack is reached", "not known without Slack's answer")
		d.on("channels").warn("ask again when Slack is reached", "not known without Slack's answer")
		return
	}
	d.workspace(r, found)
}

// workspace tells what a check of the workspace found.
func (d *doctor) workspace(r *rules.Rules, found slack.Found) {
	reached, open := true, true
	for _, p := range found.Problems {
		reached, open = reached && !(p.Closed && p.Channel == ""), open && p.Channel == ""
		about := d.on("slack")
		if p.Channel != "" {
			about = d.on("channels")
		}
		if p.Closed {
			about.fail("billbot goes on by itself once that is done", "%s", p.Text)
		} else {
			about.warn("billbot goes on by itself once that is done", "%s", p.Text)
		}
	}
	if reached {
		d.on("slack").ok("the bot token works")
	}
	if len(found.Scopes) > 0 {
		d.on("scopes").ok("%s", ours(strings.Join(found.Scopes, ", ")))
	}
	for _, hint := range found.Hints {
		d.on("slack").warn("", "%s", hint)
	}
	if names := channelsOf(r); reached && open && len(names) > 0 {
		d.on("channels").ok("%s, and billbot was refused at none", ours(count(len(names), "channel")))
	}
}

// hearing looks by what Slack can tell billbot of commands and buttons, and
// reports whether it can.
func (d *doctor) hearing() bool {
	t := d.on("commands")
	app, err := d.env.secret("SLACK_APP_TOKEN")
	if err != nil {
		t.fail("mend that", "%s", err)
		return false
	}
	signing, err := d.env.secret("SLACK_SIGNING_SECRET")
	switch {
	case err != nil:
		t.fail("mend that", "%s", err)
	case !app.IsZero() && !strings.HasPrefix(app.Reveal(), "xapp-"):
		t.fail("set SLACK_APP_TOKEN to the one under Basic Information, App-Level Tokens", "SLACK_APP_TOKEN is no app-level token: those begin with xapp-")
	case !app.IsZero():
		t.ok("over Socket Mode, by an app-level token")
		d.socket()
		return true
	case !signing.IsZero():
		t.ok("over HTTP, by a signing secret")
		return true
	default:
		t.warn("set SLACK_APP_TOKEN, or SLACK_SIGNING_SECRET", "neither an app-level token nor a signing secret is set: /spend and buttons are off")
	}
	return false
}

// socket looks at the connection of the running billbot.
func (d *doctor) socket() {
	if d.env.shared == nil || d.env.shared.socket == nil {
		return
	}
	if err := d.env.shared.socket.Health(); err != nil {
		d.on("socket").fail("make a new app-level token if it is refused", "%s", err)
		return
	}
	d.on("socket").ok("connected, or about to be")
}
