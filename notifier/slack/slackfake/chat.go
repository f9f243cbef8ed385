package slackfake

import (
	"encoding/json"
	"fmt"
	"net/url"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/slack-go/slack"
)

// What bounds a message.
const (
	maxText   = 40_000
	maxBlocks = 50
)

// timestamp makes the next ts: later ones are greater. The lock is held.
func (s *Server) timestamp() string { return fmt.Sprintf("%d.%06d", time.Now().Unix(), s.name()) }

func (s *Server) post(args url.Values, late time.Duration) result {
	c := s.byName(args.Get("channel"))
	if code := s.mayPost(c); code != "" {
		return refuse(code)
	}
	m := &Message{
		Channel: c.id, Thread: args.Get("thread_ts"), User: User,
		Broadcast: args.Get("thread_ts") != "" && args.Get("reply_broadcast") == "true",
	}
	if code := s.read(m, args); code != "" {
		return refuse(code)
	}
	m.TS, m.from = s.timestamp(), time.Now().Add(late)
	s.messages = append(s.messages, m)
	s.record(Posted, m)
	return ok(map[string]any{"channel": m.Channel, "ts": m.TS, "message": m.told(true)})
}

// mayPost is why the bot may not post into a channel, "" if it may.
func (s *Server) mayPost(c *channel) string {
	switch {
	case !c.sees():
		return "channel_not_found"
	case c.archived:
		return "is_archived"
	case c.away && !(s.scopes != nil && s.scopes["chat:write.public"]):
		return "not_in_channel"
	}
	return ""
}

// update edits a message of the bot's: the channel is given by ID alone.
func (s *Server) update(args url.Values, _ time.Duration) result {
	c := s.byID(args.Get("channel"))
	switch {
	case !c.sees():
		return refuse("channel_not_found")
	case c.archived:
		return refuse("is_archived")
	}
	m := s.message(c.id, args.Get("ts"))
	if m == nil {
		return refuse("message_not_found")
	}
	if m.User != User {
		return refuse("cant_update_message")
	}
	edited := *m
	if code := s.read(&edited, args); code != "" {
		return refuse(code)
	}
	edited.Edits++
	edited.edited = s.timestamp()
	*m = edited
	s.record(Edited, m)
	return ok(map[string]any{"channel": m.Channel, "ts": m.TS, "text": m.Text, "message": m.told(true)})
}

func (s *Server) remove(args url.Values, _ time.Duration) result {
	m := s.message(args.Get("channel"), args.Get("ts"))
	switch {
	case m == nil:
		return refuse("message_not_found")
	case m.User != User:
		return refuse("cant_delete_message")
	}
	s.drop(m)
	return ok(map[string]any{"channel": m.Channel, "ts": m.TS})
}

// read takes over what a call says, if it keeps the limits.
func (s *Server) read(m *Message, args url.Values) (code string) {
	if code := m.read(args); code != "" || s.Limits == nil {
		return code
	}
	var blocks slack.Blocks
	if m.Blocks != "" && json.Unmarshal([]byte(m.Blocks), &blocks) != nil {
		return "invalid_blocks"
	}
	return s.Limits(m.Text, blocks)
}

// read takes over what a call says, and returns the code of what is wrong with
// it. Metadata that is not given stays; blocks that are not given go.
func (m *Message) read(args url.Values) (code string) {
	m.Text, m.Blocks = args.Get("text"), args.Get("blocks")
	if m.Blocks != "" {
		var blocks []json.RawMessage
		if json.Unmarshal([]byte(m.Blocks), &blocks) != nil {
			return "invalid_blocks_format"
		}
		if len(blocks) > maxBlocks {
			return "invalid_blocks"
		}
	}
	if m.Blocks == "" && strings.TrimSpace(m.Text) == "" {
		return "no_text"
	}
	if utf8.RuneCountInString(m.Text) > maxText {
		m.Text = string([]rune(m.Text)[:maxText])
	}
	if sent := args.Get("metadata"); sent != "" {
		var metadata slack.SlackMetadata // of its own: whoever was given the message may be reading the old one
		if json.Unmarshal([]byte(sent), &metadata) != nil {
			return "invalid_metadata_format"
		}
		m.Metadata, m.metadata = metadata, sent
	}
	return ""
}

// told is a message as Slack tells of it.
func (m *Message) told(withMetadata bool) map[string]any {
	told := map[string]any{"type": "message", "user": m.User, "ts": m.TS, "text": m.Text, "team": Team}
	if m.User == User {
		told["bot_id"], told["app_id"] = Bot, App
	}
	if m.Blocks != "" {
		told["blocks"] = json.RawMessage(m.Blocks)
	}
	if m.Thread != "" {
		told["thread_ts"], told["parent_user_id"] = m.Thread, User
	}
	if m.Broadcast {
		told["subtype"] = "thread_broadcast"
	}
	if m.edited != "" {
		told["edited"] = map[string]any{"user": m.User, "ts": m.edited}
	}
	if withMetadata && m.metadata != "" {
		told["metadata"] = json.RawMessage(m.metadata)
	}
	return told
}
