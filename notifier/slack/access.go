package slack

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/billbot/billbot/rules/report"
)

// Access is who may do something: users (U…, W…), user groups (S…) and channels
// (C…, G…, D…) by ID.
type Access struct {
	IDs    []string // empty means no list: whoever the default lets in
	Groups *Groups  // nil lets no user group in
}

// admit returns why a user in a channel is not on the list, nil if one of them
// is or there is no list. What is certain without asking Slack is looked at
// first.
func (a Access) admit(ctx context.Context, user, channel string) error {
	switch {
	case len(a.IDs) == 0,
		user != "" && slices.Contains(a.IDs, user),
		channel != "" && slices.Contains(a.IDs, channel):
		return nil
	}
	refusal := fmt.Errorf("you (%s) are not in it", report.Name(user, 30))
	if channel != "" {
		refusal = fmt.Errorf("neither you (%s) nor this channel (%s) is in it", report.Name(user, 30), report.Name(channel, 30))
	}
	for _, id := range a.IDs {
		if !strings.HasPrefix(id, "S") || user == "" {
			continue
		}
		if a.Groups == nil {
			return fmt.Errorf("%w, and who is in the user group %s cannot be seen without a bot token", refusal, id)
		}
		members, err := a.Groups.members(ctx, id)
		switch {
		case err != nil:
			refusal = fmt.Errorf("%w, and who is in the user group %s could not be seen: %w", refusal, id, err)
		case slices.Contains(members, user):
			return nil
		}
	}
	return refusal
}

// Groups knows who is in user groups. It asks Slack, and remembers the answer
// for some minutes. Make one with [NewGroups].
type Groups struct {
	client *Client

	mu    sync.Mutex
	known map[string]membership
}

type membership struct {
	users []string
	at    time.Time
}

// groupsFor is how long who is in a user group is believed.
const groupsFor = 5 * time.Minute

// NewGroups returns user groups as the client's workspace has them.
func NewGroups(client *Client) *Groups {
	return &Groups{client: client, known: map[string]membership{}}
}

func (g *Groups) members(ctx context.Context, group string) ([]string, error) {
	g.mu.Lock()
	found, known := g.known[group]
	g.mu.Unlock()
	if known && time.Since(found.at) < groupsFor {
		return found.users, nil
	}
	users, err := g.client.members(ctx, group)
	if err != nil {
		return nil, err
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	g.known[group] = membership{users, time.Now()}
	return users, nil
}

// members asks who is in a user group.
func (c *Client) members(ctx context.Context, group string) ([]string, error) {
	users, err := c.api.GetUserGroupMembersContext(ctx, group)
	switch code := slackCode(err); {
	case code == "missing_scope":
		return nil, errors.New("add the scope usergroups:read to the app and reinstall it")
	case code == "no_such_subteam", code == "subteam_not_found":
		return nil, errors.New("the workspace has no such group, correct slack.access")
	case code != "":
		return nil, fmt.Errorf("the answer was %s", report.Name(code, 60))
	case err != nil:
		return nil, c.token.ScrubError(network(err, address{name: "Slack"}))
	}
	return users, nil
}
