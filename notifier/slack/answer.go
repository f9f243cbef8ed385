package slack

import (
	"context"
	"errors"
	"time"

	"github.com/billbot/billbot/rules/report"
	"github.com/slack-go/slack"
)

// answer decides what to say to a command that is surely Slack's.
func (c *Commands) answer(ctx context.Context, command slack.SlashCommand) Message {
	from := asker{command.UserID, command.ChannelID}
	if !from.on(c.config.Read) {
		c.config.Log.Warn("refused a slash command", "user", from.user, "channel", from.channel)
		return say("You may not ask for spend here.",
			"slack.access.read in the rules file lists who may, and neither "+from.name()+" is in it.")
	}
	q := ParseQuery(command.Text)
	m, known := c.to(ctx, q, from)
	if known {
		m.Blocks = append(m.Blocks, shareButton(q))
	}
	return m
}

// name is who asked and where, for people.
func (a asker) name() string {
	return "you (" + report.Name(a.user, 30) + ") nor this channel (" + report.Name(a.channel, 30) + ")"
}

// to answers a query. known says that the answer is of figures, which others
// may want to see too.
func (c *Commands) to(ctx context.Context, q Query, from asker) (m Message, known bool) {
	switch {
	case q.Wrong != "":
		return say(wrong(q)...), false
	case q.Ask == AskHelp:
		return say(help()...), false
	case q.Ask == AskAck || q.Ask == AskSnooze:
		return c.act(ctx, q, from), false
	}
	a, err := c.config.Answers.Answer(ctx, q)
	if err != nil {
		return c.unread(err), false
	}
	switch {
	case a.Unknown:
		return say(unknown(q, a.Near)...), false
	case q.Ask == AskNamed:
		return named(q, a.Spends)
	}
	return render(q, a), true
}

func (c *Commands) unread(err error) Message {
	c.config.Log.Error("could not answer /spend", "error", err)
	return say("The spend could not be read just now.", "Try again in a moment; if it stays so, billbot's log says why.")
}

// act acknowledges or snoozes an alert for somebody.
func (c *Commands) act(ctx context.Context, q Query, from asker) Message {
	if c.config.Actions == nil {
		return say("Alerts cannot be acknowledged or snoozed yet.", "This billbot only reads: /spend alerts shows what is open.")
	}
	if !from.on(c.config.Change) {
		c.config.Log.Warn("refused to change an alert", "user", from.user, "channel", from.channel)
		return say("You may not change alerts here.",
			"slack.access.change in the rules file lists who may, and neither "+from.name()+" is in it.")
	}
	now := time.Now()
	if q.Ask == AskAck {
		a, err := c.config.Actions.Acknowledge(ctx, q.Name, from.user, now)
		return c.acted(err, "Acknowledged: "+report.Sentence(a))
	}
	until := now.Add(q.For)
	a, err := c.config.Actions.Snooze(ctx, q.Name, from.user, until, now)
	return c.acted(err, "Snoozed until "+until.UTC().Format("Mon 2 Jan 15:04 MST")+": "+report.Sentence(a))
}

// acted says what was done, or why nothing was. An error for people is told;
// one that is not is the log's.
func (c *Commands) acted(err error, done string) Message {
	if refused, ok := errors.AsType[Refusal](err); ok {
		return say(string(refused))
	}
	if err != nil {
		c.config.Log.Error("could not change an alert", "error", err)
		return say("The alert could not be changed just now.", "Try again in a moment; if it stays so, billbot's log says why.")
	}
	return say(done)
}

// Refusal is an error of [Actions] whose text is for whoever asked: "alert
// k3v7qd2a is over".
type Refusal string

func (r Refusal) Error() string { return string(r) }

// say lays out a short answer: what matters in the first line.
func say(texts ...string) Message {
	var p page
	p.add(lines(texts...))
	return Message{Text: marked(texts[0], maxText), Blocks: p.blocks}
}
