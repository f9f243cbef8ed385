package slackfake

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
)

const responsePath = "/respond/"

// What a response URL is good for.
const (
	answersEach = 5
	answerFor   = 30 * time.Minute
)

// responseURL takes the answers to one command or press.
type responseURL struct {
	request Request
	made    time.Time
	used    int
}

// Answer is what was posted to a response URL, and accepted.
type Answer struct {
	At      time.Time
	Request Request // what it answers
	Body    string  // JSON, as it was

	Type    string // response_type: ephemeral or in_channel
	Text    string
	Blocks  string // JSON
	Replace bool
	Delete  bool
}

// Answers returns all answers so far.
func (s *Server) Answers() []Answer {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.answers)
}

// Answer waits for the next answer that it has not returned yet.
func (s *Server) Answer(ctx context.Context) (Answer, error) {
	for {
		s.mu.Lock()
		changed := s.changed
		if s.taken < len(s.answers) {
			answer := s.answers[s.taken]
			s.taken++
			s.mu.Unlock()
			return answer, nil
		}
		s.mu.Unlock()
		select {
		case <-changed:
		case <-ctx.Done():
			return Answer{}, fmt.Errorf("waiting for an answer: %w", ctx.Err())
		}
	}
}

// responseURL makes the address that answers to a request go to. The lock is
// held.
func (s *Server) responseURL(r Request) string {
	path := fmt.Sprint(responsePath, Team, "/", s.name(), "/secret")
	s.urls[path] = &responseURL{request: r, made: time.Now()}
	return s.URL + path
}

// respond takes an answer. What it says shows in the channel: for everybody as
// a message, over the message whose button was pressed, or not at all.
func (s *Server) respond(w http.ResponseWriter, c Call, _ time.Duration) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	to := s.urls[c.path]
	answer, err := readAnswer(c)
	switch {
	case to == nil:
		http.Error(w, "", http.StatusNotFound)
		return "no_such_url"
	case to.used == answersEach, time.Since(to.made) > answerFor:
		w.WriteHeader(http.StatusNotFound)
		io.WriteString(w, `{"ok":false,"error":"used_url"}`)
		return "used_url"
	case err != nil:
		w.WriteHeader(http.StatusBadRequest)
		io.WriteString(w, "invalid_payload")
		return "invalid_payload"
	}
	to.used++
	answer.Request = to.request
	s.answers = append(s.answers, answer)
	s.apply(answer)
	io.WriteString(w, "ok")
	return "ok"
}

func readAnswer(c Call) (Answer, error) {
	var sent struct {
		Type    string          `json:"response_type"`
		Text    string          `json:"text"`
		Blocks  json.RawMessage `json:"blocks"`
		Replace bool            `json:"replace_original"`
		Delete  bool            `json:"delete_original"`
	}
	if err := json.Unmarshal([]byte(c.Body), &sent); err != nil {
		return Answer{}, fmt.Errorf("reading an answer: %w", err)
	}
	if sent.Text == "" && len(sent.Blocks) == 0 && !sent.Delete {
		return Answer{}, errors.New("reading an answer: it says nothing")
	}
	return Answer{
		At: c.At, Body: c.Body, Type: sent.Type, Text: sent.Text, Blocks: string(sent.Blocks), Replace: sent.Replace, Delete: sent.Delete,
	}, nil
}

// apply shows an answer. The lock is held.
func (s *Server) apply(a Answer) {
	original := s.message(a.Request.Channel, a.Request.MessageTS)
	args := url.Values{"text": {a.Text}, "blocks": {strings.TrimPrefix(a.Blocks, "null")}, "channel": {a.Request.Channel}}
	switch {
	case a.Delete && original != nil:
		s.drop(original)
	case a.Replace && original != nil:
		args.Set("ts", original.TS)
		s.update(args, 0)
	case a.Type == "in_channel":
		s.post(args, 0)
	}
}
