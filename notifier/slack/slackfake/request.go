package slackfake

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// Kind is what a request is, by the type of its envelope.
type Kind string

// The kinds of requests.
const (
	KindCommand     Kind = "slash_commands"
	KindInteractive Kind = "interactive"
	KindEvent       Kind = "events_api"
)

// Request is what a person did, on its way to the app: over a socket with
// [Server.Deliver], or over HTTP with [Server.Post].
type Request struct {
	Kind      Kind
	User      string
	Channel   string // ID; "" for App Home and forms
	MessageTS string // of the message whose button was pressed
	Payload   string // JSON, as a socket brings it
}

// Body is the request as HTTP brings it: a form, or JSON for events.
func (r Request) Body() (contentType, body string) {
	switch r.Kind {
	case KindEvent:
		return "application/json", r.Payload
	case KindInteractive:
		return form, url.Values{"payload": {r.Payload}}.Encode()
	}
	var fields map[string]any
	values := url.Values{}
	if json.Unmarshal([]byte(r.Payload), &fields) == nil {
		for name, value := range fields {
			values.Set(name, fmt.Sprint(value))
		}
	}
	return form, values.Encode()
}

const form = "application/x-www-form-urlencoded"

// Path is where the app takes requests of the kind.
func (r Request) Path() string {
	switch r.Kind {
	case KindEvent:
		return "/slack/events"
	case KindInteractive:
		return "/slack/interactions"
	}
	return "/slack/commands"
}

// Sign returns the headers that prove a body to be Slack's, signed at a moment.
func Sign(secret, body string, at time.Time) http.Header {
	stamp := strconv.FormatInt(at.Unix(), 10)
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte("v0:" + stamp + ":" + body))
	return http.Header{
		"X-Slack-Request-Timestamp": {stamp},
		"X-Slack-Signature":         {"v0=" + hex.EncodeToString(mac.Sum(nil))},
	}
}

// HTTP returns a request as this Slack signs it now, to an app at a base URL.
func (s *Server) HTTP(ctx context.Context, base string, r Request) (*http.Request, error) {
	contentType, body := r.Body()
	signed, err := http.NewRequestWithContext(ctx, http.MethodPost, strings.TrimSuffix(base, "/")+r.Path(), strings.NewReader(body))
	if err != nil {
		return nil, fmt.Errorf("making a request: %w", err)
	}
	signed.Header = Sign(s.secret(), body, time.Now())
	signed.Header.Set("Content-Type", contentType)
	return signed, nil
}

// ackWithin is how long Slack waits for an app.
const ackWithin = 3 * time.Second

// Post sends a request to an app over HTTP, as Slack does, and returns what it
// says. The error says that it was not answered in time.
func (s *Server) Post(ctx context.Context, base string, r Request) (status int, body string, err error) {
	ctx, cancel := context.WithTimeout(ctx, ackWithin)
	defer cancel()
	signed, err := s.HTTP(ctx, base, r)
	if err != nil {
		return 0, "", err
	}
	reply, err := http.DefaultClient.Do(signed)
	if err != nil {
		return 0, "", fmt.Errorf("posting to the app: %w", err)
	}
	defer reply.Body.Close()
	said, err := io.ReadAll(reply.Body)
	if err != nil {
		return 0, "", fmt.Errorf("posting to the app: %w", err)
	}
	return reply.StatusCode, string(said), nil
}
