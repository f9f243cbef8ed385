package slack

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/billbot/billbot/rules/report"
	"github.com/slack-go/slack"
)

// Groups knows who is in user groups and in channels. It asks Slack, and
// remembers the answer for some minutes. Make one with [NewGroups].
type Groups struct {
	client *Client

	mu    sync.Mutex
	known map[string]membership // by the ID of a group or a channel
	named map[string]naming     // channels, by their name
}

type membership struct {
	users []string
	at    time.Time
}

type naming struct {
	id string
	at time.Time
}

// How long it is believed who is in a group or a channel, and who is not: somebody
// who was refused may have joined it because of that.
const (
	groupsFor   = 5 * time.Minute
	refusalsFor = 30 * time.Second
)

// NewGroups returns groups and channels as the client's workspace has them.
func NewGroups(client *Client) *Groups {
	return &Groups{client: client, known: map[string]membership{}, named: map[string]naming{}}
}

// has reports whether a user is in a user group or a channel, by its ID.
func (g *Groups) has(ctx context.Context, id, user string) (bool, error) {
	g.mu.Lock()
	found, known := g.known[id]
	g.mu.Unlock()
	in := slices.Contains(found.users, user)
	if age := time.Since(found.at); known && (age < refusalsFor || in && age < groupsFor) {
		return in, nil
	}
	ask := g.client.inGroup
	if isChannelID(id) {
		ask = g.client.inChannel
	}
	users, err := ask(ctx, id)
	if err != nil {
		return false, err
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	g.known[id] = membership{users, time.Now()}
	return slices.Contains(users, user), nil
}

// channel is the ID of a channel that the rules file names; its name where Slack
// does not tell.
func (g *Groups) channel(ctx context.Context, name string) (string, error) {
	g.mu.Lock()
	found, known := g.named[name]
	g.mu.Unlock()
	if known && time.Since(found.at) < groupsFor {
		return found.id, nil
	}
	id, err := g.client.channelID(ctx, name)
	if err != nil {
		return "", g.client.token.ScrubError(network(err, address{name: "Slack"}))
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	g.named[name] = naming{id, time.Now()}
	return id, nil
}

// isChannelID reports whether an ID is that of a channel with members that can be
// asked for: a conversation of two has none.
func isChannelID(id string) bool { return isID(id) && id[0] != 'D' }

// inGroup asks who is in a user group.
func (c *Client) inGroup(ctx context.Context, group string) ([]string, error) {
	users, err := c.api.GetUserGroupMembersContext(ctx, group)
	switch slackCode(err) {
	case "missing_scope":
		return nil, errors.New("add the scope usergroups:read to the app and reinstall it")
	case "no_such_subteam", "subteam_not_found":
		return nil, errors.New("the workspace has no such group, correct slack.access")
	}
	return users, c.unseen(err)
}

// A channel of more people than this is not looked through.
const (
	membersAtOnce = 1000
	membersPages  = 50
)

// inChannel asks who is in a channel.
func (c *Client) inChannel(ctx context.Context, channel string) ([]string, error) {
	var users []string
	ask := slack.GetUsersInConversationParameters{ChannelID: channel, Limit: membersAtOnce}
	for range membersPages {
		found, next, err := c.api.GetUsersInConversationContext(ctx, &ask)
		switch slackCode(err) {
		case "missing_scope":
			return nil, errors.New("add the scope channels:read, or groups:read for a private channel, to the app and reinstall it")
		case "channel_not_found":
			return nil, errors.New("billbot is not in it, invite it with /invite")
		}
		if err != nil {
			return nil, c.unseen(err)
		}
		users = append(users, found...)
		if next == "" {
			return users, nil
		}
		ask.Cursor = next
	}
	return nil, fmt.Errorf("it has more than %d members", membersAtOnce*membersPages)
}

// unseen makes an error of a question about members readable.
func (c *Client) unseen(err error) error {
	if code := slackCode(err); code != "" {
		return fmt.Errorf("the answer was %s", report.Name(code, 60))
	}
	if err != nil {
		return c.token.ScrubError(network(err, address{name: "Slack"}))
	}
	return nil
}
