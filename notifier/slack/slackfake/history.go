package slackfake

import (
	"net/url"
	"slices"
	"strings"
	"time"
)

// history tells what a channel shows, the newest first. As Slack does, it leaves
// out replies that the channel was not shown.
func (s *Server) history(args url.Values, _ time.Duration) result {
	c, code := s.readable(args)
	if code != "" {
		return refuse(code)
	}
	found := s.between(args, func(m *Message) bool { return m.Channel == c.id && m.InChannel() })
	slices.Reverse(found)
	return s.page(found, args)
}

// replies tells a thread, the oldest first: the message it is under, and what
// answers it.
func (s *Server) replies(args url.Values, _ time.Duration) result {
	c, code := s.readable(args)
	if code != "" {
		return refuse(code)
	}
	root := args.Get("ts")
	if s.message(c.id, root) == nil {
		return refuse("thread_not_found")
	}
	return s.page(s.between(args, func(m *Message) bool { return m.Channel == c.id && (m.TS == root || m.Thread == root) }), args)
}

// readable is the channel that is asked about, or why it cannot be read. Slack
// knows it by ID alone here.
func (s *Server) readable(args url.Values) (*channel, string) {
	c := s.byID(args.Get("channel"))
	switch {
	case !c.sees():
		return nil, "channel_not_found"
	case c.away:
		return nil, "not_in_channel"
	}
	return c, ""
}

// between is what of the messages can be read back by now, between the times
// that are asked for.
func (s *Server) between(args url.Values, wanted func(*Message) bool) []*Message {
	var found []*Message
	for _, m := range s.messages {
		inside := m.TS > args.Get("oldest") && (args.Get("latest") == "" || m.TS < args.Get("latest"))
		if wanted(m) && inside && !time.Now().Before(m.from) {
			found = append(found, m)
		}
	}
	return found
}

func (s *Server) page(found []*Message, args url.Values) result {
	page, next := paged(found, args)
	told := []map[string]any{}
	for _, m := range page {
		one := m.told(isTrue(args.Get("include_all_metadata")))
		if replies := s.repliesTo(m); replies > 0 {
			one["thread_ts"], one["reply_count"] = m.TS, replies
		}
		told = append(told, one)
	}
	return ok(map[string]any{"messages": told, "has_more": next != "", "response_metadata": map[string]any{"next_cursor": next}})
}

func (s *Server) repliesTo(root *Message) (n int) {
	for _, m := range s.messages {
		if m.Channel == root.Channel && m.Thread == root.TS {
			n++
		}
	}
	return n
}

func isTrue(value string) bool { return value == "1" || strings.EqualFold(value, "true") }
