package slackfake

import (
	"encoding/json"
	"slices"
	"time"

	"github.com/slack-go/slack"
)

// Message is a message in a channel, as it is now.
type Message struct {
	Channel   string // ID
	TS        string
	Thread    string // ts of the message it answers, "" for none
	Broadcast bool   // a reply that the channel shows too
	User      string // who posted it
	Webhook   bool   // through an incoming webhook, and so without a ts that anybody learns
	Text      string
	Blocks    string // JSON, "" for none
	Metadata  slack.SlackMetadata
	Edits     int

	metadata string    // JSON, as it was sent
	from     time.Time // when it can be read back
	edited   string    // ts
}

// InChannel reports whether the channel shows a message: it stands in no thread
// alone.
func (m Message) InChannel() bool { return m.Thread == "" || m.Broadcast }

// EntryType says what was accepted.
type EntryType string

// The types of entries of the log.
const (
	Posted  EntryType = "posted"
	Edited  EntryType = "edited"
	Deleted EntryType = "deleted"
)

// Entry is one thing that Slack accepted.
type Entry struct {
	At      time.Time
	Type    EntryType
	Message Message // as it was then
}

// Log returns what was accepted, in order: in one channel, by name or ID, or
// everywhere for "".
func (s *Server) Log(channel string) []Entry {
	s.mu.Lock()
	defer s.mu.Unlock()
	var found []Entry
	for _, e := range s.log {
		if s.isIn(e.Message.Channel, channel) {
			found = append(found, e)
		}
	}
	return found
}

// Messages returns the messages that are in a channel, by name or ID, or
// everywhere for "", as they are now and in the order they were accepted.
func (s *Server) Messages(channel string) []Message {
	s.mu.Lock()
	defer s.mu.Unlock()
	var found []Message
	for _, m := range s.messages {
		if s.isIn(m.Channel, channel) {
			found = append(found, *m)
		}
	}
	return found
}

func (s *Server) isIn(id, wanted string) bool {
	if wanted == "" || id == wanted {
		return true
	}
	c := s.byName(wanted)
	return c != nil && c.id == id
}

// Put puts a message where it says, as if it had always been there. A TS that
// is "" is made; the log does not have it.
func (s *Server) Put(m Message) Message {
	s.mu.Lock()
	defer s.mu.Unlock()
	if m.TS == "" {
		m.TS = s.timestamp()
	}
	if raw, err := json.Marshal(m.Metadata); err == nil && m.metadata == "" && m.Metadata.EventType != "" {
		m.metadata = string(raw)
	}
	s.messages = append(s.messages, &m)
	return m
}

// Delete deletes a message, as a person does.
func (s *Server) Delete(channel, ts string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if m := s.message(channel, ts); m != nil {
		s.drop(m)
	}
}

// message finds a message. The lock is held.
func (s *Server) message(channel, ts string) *Message {
	for _, m := range s.messages {
		if m.Channel == channel && m.TS == ts {
			return m
		}
	}
	return nil
}

func (s *Server) drop(m *Message) {
	s.messages = slices.DeleteFunc(s.messages, func(other *Message) bool { return other == m })
	s.record(Deleted, m)
}

func (s *Server) record(kind EntryType, m *Message) {
	s.log = append(s.log, Entry{At: time.Now(), Type: kind, Message: *m})
}
