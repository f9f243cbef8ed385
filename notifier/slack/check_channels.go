package slack

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/billbot/billbot/rules/report"
	"github.com/slack-go/slack"
)

// listPages is how many pages of a workspace's public channels are read to say
// what is the matter with one that billbot is not in.
const (
	listPages = 5
	listSize  = 999
)

// channels looks whether billbot is in each channel.
func (l *checking) channels(ctx context.Context) error {
	joined, kinds, err := l.client.allJoined(ctx)
	if err != nil {
		return err
	}
	if kinds == nil {
		l.hint("billbot cannot see which channels it is in: add the scopes channels:read and groups:read and reinstall the app")
		return nil
	}
	var missed []string
	for _, name := range l.setup.Channels {
		at := slices.IndexFunc(joined, func(c slack.Channel) bool { return isNamed(c, name) })
		switch {
		case at < 0:
			missed = append(missed, name)
		case joined[at].IsArchived:
			l.archived(name)
		}
	}
	if len(missed) == 0 {
		return nil
	}
	return l.missing(ctx, missed, slices.Contains(kinds, "private_channel"))
}

// isNamed reports whether a channel is the one of a name, #cloud-spend or
// cloud-spend, or of an ID.
func isNamed(c slack.Channel, name string) bool {
	return c.ID == name || c.Name == strings.TrimPrefix(name, "#")
}

func (l *checking) archived(name string) {
	l.problem(Problem{Channel: name, Closed: true,
		Text: report.Name(name, 80) + " is archived: unarchive it, or name another channel in the rules file"})
}

// missing says what to do about channels that billbot is not in. Public ones can
// be seen all the same; with their own scope they can be posted to.
func (l *checking) missing(ctx context.Context, names []string, sawPrivate bool) error {
	public, err := l.client.publicChannels(ctx, names)
	if err != nil {
		return err
	}
	anywhere := l.scopes != nil && !l.lacks("chat:write.public")
	for _, name := range names {
		shown := report.Name(name, 80)
		at := slices.IndexFunc(public, func(c slack.Channel) bool { return isNamed(c, name) })
		switch {
		case at >= 0 && public[at].IsArchived:
			l.archived(name)
		case at >= 0 && anywhere, name != "" && strings.ContainsRune("DU", rune(name[0])):
			// may be posted to, or is a person
		case at >= 0:
			l.problem(Problem{Channel: name, Closed: true, Text: "billbot is not in " + shown + ": invite @billbot to " + shown})
		case sawPrivate:
			l.problem(Problem{Channel: name, Closed: true,
				Text: "billbot sees no channel " + shown + ": check the name, and if the channel is private invite @billbot to " + shown})
		default:
			l.hint("billbot cannot see whether it is in " + shown + ": add the scope groups:read, or if it is not, invite @billbot to " + shown)
		}
	}
	return nil
}

// allJoined is the channels that the bot is in, archived ones too, and the kinds
// that it may see; nil kinds where it may see none.
func (c *Client) allJoined(ctx context.Context) (all []slack.Channel, kinds []string, err error) {
	for _, kinds := range joinedKinds {
		var all []slack.Channel
		err := c.eachJoined(ctx, kinds, func(channel slack.Channel) bool {
			all = append(all, channel)
			return true
		})
		if answer, told := errors.AsType[slack.SlackErrorResponse](err); told && forbids(answer.Err) {
			continue
		}
		if err != nil {
			return nil, nil, fmt.Errorf("asking Slack which channels billbot is in: %w", c.token.ScrubError(withoutURL(err)))
		}
		return all, kinds, nil
	}
	return nil, nil, nil
}

// publicChannels is the workspace's public channels, until all of some names are
// found; of a large workspace, the first of them.
func (c *Client) publicChannels(ctx context.Context, names []string) ([]slack.Channel, error) {
	var all []slack.Channel
	cursor := ""
	for range listPages {
		channels, next, err := c.api.GetConversationsContext(ctx, &slack.GetConversationsParameters{
			Cursor: cursor, Limit: listSize, Types: []string{"public_channel"},
		})
		if answer, told := errors.AsType[slack.SlackErrorResponse](err); told && forbids(answer.Err) {
			return nil, nil
		}
		if err != nil {
			return nil, fmt.Errorf("asking Slack for its channels: %w", c.token.ScrubError(withoutURL(err)))
		}
		all = append(all, channels...)
		if cursor = next; next == "" || !slices.ContainsFunc(names, func(name string) bool {
			return !slices.ContainsFunc(all, func(c slack.Channel) bool { return isNamed(c, name) })
		}) {
			break
		}
	}
	return all, nil
}
