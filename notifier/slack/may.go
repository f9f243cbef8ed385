package slack

import (
	"context"
	"errors"
	"fmt"

	"github.com/billbot/billbot/notifier"
	"github.com/billbot/billbot/rules/report"
)

// mayChange returns why a person may not change alerts, nil if they may.
func (i *Interactions) mayChange(ctx context.Context, who Person, shown Shown) error {
	change := i.config.Change.now()
	switch {
	case !userID.MatchString(who.User):
		return errors.New("it is not known who you are")
	case len(change.IDs) > 0:
		if err := change.admit(ctx, who.User, who.Channel); err != nil {
			return fmt.Errorf("slack.access.change in the rules file lists who may: %w", err)
		}
		return nil
	case shown.isWhere(who):
		return nil
	}
	return i.belongs(ctx, who, shown)
}

// isWhere reports whether a person asks from the channel of the alerts: the one
// their message is in, or the one it is to go to. A name may be somebody else's,
// so it counts only while nothing better is known.
func (s Shown) isWhere(who Person) bool {
	if id := s.channelID(); id != "" {
		return id == who.Channel
	}
	return who.isNamed() && s.Channel == "#"+who.ChannelName
}

// channelID is that of the alerts' channel, "" while it is not known. The channel
// of a webhook is known to Slack alone.
func (s Shown) channelID() string {
	switch {
	case s.Receipt != nil && s.Receipt.Channel != webhookChannel:
		return s.Receipt.Channel
	case isID(s.Channel):
		return s.Channel
	}
	return ""
}

// isNamed reports whether the name is that of the channel where a person asks.
// Slack says of every private channel that it is called privategroup, and of
// every conversation that it is a directmessage.
func (p Person) isNamed() bool {
	return p.ChannelName != "" && p.ChannelName != "privategroup" && p.ChannelName != "directmessage"
}

// belongs returns why a person who asks from elsewhere may not change alerts, nil
// if they are a member of the alerts' channel. Where nobody can see who is, it
// counts from where they ask.
func (i *Interactions) belongs(ctx context.Context, who Person, shown Shown) error {
	const list = "or list who may in slack.access.change of the rules file"
	everyone := "everyone in its channel may, " + report.Name(shown.Channel, 80)
	groups := i.config.Change.Groups
	switch {
	case groups == nil && shown.Channel == notifier.NoChannel:
		return errors.New("nobody knows its channel: name that as slack.channel, " + list)
	case groups == nil:
		return errors.New(everyone + ": do it there (a private channel has to be named by its ID), " + list)
	}
	member, err := groups.among(ctx, who, shown)
	if err != nil {
		return fmt.Errorf("%s: do it there, %s; who is in it could not be seen: %w", everyone, list, err)
	}
	if !member {
		return errors.New(everyone + ": join it, " + list)
	}
	return nil
}

// among reports whether a person is in the channel of alerts.
func (g *Groups) among(ctx context.Context, who Person, shown Shown) (bool, error) {
	id := shown.channelID()
	if id == "" {
		found, err := g.channel(ctx, shown.Channel)
		if err != nil {
			return false, err
		}
		id = found
	}
	switch {
	case id == who.Channel:
		return true, nil
	case !isChannelID(id):
		return false, errors.New("which channel that is Slack does not tell, its ID can stand in the rules file")
	}
	return g.has(ctx, id, who.User)
}
