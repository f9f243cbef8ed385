package slack

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/billbot/billbot/notifier"
	"github.com/slack-go/slack"
)

// How far a look goes. Pages are small, as messages of other apps may be large.
const (
	pageSize = 50
	maxPages = 40
	// margin is how much further back a look goes than the attempt: this
	// machine's clock is not Slack's, and was a day ahead before. A channel that
	// has too many messages for that is looked through for the hour that clocks
	// differ by where nothing is wrong with them.
	margin     = 30 * time.Hour
	leastAhead = time.Hour
)

// Find looks for the message of an item in its channel, or for a reply in its
// thread, by the metadata that [Render] gave it. Slack lets an app read a
// channel that it is in and has the scope channels:history for (groups:history
// for a private one). Where near does not have the channel's ID, channels:read
// is needed to ask for that of a public channel, groups:read for a private one's.
func (c *Client) Find(ctx context.Context, item notifier.Item, near notifier.Receipt) notifier.Outcome {
	to := address{name: item.Channel, channel: near.Channel, ts: near.TS}
	var err error
	if to.channel == "" {
		to.channel, err = c.channelID(ctx, item.Channel)
	}
	outcome := notifier.Outcome{Class: notifier.Missing}
	if err == nil {
		outcome, err = c.search(ctx, item, to)
	}
	if err != nil {
		outcome = classifyLook(err, to)
		outcome.Err = c.token.ScrubError(outcome.Err)
	}
	return outcome
}

// search reads pages of messages until it comes to that of the item.
func (c *Client) search(ctx context.Context, item notifier.Item, to address) (notifier.Outcome, error) {
	oldest, cursor := slackTime(item.UnsureSince, margin), ""
	var back []slack.Message // as far back as the look went; replies come oldest first
	for range maxPages {
		messages, next, err := c.page(ctx, item.Reply, to, oldest, cursor)
		if err != nil {
			return notifier.Outcome{}, err
		}
		for _, m := range messages {
			if version, ours := carries(m, item); ours {
				at := notifier.Receipt{Channel: to.channel, TS: m.Timestamp, SentAt: time.Now()}
				return notifier.Outcome{Class: notifier.Sent, Receipt: at, Version: version}, nil
			}
		}
		if next == "" {
			return notifier.Outcome{Class: notifier.Missing}, nil
		}
		cursor, back = next, messages
	}
	if !item.Reply && reaches(back, slackTime(item.UnsureSince, leastAhead)) {
		return notifier.Outcome{Class: notifier.Missing}, nil
	}
	return notifier.Outcome{Class: notifier.Blind, Err: fmt.Errorf("%s has more messages than a look goes through", channelName(to))}, nil
}

func (c *Client) page(ctx context.Context, reply bool, to address, oldest, cursor string) ([]slack.Message, string, error) {
	if reply {
		messages, _, next, err := c.api.GetConversationRepliesContext(ctx, &slack.GetConversationRepliesParameters{
			ChannelID: to.channel, Timestamp: to.ts, Oldest: oldest, Cursor: cursor, Limit: pageSize, IncludeAllMetadata: true,
		})
		return messages, next, err
	}
	history, err := c.api.GetConversationHistoryContext(ctx, &slack.GetConversationHistoryParameters{
		ChannelID: to.channel, Oldest: oldest, Cursor: cursor, Limit: pageSize, IncludeAllMetadata: true,
	})
	if err != nil {
		return nil, "", err
	}
	return history.Messages, history.ResponseMetaData.NextCursor, nil
}

// carries reports whether a message is that of the item, and which version of
// its content it shows: 0 when it was another item's that had the same key.
// Replies have a message each, so they are told apart by the item alone.
func carries(m slack.Message, item notifier.Item) (version int, ours bool) {
	payload := m.Metadata.EventPayload
	if m.Metadata.EventType != layout(item).Metadata.EventType || payload[payloadKey] != exact(item.Key) {
		return 0, false
	}
	same := payload[payloadItem] == float64(item.ID)
	if !same {
		return 0, !item.Reply
	}
	shown, _ := payload[payloadVersion].(float64)
	return int(shown), true
}

// reaches reports whether the last of messages, newest first, is from before a
// time of Slack's. Both have ten digits before the point until 2286.
func reaches(messages []slack.Message, ts string) bool {
	return len(messages) > 0 && messages[len(messages)-1].Timestamp < ts
}

// slackTime is where to begin to look, by Slack's clock: before the attempt,
// and where a wrong clock or --now has put that in the future, before now.
func slackTime(attempt time.Time, margin time.Duration) string {
	if now := time.Now(); attempt.After(now) {
		attempt = now
	}
	return fmt.Sprintf("%d.000000", max(0, attempt.Add(-margin).Unix()))
}

// isID reports whether a channel is named by its ID: C0123ABCD. Names have no
// capital letters.
func isID(channel string) bool {
	return len(channel) > 1 && strings.ContainsRune("CGD", rune(channel[0])) && strings.ToUpper(channel) == channel
}

// joinedKinds are the kinds of channels to ask for, in the order to try: Slack
// refuses a question about both kinds where the scope of one is missing.
var joinedKinds = [][]string{{"public_channel", "private_channel"}, {"public_channel"}, {"private_channel"}}

// channelID is the ID of a channel that the rules file names: history is not
// given by name. Where Slack may not tell, the name is tried as it is.
func (c *Client) channelID(ctx context.Context, name string) (string, error) {
	if isID(name) {
		return name, nil
	}
	for _, kinds := range joinedKinds {
		id, err := c.joined(ctx, name, kinds)
		if answer, told := errors.AsType[slack.SlackErrorResponse](err); told && forbids(answer.Err) {
			continue
		}
		return cmp.Or(id, name), err
	}
	return name, nil
}

// joined is the ID of a channel of some kinds that the bot is in, "" where it
// is in none of that name.
func (c *Client) joined(ctx context.Context, name string, kinds []string) (string, error) {
	id := ""
	err := c.eachJoined(ctx, kinds, func(channel slack.Channel) bool {
		if channel.Name == strings.TrimPrefix(name, "#") && !channel.IsArchived {
			id = channel.ID
		}
		return id == ""
	})
	return id, err
}

// eachJoined hands on the channels of some kinds that the bot is in, archived
// ones too, until it is told to stop.
func (c *Client) eachJoined(ctx context.Context, kinds []string, more func(slack.Channel) bool) error {
	cursor := ""
	for range maxPages {
		channels, next, err := c.api.GetConversationsForUserContext(ctx, &slack.GetConversationsForUserParameters{
			Cursor: cursor, Limit: 200, Types: kinds,
		})
		if err != nil {
			return err
		}
		for _, channel := range channels {
			if !more(channel) {
				return nil
			}
		}
		if next == "" {
			return nil
		}
		cursor = next
	}
	return nil
}

// classifyLook says what an error of a look means. A look changes nothing, so
// it can always be tried again, unless Slack says that it is not allowed.
func classifyLook(err error, to address) notifier.Outcome {
	looking := func(cause error) error { return fmt.Errorf("looking in %s: %w", channelName(to), cause) }
	if limited, ok := errors.AsType[*slack.RateLimitedError](err); ok {
		return retry(looking(fmt.Errorf("asked to wait %s", limited.RetryAfter)), limited.RetryAfter)
	}
	answer, told := errors.AsType[slack.SlackErrorResponse](err)
	switch {
	case told && forbids(answer.Err):
		return notifier.Outcome{Class: notifier.Blind, Err: looking(reason(answer, to))}
	case told && classOf(answer.Err) == notifier.Closed:
		return notifier.Outcome{Class: notifier.Closed, Err: looking(reason(answer, to))}
	case told:
		return retry(looking(reason(answer, to)), 0)
	}
	return down(retry(looking(withoutURL(err)), 0))
}

// forbids reports whether a code says that this app does not get to see what it
// asked for. Whether it may still post is another question.
func forbids(code string) bool {
	switch code {
	case "missing_scope", "no_permission", "not_allowed_token_type", "access_denied", "not_in_channel", "channel_not_found",
		"method_not_supported_for_channel_type", "unknown_method", "method_deprecated", "thread_not_found", "invalid_arguments":
		return true
	}
	return false
}
