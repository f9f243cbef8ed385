package slack

import (
	"context"
	"time"

	"github.com/billbot/billbot/rules"
	"github.com/slack-go/slack"
)

// maxQuery is how many bytes may follow /spend: people write a few words.
const maxQuery = 1 << 10

// safely is answer, or that it panicked: who asked hears of it, too.
func (c *Commands) safely(ctx context.Context, command slack.SlashCommand) Message {
	return c.config.Guard.message("answer to /spend", func() Message { return c.answer(ctx, command) })
}

// answer decides what to say to a command that is surely Slack's.
func (c *Commands) answer(ctx context.Context, command slack.SlashCommand) Message {
	who := Person{User: command.UserID, Channel: command.ChannelID, ChannelName: command.ChannelName}
	if m, refused := c.refused(ctx, who); refused {
		return m
	}
	if len(command.Text) > maxQuery {
		return say("That is too long for /spend.", "/spend help says what it understands.")
	}
	q := ParseQuery(command.Text)
	m, known := c.to(ctx, q, who)
	if known && len(m.More) == 0 { // several answers are too much for a channel
		m.Blocks = append(m.Blocks, shareButton(q))
	}
	return m
}

// refused says that a person may not ask, if they may not.
func (c *Commands) refused(ctx context.Context, who Person) (Message, bool) {
	err := c.config.Read.admit(ctx, who.User, who.Channel)
	if err == nil {
		return Message{}, false
	}
	c.config.Log.Warn("refused who asked for spend", "user", who.User, "channel", who.Channel, "reason", err)
	return mayNotRead(err), true
}

// mayNotRead says why somebody may not ask.
func mayNotRead(err error) Message {
	return say("You may not ask for spend here.", "slack.access.read in the rules file lists who may: "+err.Error()+".")
}

// to answers a query. known says that the answer is of figures, which others
// may want to see too.
func (c *Commands) to(ctx context.Context, q Query, who Person) (m Message, known bool) {
	switch {
	case q.Wrong != "":
		return say(wrong(q, c.open(ctx))...), false
	case q.Ask == AskHelp:
		return say(help()...), false
	case q.Ask == AskAck || q.Ask == AskSnooze:
		return c.act(ctx, q, who), false
	}
	a, err := c.config.Answers.Answer(ctx, q)
	if err != nil {
		return c.unread(err), false
	}
	switch {
	case a.Unknown && a.Near == "" && c.config.Interactor != nil && alertID.MatchString(idOf(q.Name)):
		return c.config.Interactor.Why(ctx, who, idOf(q.Name)), false
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
func (c *Commands) act(ctx context.Context, q Query, who Person) Message {
	switch {
	case c.config.Interactor == nil:
		return say("Alerts cannot be acknowledged or snoozed from here.", "This billbot only reads: /spend alerts shows what is open.")
	case q.Ask == AskAck:
		return c.config.Interactor.Acknowledge(ctx, who, q.Name)
	}
	return c.config.Interactor.Snooze(ctx, who, q.Name, func(alerts []rules.Alert, now time.Time) time.Time {
		if q.Period {
			return PeriodEnd(alerts)
		}
		return now.Add(q.For)
	})
}

// open is the IDs of the alerts that are on, for examples; none where they cannot
// be read.
func (c *Commands) open(ctx context.Context) []string {
	a, err := c.config.Answers.Answer(ctx, Query{Ask: AskAlerts})
	if err != nil {
		c.config.Log.Error("could not read the open alerts", "error", err)
	}
	var ids []string
	for _, o := range a.Alerts {
		ids = append(ids, o.ID)
	}
	return ids
}

// say lays out a short answer: what matters in the first line.
func say(texts ...string) Message {
	var p page
	p.add(lines(texts...))
	return Message{Text: marked(texts[0], maxText), Blocks: p.blocks}
}
