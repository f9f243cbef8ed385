package slack

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/billbot/billbot/rules/report"
)

// Access is who may do something: users (U…, W…), user groups (S…) and channels
// (C…, G…, D…) by ID. A channel is whoever asks in it, or is a member of it.
type Access struct {
	IDs     []string        // empty means no list: whoever the default lets in
	Groups  *Groups         // nil lets no user group in, and of channels those who ask in them
	Current func() []string // the IDs where they change while billbot runs; nil means that they do not
}

// now is the access as it is at this moment.
func (a Access) now() Access {
	if a.Current != nil {
		a.IDs, a.Current = a.Current(), nil
	}
	return a
}

// admit returns why a user who asks in a channel is not on the list, nil if they
// are or there is no list. What is certain without asking Slack is looked at
// first.
func (a Access) admit(ctx context.Context, user, channel string) error {
	a = a.now()
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
	if user == "" {
		return refusal
	}
	for _, id := range a.IDs {
		in, err := a.member(ctx, id, user)
		if in {
			return nil
		}
		if err != nil {
			refusal = fmt.Errorf("%w, and who is in %s could not be seen: %w", refusal, id, err)
		}
	}
	return refusal
}

// member reports whether a user is in the user group or the channel of an ID.
// What only a bot could see is asked of nobody without one.
func (a Access) member(ctx context.Context, id, user string) (bool, error) {
	switch group := strings.HasPrefix(id, "S"); {
	case a.Groups != nil && (group || isChannelID(id)):
		return a.Groups.has(ctx, id, user)
	case group:
		return false, errors.New("that takes a bot token")
	}
	return false, nil
}
