package slackfake

import (
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/slack-go/slack"
)

// View is a form that was opened, or App Home as it was shown to a user.
type View struct {
	ID      string
	Method  string // views.open, views.publish
	User    string // of App Home
	Trigger string // of a form
	JSON    string // as it was sent
}

// Read reads the view.
func (v View) Read() (slack.View, error) {
	var read slack.View
	if err := json.Unmarshal([]byte(v.JSON), &read); err != nil {
		return slack.View{}, fmt.Errorf("reading a view: %w", err)
	}
	read.ID = v.ID
	return read, nil
}

// Views returns the views so far, in the order they came.
func (s *Server) Views() []View {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.views)
}

// triggerFor is how long a trigger is good, for one form.
const triggerFor = 3 * time.Second

// trigger makes the next trigger. The lock is held.
func (s *Server) trigger() string {
	trigger := fmt.Sprintf("%d.slackfake.%d", time.Now().Unix(), s.name())
	s.triggers[trigger] = time.Now()
	return trigger
}

func (s *Server) openView(args url.Values, _ time.Duration) result {
	trigger := args.Get("trigger_id")
	made, known := s.triggers[trigger]
	switch {
	case !known:
		return refuse("invalid_trigger_id")
	case made.IsZero():
		return refuse("exchanged_trigger_id")
	case time.Since(made) > triggerFor:
		return refuse("expired_trigger_id")
	}
	res := s.show(View{Method: "views.open", Trigger: trigger}, args, "modal")
	if res.code == "" {
		s.triggers[trigger] = time.Time{}
	}
	return res
}

func (s *Server) publishView(args url.Values, _ time.Duration) result {
	if args.Get("user_id") == "" {
		return refuse("invalid_arguments")
	}
	return s.show(View{Method: "views.publish", User: args.Get("user_id")}, args, "home")
}

// show keeps a view of the right kind.
func (s *Server) show(v View, args url.Values, kind string) result {
	v.ID, v.JSON = fmt.Sprintf("V%08d", s.name()), args.Get("view")
	fields := map[string]any{}
	if json.Unmarshal([]byte(v.JSON), &fields) != nil || fields["type"] != kind {
		return refuse("invalid_arguments")
	}
	if blocks, _ := fields["blocks"].([]any); len(blocks) > 100 {
		return refuse("invalid_arguments")
	}
	s.views = append(s.views, v)
	fields["id"], fields["team_id"], fields["app_id"], fields["bot_id"] = v.ID, Team, App, Bot
	fields["hash"] = strings.ToLower(v.ID)
	return ok(map[string]any{"view": fields})
}

// AddGroup makes a user group of these users.
func (s *Server) AddGroup(id string, users ...string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.groups[id] = append([]string{}, users...)
}

func (s *Server) groupMembers(args url.Values, _ time.Duration) result {
	users, known := s.groups[args.Get("usergroup")]
	if !known {
		return refuse("no_such_subteam")
	}
	return ok(map[string]any{"users": users})
}
