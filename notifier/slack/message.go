package slack

import (
	"github.com/billbot/billbot/notifier"
	"github.com/billbot/billbot/notifier/slack/blockkit"
	"github.com/billbot/billbot/rules/report"
	"github.com/slack-go/slack"
)

// Message is what is sent to Slack.
type Message struct {
	// Text is the message in one line, escaped: what notifications and screen
	// readers say.
	Text   string
	Blocks []slack.Block
	// Metadata finds the message again when the reply to its post was lost.
	// Its event type is "" for what is not kept, such as an answer to a
	// command.
	Metadata slack.SlackMetadata
	// More is what an answer has no room for, to be sent after it.
	More []Message
}

// The event types of message metadata.
const (
	EventAlert   = "billbot_alert"
	EventReply   = "billbot_reply"
	EventSummary = "billbot_summary"
	EventWelcome = "billbot_welcome"
	EventNotice  = "billbot_notice"
)

// Render lays out an item of the outbox. It depends on nothing but the item,
// and whatever the item holds, the message keeps to Slack's limits: what is
// too long is shortened visibly.
func Render(item notifier.Item) Message {
	m := layout(item)
	if m.Metadata.EventType != "" && item.ID > 0 { // it is of an outbox
		m.Metadata.EventPayload[payloadItem] = item.ID
		m.Metadata.EventPayload[payloadVersion] = item.Version
	}
	if item.Repeat > 0 {
		m = repeated(m)
	}
	return m
}

// What the metadata of every message has beside its key: which item of the
// outbox it was, as replies share their key, and which content that had.
const (
	payloadKey     = "key"
	payloadItem    = "item"
	payloadVersion = "version"
)

// repeated is a message that may be there already.
func repeated(m Message) Message {
	m.Text = report.Cut("May be a repeat: "+m.Text, maxText)
	const why = "May be a repeat: Slack did not confirm the first one, and billbot may not look for it."
	if len(m.Blocks) == 0 {
		return m
	}
	if last, ok := m.Blocks[len(m.Blocks)-1].(*slack.ContextBlock); ok && len(last.ContextElements.Elements) < blockkit.MaxContext {
		last.ContextElements.Elements = append(last.ContextElements.Elements, plainText(why, maxElement))
		return m
	}
	m.Blocks = append(m.Blocks, footer(why))
	return m
}

func layout(item notifier.Item) Message {
	switch content := item.Content; {
	case content.Digest != nil:
		return renderDigest(item)
	case item.Reply && content.Event != "" && (content.Alert != nil || len(content.Storm) > 0):
		return renderHistory(item)
	case len(content.Storm) > 0 && item.Reply:
		return renderRest(item)
	case len(content.Storm) > 0:
		return renderStorm(item)
	case content.Alert != nil && item.Reply:
		return renderReply(item)
	case content.Alert != nil:
		return renderAlert(item)
	case content.Summary != nil:
		return withKey(renderSummary(*content.Summary), EventSummary, item)
	case len(content.Closes) > 0:
		return withKey(renderCloses(content.Closes), EventSummary, item)
	case content.Welcome != nil:
		return withKey(renderWelcome(*content.Welcome), EventWelcome, item)
	case content.Notice != nil:
		return withKey(renderNotice(*content.Notice), EventNotice, item)
	}
	// Nothing writes such an item; a newer version may have.
	return withKey(Message{Text: "A message this version of billbot cannot show."}, EventReply, item)
}

// RenderSpend lays out what accounts cost, as /spend and the command line
// show it.
func RenderSpend(spends []report.Spend) Message { return renderSpend(spends) }

func withKey(m Message, event string, item notifier.Item) Message {
	m.Metadata = slack.SlackMetadata{
		EventType:    event,
		EventPayload: map[string]any{payloadKey: exact(item.Key)},
	}
	return m
}

// exact keeps a key as it is, because messages are found by it. Keys are ours
// and short; one that is not is cut all the same, or Slack would refuse it.
func exact(key string) string { return report.Cut(key, maxKey) }

// short bounds a value of the metadata. Most are names, and Slack allows
// metadata little room.
func short(value string) string {
	if value == "" {
		return ""
	}
	return report.Name(value, maxMetadata)
}
