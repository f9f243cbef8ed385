package slackfake

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"
)

// Command is /spend typed by a person in a channel, given by name or ID.
func (s *Server) Command(user, channel, command, text string) Request {
	s.mu.Lock()
	defer s.mu.Unlock()
	r := Request{Kind: KindCommand, User: user, Channel: channel}
	name := plainName(channel)
	if c := s.byName(channel); c != nil {
		r.Channel, name = c.id, c.name
	}
	return r.with(map[string]any{
		"token": "verification", "team_id": Team, "team_domain": "slackfake", "channel_id": r.Channel, "channel_name": name,
		"user_id": user, "user_name": strings.ToLower(user), "command": command, "text": text, "api_app_id": App,
		"is_enterprise_install": "false", "response_url": s.responseURL(r), "trigger_id": s.trigger(),
	})
}

// ErrNoButton says that a message has no such button.
var ErrNoButton = errors.New("the message has no such button")

// Press is a button of a message pressed by a person, or a choice from its menu:
// by the action's ID, or by the word the choice's value begins with. The value
// is taken from the message's blocks.
func (s *Server) Press(user string, m Message, action string) (Request, error) {
	pressed, found := Find(m.Blocks, action)
	if !found {
		return Request{}, fmt.Errorf("pressing %s: %w", action, ErrNoButton)
	}
	return s.PressAs(user, m, pressed), nil
}

// PressAs is a press of what the message may not have, or not any more.
func (s *Server) PressAs(user string, m Message, action Action) Request {
	s.mu.Lock()
	defer s.mu.Unlock()
	r := Request{Kind: KindInteractive, User: user, Channel: m.Channel, MessageTS: m.TS}
	channel := map[string]any{"id": m.Channel, "name": strings.ToLower(m.Channel)}
	if c := s.byID(m.Channel); c != nil {
		channel["name"] = c.name
	}
	return r.with(map[string]any{
		"type": "block_actions", "user": person(user), "api_app_id": App, "token": "verification", "trigger_id": s.trigger(),
		"container": map[string]any{"type": "message", "message_ts": m.TS, "channel_id": m.Channel, "is_ephemeral": false},
		"team":      map[string]any{"id": Team, "domain": "slackfake"}, "enterprise": nil, "is_enterprise_install": false,
		"channel": channel, "message": m.told(false), "state": map[string]any{"values": map[string]any{}},
		"response_url": s.responseURL(r), "actions": []any{action.told()},
	})
}

// PressHome is a button of App Home pressed by a person, as [Server.Press] is one
// of a message: without a channel, and without a response URL.
func (s *Server) PressHome(user string, v View, action string) (Request, error) {
	view := map[string]any{}
	if err := json.Unmarshal([]byte(v.JSON), &view); err != nil {
		return Request{}, fmt.Errorf("pressing %s: %w", action, err)
	}
	blocks, err := json.Marshal(view["blocks"])
	if err != nil {
		return Request{}, fmt.Errorf("pressing %s: %w", action, err)
	}
	pressed, found := Find(string(blocks), action)
	if !found {
		return Request{}, fmt.Errorf("pressing %s in App Home: %w", action, ErrNoButton)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	view["id"], view["team_id"], view["app_id"], view["hash"] = v.ID, Team, App, strings.ToLower(v.ID)
	return Request{Kind: KindInteractive, User: user}.with(map[string]any{
		"type": "block_actions", "user": person(user), "api_app_id": App, "token": "verification", "trigger_id": s.trigger(),
		"container": map[string]any{"type": "view", "view_id": v.ID}, "team": map[string]any{"id": Team, "domain": "slackfake"},
		"enterprise": nil, "is_enterprise_install": false, "view": view, "actions": []any{pressed.told()},
	}), nil
}

// Submission is a form that a person filled in: values by block ID, each by
// action ID.
func (s *Server) Submission(user string, v View, values map[string]map[string]any) Request {
	s.mu.Lock()
	defer s.mu.Unlock()
	view := map[string]any{}
	if json.Unmarshal([]byte(v.JSON), &view) == nil {
		view["id"], view["team_id"], view["app_id"], view["hash"] = v.ID, Team, App, strings.ToLower(v.ID)
		view["state"] = map[string]any{"values": values}
	}
	return Request{Kind: KindInteractive, User: user}.with(map[string]any{
		"type": "view_submission", "team": map[string]any{"id": Team, "domain": "slackfake"}, "user": person(user),
		"api_app_id": App, "token": "verification", "trigger_id": s.trigger(), "view": view, "response_urls": []any{},
		"is_enterprise_install": false, "enterprise": nil,
	})
}

// HomeOpened is the event of a person who opened a tab of the app: home or
// messages.
func (s *Server) HomeOpened(user, tab string) Request {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := time.Now()
	return Request{Kind: KindEvent, User: user}.with(map[string]any{
		"token": "verification", "team_id": Team, "api_app_id": App, "type": "event_callback",
		"event_id": fmt.Sprintf("Ev%08d", s.name()), "event_time": now.Unix(), "is_ext_shared_channel": false,
		"authorizations": []any{map[string]any{"team_id": Team, "user_id": User, "is_bot": true, "is_enterprise_install": false}},
		"event": map[string]any{
			"type": "app_home_opened", "user": user, "channel": "D" + strings.TrimPrefix(user, "U"), "tab": tab,
			"event_ts": fmt.Sprintf("%d.000000", now.Unix()),
		},
	})
}

func person(user string) map[string]any {
	return map[string]any{"id": user, "username": strings.ToLower(user), "name": strings.ToLower(user), "team_id": Team}
}

func (r Request) with(payload map[string]any) Request {
	raw, err := json.Marshal(payload)
	if err != nil { // of blocks that are no JSON, which nothing accepted
		raw = []byte("{}")
	}
	r.Payload = string(raw)
	return r
}
