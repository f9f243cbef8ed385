package slack

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/billbot/billbot/notifier"
	"github.com/billbot/billbot/rules/report"
	"github.com/slack-go/slack"
)

// Setup is what billbot is to do in Slack, and so what it needs there.
type Setup struct {
	Channels []string // that messages go to, as the rules file names them
	Groups   bool     // user groups say who may do what
	Commands bool     // /spend is answered
	Team     string   // the one workspace that is answered; "" is whichever
	App      *App     // learns what the bot token is of; nil learns nothing
}

// Problem is what a person has to do something about.
type Problem struct {
	Channel string // as the rules file names it; "" where it is not about one
	Text    string // what is wrong and what to do, one sentence
	// Closed says that nothing at all can be posted: neither to the channel nor,
	// where it names none, anywhere.
	Closed bool
}

// Found is what [Client.Check] found.
type Found struct {
	Problems []Problem
	Hints    []string // what could be better, or could not be seen
	Scopes   []string // that the bot token has; nil where Slack does not say
}

// Check asks Slack whether the token works, has the scopes that the setup needs,
// and is let into its channels. The error is for what Slack did not answer; then
// nothing is known.
func (c *Client) Check(ctx context.Context, s Setup) (Found, error) {
	me, err := c.api.AuthTestContext(ctx)
	if code := slackCode(err); classOf(code) == notifier.Closed {
		return Found{Problems: []Problem{{Text: "Slack refuses the bot token: " + reasonOfCode(err).Error(), Closed: true}}}, nil
	}
	if err != nil {
		return Found{}, fmt.Errorf("asking Slack who billbot is: %w", c.token.ScrubError(withoutURL(err)))
	}
	look := checking{client: c, setup: s, scopes: scopesOf(me.Header.Get("X-OAuth-Scopes"))}
	look.found.Scopes = look.scopes
	look.workspace(me)
	look.scope()
	look.app(ctx, me)
	err = look.channels(ctx)
	return look.found, err
}

// checking is a check under way.
type checking struct {
	client *Client
	setup  Setup
	scopes []string // nil where Slack does not say
	found  Found
}

// scopesOf reads the header that names a token's scopes.
func scopesOf(header string) []string {
	var scopes []string
	for _, scope := range strings.Split(header, ",") {
		if scope = strings.TrimSpace(scope); scope != "" {
			scopes = append(scopes, scope)
		}
	}
	return scopes
}

// lacks reports whether a scope is surely not there.
func (l *checking) lacks(scope string) bool {
	return l.scopes != nil && !slices.Contains(l.scopes, scope)
}

func (l *checking) problem(p Problem) { l.found.Problems = append(l.found.Problems, p) }

func (l *checking) hint(text string) { l.found.Hints = append(l.found.Hints, text) }

// workspace learns the token's workspace, and compares it with the one that is
// answered. A token of an organisation is of all its workspaces, and names none.
func (l *checking) workspace(me *slack.AuthTestResponse) {
	if strings.HasPrefix(me.TeamID, "T") {
		l.setup.App.LearnTeam(me.TeamID)
	}
	if l.setup.Team != "" && me.TeamID != "" && me.TeamID != l.setup.Team {
		l.problem(Problem{Text: fmt.Sprintf("SLACK_TEAM_ID is %s and the bot token is of the workspace %s: set it to that, or nothing from there is answered",
			report.Name(l.setup.Team, 30), report.Name(me.TeamID, 30))})
	}
}

// scope says which scopes are missing, and what for.
func (l *checking) scope() {
	add := func(scope string) string { return "add the scope " + scope + " and reinstall the app" }
	switch {
	case l.scopes == nil:
		l.hint("Slack does not say which scopes the bot token has: they are not checked")
		return
	case l.lacks("chat:write"):
		l.problem(Problem{Text: "billbot may not post: " + add("chat:write"), Closed: true})
	}
	if l.setup.Commands && l.lacks("commands") {
		l.problem(Problem{Text: "Slack has no /spend: " + add("commands")})
	}
	if l.setup.Groups && l.lacks("usergroups:read") {
		l.problem(Problem{Text: "billbot cannot see who is in the user groups of slack.access: " + add("usergroups:read")})
	}
	if l.lacks("channels:history") && l.lacks("groups:history") {
		l.hint("without the scope channels:history (groups:history for private channels) a message whose confirmation is lost may come twice")
	}
}

// app learns whose the bot token is, and sees whether the app-level token is of
// the same app. Who may not ask goes by the socket, or the signature, alone.
func (l *checking) app(ctx context.Context, me *slack.AuthTestResponse) {
	if l.setup.App == nil || me.BotID == "" || l.lacks("users:read") {
		return
	}
	bot, err := l.client.api.GetBotInfoContext(ctx, slack.GetBotInfoParameters{Bot: me.BotID})
	if err != nil || bot.AppID == "" {
		return
	}
	l.setup.App.Learn(bot.AppID)
	if all := l.setup.App.IDs(); len(all) > 1 {
		l.problem(Problem{Text: "the bot token and the app-level token are of different apps (" + report.Name(strings.Join(all, ", "), 60) + "): take both from one"})
	}
}

// reasonOfCode is Slack's code of an error, and what to do.
func reasonOfCode(err error) error {
	answer, _ := errors.AsType[slack.SlackErrorResponse](err)
	return reason(answer, address{name: "Slack"})
}
