package slack

import (
	"context"
	"errors"

	"github.com/billbot/billbot/rules/report"
	"github.com/slack-go/slack"
)

// ShareAction is the action ID of the button below a private answer.
const ShareAction = "billbot_share"

// shareButton shows a private answer to the channel. It carries the question,
// as Slack hands nobody the text of a private message.
func shareButton(q Query) slack.Block {
	text := slack.NewTextBlockObject(slack.PlainTextType, "Share", false, false)
	return slack.NewActionBlock("", slack.NewButtonBlockElement(ShareAction, q.String(), text))
}

// Share answers the question of a Share button anew, in the channel and with
// who shared it, and takes the private answer away.
func (c *Commands) Share(ctx context.Context, pressed slack.InteractionCallback) {
	who := personOf(pressed)
	if m, refused := c.refused(ctx, who); refused {
		c.respond(ctx, pressed.ResponseURL, private(m))
		return
	}
	q, err := shared(pressed)
	if err != nil {
		c.config.Log.Warn("could not share an answer", "error", err)
		return
	}
	m, known := c.to(ctx, q, who)
	if !known || len(m.More) > 0 {
		c.respond(ctx, pressed.ResponseURL, private(m))
		c.more(ctx, pressed.ResponseURL, m)
		return
	}
	m.Blocks = append(m.Blocks, sharedBy(who.User, q))
	c.show(ctx, pressed.ResponseURL, m)
}

// show brings an answer into the channel, and takes the private one away once it
// is there. It is brought once: who shared it sees whether it came.
func (c *Commands) show(ctx context.Context, address string, m Message) {
	keep := false
	err := c.respond(ctx, address, response{
		ResponseType: slack.ResponseTypeInChannel, Text: m.Text, Blocks: m.Blocks, ReplaceOriginal: &keep,
	})
	if _, maybe := errors.AsType[maybeAnswered](err); maybe {
		c.respond(ctx, address, beside(say("Slack did not confirm that this was shared.", "Press Share again if the channel does not have it.")))
		return
	}
	if err == nil {
		c.respond(ctx, address, response{DeleteOriginal: true})
	}
}

// shared is the question a Share button carries. What acts on alerts is no
// question.
func shared(pressed slack.InteractionCallback) (Query, error) {
	for _, a := range pressed.ActionCallback.BlockActions {
		if a != nil && a.ActionID == ShareAction {
			q := readQuery(a.Value)
			if q.Ask == AskAck || q.Ask == AskSnooze {
				return Query{}, errors.New("a button to share holds an action")
			}
			return q, nil
		}
	}
	return Query{}, errors.New("no button to share was pressed")
}

// sharedBy says who asked, and what, so that others can ask it too.
func sharedBy(user string, q Query) slack.Block {
	who := "Shared"
	if mention := mentions([]string{user}); mention != "" && user[0] != 'S' {
		who += " by " + mention
	}
	return slack.NewContextBlock("", mrkdwn(who+": "+marked("/spend "+report.Name(q.String(), 75), maxElement)))
}
