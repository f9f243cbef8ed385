package slack

import (
	"context"
	"strings"

	"github.com/billbot/billbot/rules"
	"github.com/billbot/billbot/rules/report"
	"github.com/slack-go/slack"
)

// answer decides what to say to a command that is surely Slack's.
func (c *Commands) answer(ctx context.Context, command slack.SlashCommand) Message {
	if err := c.mayRead(ctx, command); err != nil {
		c.config.Log.Warn("refused a slash command", "user", command.UserID, "channel", command.ChannelID)
		return say("You may not ask for spend here.",
			"slack.access.read in the rules file lists who may: "+err.Error()+".")
	}
	switch word := strings.ToLower(strings.Join(strings.Fields(command.Text), " ")); word {
	case "", "today":
		return c.spend(ctx)
	case "help":
		return say(help()...)
	default:
		return c.account(ctx, command.Text, word)
	}
}

func (c *Commands) mayRead(ctx context.Context, command slack.SlashCommand) error {
	return Access{IDs: c.config.Read, Groups: c.config.Groups}.admit(ctx, command.UserID, command.ChannelID)
}

func (c *Commands) spend(ctx context.Context) Message {
	spends, err := c.config.Spend(ctx)
	if err != nil {
		return c.unread(err)
	}
	return RenderSpend(spends)
}

func (c *Commands) unread(err error) Message {
	c.config.Log.Error("could not answer /spend", "error", err)
	return say("The spend could not be read just now.", "Try again in a moment; if it stays so, billbot's log says why.")
}

// say lays out a short answer: what matters in the first line.
func say(texts ...string) Message {
	var p page
	p.add(lines(texts...))
	return Message{Text: marked(texts[0], maxText), Blocks: p.blocks}
}

func help() []string {
	return append([]string{"/spend shows what the accounts cost: the newest day, the billing period so far, and where it leads."},
		append(examples(), "Only you see the answer. Slack does not allow commands inside threads.")...)
}

func examples() []string {
	return []string{"• /spend", "• /spend today (the same)", "• /spend NAME (one account, by its name)", "• /spend help"}
}

// words are what /spend knows besides the accounts' names.
func words() []string { return []string{"today", "help"} }

// unknown repeats what was typed and offers the nearest word.
func unknown(typed, word string) []string {
	first := "/spend does not know " + quoted(typed) + "."
	if guess, ok := rules.Nearest(word, words()); ok {
		first += " Did you mean “" + guess + "”?"
	}
	return append([]string{first, "Try:"}, examples()...)
}

func quoted(typed string) string { return "“" + report.Name(typed, 75) + "”" }
