package slackfake

import (
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"time"
)

const webhookPath = "/services/"

// Webhook is the method name of a post through an incoming webhook.
const Webhook = "webhook"

// AddWebhook makes an incoming webhook of a channel, and returns its address,
// whose last part nobody may read. It works whatever becomes of the tokens.
func (s *Server) AddWebhook(channel, secret string) (address string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	path := webhookPath + Team + "/" + Bot + "/" + secret
	if c := s.byName(channel); c != nil {
		s.webhooks[path] = c
	}
	return s.URL + path
}

// postThrough answers a post through a webhook in one word, as Slack does.
func (s *Server) postThrough(w http.ResponseWriter, c Call, _ time.Duration) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	word, status := s.hooked(c)
	w.WriteHeader(status)
	io.WriteString(w, word)
	return word
}

func (s *Server) hooked(c Call) (word string, status int) {
	to, known := s.webhooks[c.path]
	switch {
	case !known:
		return "no_service", http.StatusNotFound
	case to.archived:
		return "channel_is_archived", http.StatusGone
	case !json.Valid([]byte(c.Body)):
		return "invalid_payload", http.StatusBadRequest
	}
	m := &Message{Channel: to.id, User: Bot, Webhook: true}
	if code := s.read(m, url.Values{"text": c.Args["text"], "blocks": c.Args["blocks"]}); code != "" {
		return code, http.StatusBadRequest
	}
	m.TS = s.timestamp()
	s.messages = append(s.messages, m)
	s.record(Posted, m)
	return "ok", http.StatusOK
}
