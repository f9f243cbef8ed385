package slack

import (
	"cmp"
	"context"
	"encoding/json"
	"time"

	"github.com/slack-go/slack"
	"github.com/slack-go/slack/slackevents"
)

// take acts on an envelope that was acknowledged, once, however often and over
// whatever connection it comes. It does not wait.
func (c *Commands) take(e envelope) {
	if !c.seen.first("envelope "+e.ID, time.Now()) {
		return
	}
	switch e.Type {
	case typeCommand:
		var command slack.SlashCommand
		if c.reads(e, &command) && c.isTeam(command.TeamID) && c.isApp(command.APIAppID) && c.isNew(command.TriggerID) {
			c.begin(c.timed(func(ctx context.Context) {
				m := c.safely(ctx, command)
				c.respond(ctx, command.ResponseURL, private(m))
				c.more(ctx, command.ResponseURL, m)
			}))
		}
	case typeEvent:
		if event, ok := c.readEvent(e.Payload); ok && c.isTeam(event.TeamID) && c.isApp(event.APIAppID) {
			c.notice(event)
		}
	}
}

// isNew reports whether what a trigger names was not met before, on whatever
// way. What has no trigger is always new.
func (c *Commands) isNew(trigger string) bool {
	return trigger == "" || c.seen.first("trigger "+trigger, time.Now())
}

// isTeam reports whether what came is of the workspace that is answered: the one
// that was set, else the bot token's. Before that is known, a signature or a socket
// is all there is to go by.
func (c *Commands) isTeam(id string) bool {
	if team := cmp.Or(c.config.Team, c.config.App.Team()); team == "" || id == team {
		return true
	}
	c.config.Log.Warn("refused what came from another workspace", "team", id)
	return false
}

// isApp reports whether what came is of the app that is answered.
func (c *Commands) isApp(id string) bool {
	if c.config.App.admits(id) {
		return true
	}
	c.config.Log.Warn("refused what came from another app", "app", id)
	return false
}

func (c *Commands) reads(e envelope, into any) bool {
	err := json.Unmarshal(e.Payload, into)
	if err != nil {
		c.config.Log.Warn("could not read what Slack sent", "type", e.Type, "error", err)
	}
	return err == nil
}

// readEvent reads an event of Slack's Events API. One that is not known is left.
func (c *Commands) readEvent(body []byte) (slackevents.EventsAPIEvent, bool) {
	event, err := slackevents.ParseEvent(body, slackevents.OptionNoVerifyToken())
	if err != nil {
		c.config.Log.Info("left an event that is not known", "error", err)
	}
	return event, err == nil
}

// press acts on what was pressed or filled in, as an envelope brings it, and
// returns what to acknowledge it with.
func (c *Commands) press(e envelope) any {
	var pressed slack.InteractionCallback
	if !c.reads(e, &pressed) || !c.isTeam(pressed.Team.ID) || !c.isApp(pressed.APIAppID) {
		return nil
	}
	return c.settle(pressed, "envelope "+e.ID)
}

// isSubmission reports whether an envelope is a form that was filled in.
func isSubmission(e envelope) bool {
	var peek struct{ Type slack.InteractionType }
	return json.Unmarshal(e.Payload, &peek) == nil && peek.Type == slack.InteractionTypeViewSubmission
}

// settle acts on what was pressed or filled in, once, and returns what a form is
// told; nil is nothing. What comes again, under one of the keys or by its trigger,
// gets the same answer: Slack has not heard the first one, and would close a form
// over its error. An alert is acted on before this returns, as a rule: what is
// lost before Slack hears of it is sent, or pressed, again.
func (c *Commands) settle(pressed slack.InteractionCallback, keys ...string) any {
	if pressed.TriggerID != "" {
		keys = append(keys, "trigger "+pressed.TriggerID)
	}
	ctx, cancel := context.WithTimeout(c.base, formWithin)
	defer cancel()
	met, first := c.seen.meet(time.Now(), keys...)
	if !first {
		return met.answer(ctx)
	}
	defer met.close()
	if _, err := shared(pressed); err == nil {
		c.begin(func(ctx context.Context) { c.Share(ctx, pressed) })
		return nil
	}
	met.said = c.handle(ctx, pressed)
	return met.said
}

// formWithin is how long a form, or a press, may keep its answer waiting. A form
// stays open until Slack hears what is wrong with it, for three seconds at most.
const formWithin = 2 * time.Second

// handle hands what was pressed to who knows it, and returns what a form is
// told.
func (c *Commands) handle(ctx context.Context, pressed slack.InteractionCallback) any {
	if c.config.Interactor == nil {
		c.config.Log.Warn("a button was pressed that nobody knows", "type", pressed.Type)
		return nil
	}
	said, err := c.config.Interactor.Handle(ctx, pressed)
	if err != nil {
		// Slack would show an error where there is nothing to be done about it.
		c.config.Log.Warn("ignored what was pressed", "reason", err)
		return nil
	}
	return said
}
