package slack

import (
	"context"
	"encoding/json"
	"time"

	"github.com/slack-go/slack"
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
			c.begin(func(ctx context.Context) {
				c.respond(ctx, command.ResponseURL, private(c.safely(ctx, command)))
			})
		}
	case typeInteractive:
		var pressed slack.InteractionCallback
		if c.reads(e, &pressed) && c.isTeam(pressed.Team.ID) && c.isApp(pressed.APIAppID) && c.isNew(pressed.TriggerID) {
			c.begin(func(ctx context.Context) { c.interact(ctx, pressed) })
		}
	}
}

// isNew reports whether what a trigger names was not met before, on whatever
// way. What has no trigger is always new.
func (c *Commands) isNew(trigger string) bool {
	return trigger == "" || c.seen.first("trigger "+trigger, time.Now())
}

// isTeam reports whether what came is of the workspace that is answered.
func (c *Commands) isTeam(id string) bool {
	if c.config.Team == "" || id == c.config.Team {
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

// interact acts on a button that was pressed, or hands it to who knows it.
func (c *Commands) interact(ctx context.Context, pressed slack.InteractionCallback) {
	if _, err := shared(pressed); err == nil {
		c.Share(ctx, pressed)
		return
	}
	c.handle(ctx, pressed)
}

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

// formWithin is how long a form, or a press, may keep its answer waiting. A form
// stays open until Slack hears what is wrong with it, for three seconds at most.
const formWithin = 2 * time.Second

// isForm reports whether an envelope is a form that was filled in. What is
// said of it goes into its acknowledgement.
func (c *Commands) isForm(e envelope) bool {
	var peek struct{ Type slack.InteractionType }
	return e.Type == typeInteractive && json.Unmarshal(e.Payload, &peek) == nil && peek.Type == slack.InteractionTypeViewSubmission
}

// submit acts on a form, once, and returns what is to be said of it.
func (c *Commands) submit(ctx context.Context, e envelope) any {
	ctx, cancel := context.WithTimeout(ctx, formWithin)
	defer cancel()
	var form slack.InteractionCallback
	if !c.seen.first("envelope "+e.ID, time.Now()) || !c.reads(e, &form) || !c.isTeam(form.Team.ID) || !c.isApp(form.APIAppID) || !c.isNew(form.TriggerID) {
		return nil
	}
	return c.handle(ctx, form)
}
