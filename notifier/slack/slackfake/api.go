package slackfake

import (
	"encoding/json"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
)

// result is what a method answers: the fields beside ok, or the code of an
// error.
type result struct {
	fields map[string]any
	code   string // "" for ok
	needed string // the scope that is missing
}

func ok(fields map[string]any) result { return result{fields: fields} }

func refuse(code string) result { return result{code: code} }

// method is one of the Web API. The Server's lock is held while it serves.
type method struct {
	scope string // "" for none
	serve func(s *Server, args url.Values, late time.Duration) result
}

// methods is the Web API, as far as it goes. Scopes that begin with channels:
// are those of public channels: a private one asks for that of groups:.
var methods = map[string]method{
	"auth.test":             {"", (*Server).authTest},
	"bots.info":             {"users:read", (*Server).botInfo},
	"chat.postMessage":      {"chat:write", (*Server).post},
	"chat.update":           {"chat:write", (*Server).update},
	"chat.delete":           {"chat:write", (*Server).remove},
	"conversations.history": {"channels:history", (*Server).history},
	"conversations.replies": {"channels:history", (*Server).replies},
	"conversations.info":    {"channels:read", (*Server).info},
	"conversations.list":    {"channels:read", (*Server).list},
	"conversations.members": {"channels:read", (*Server).members},
	"conversations.open":    {"im:write", (*Server).openIM},
	"conversations.join":    {"channels:join", (*Server).join},
	"users.conversations":   {"channels:read", (*Server).listOwn},
	"usergroups.users.list": {"usergroups:read", (*Server).groupMembers},
	"views.open":            {"", (*Server).openView},
	"views.publish":         {"", (*Server).publishView},
}

const connectionsOpen = "apps.connections.open"

// api answers one call of the Web API, as JSON.
func (s *Server) api(w http.ResponseWriter, c Call, late time.Duration) string {
	s.mu.Lock()
	res := s.call(c, late)
	granted := strings.Join(s.granted(), ",")
	if res.code != "not_authed" && res.code != "invalid_auth" {
		w.Header().Set("X-OAuth-Scopes", granted)
		w.Header().Set("X-Accepted-OAuth-Scopes", methods[c.Method].scope)
	}
	s.mu.Unlock()
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	json.NewEncoder(w).Encode(res.answer(granted)) // a caller that has gone is told nothing
	if res.code == "" {
		return "ok"
	}
	return res.code
}

// answer is a result as Slack writes it.
func (r result) answer(granted string) map[string]any {
	answer := map[string]any{"ok": r.code == ""}
	if r.code != "" {
		answer["error"] = r.code
	}
	if r.needed != "" {
		answer["needed"], answer["provided"] = r.needed, granted
	}
	maps.Copy(answer, r.fields)
	return answer
}

// call does what is asked for. The lock is held.
func (s *Server) call(c Call, late time.Duration) result {
	if c.Method == connectionsOpen {
		return s.openSocket(c.token())
	}
	m, known := methods[c.Method]
	if !known {
		return refuse("unknown_method")
	}
	if code := s.authorized(c.token(), s.botToken()); code != "" {
		return refuse(code)
	}
	for _, scope := range s.scopesFor(m.scope, c.Args) {
		if !s.has(scope) {
			return result{code: "missing_scope", needed: scope}
		}
	}
	return m.serve(s, c.Args, late)
}

// authorized is why a token does not do, "" if it does.
func (s *Server) authorized(token, wanted string) string {
	switch {
	case token == "":
		return "not_authed"
	case s.revoked && (token == s.botToken() || token == s.appToken()):
		return "token_revoked"
	case token == wanted:
		return ""
	case token == s.botToken() || token == s.appToken():
		return "not_allowed_token_type"
	}
	return "invalid_auth"
}

// Grant sets the scopes that the app has. Without a call it has all.
func (s *Server) Grant(scopes ...string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.scopes = map[string]bool{}
	for _, scope := range scopes {
		s.scopes[scope] = true
	}
}

// Revoke takes the app's tokens away, or gives them back.
func (s *Server) Revoke(revoked bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.revoked = revoked
}

func (s *Server) has(scope string) bool { return scope == "" || s.scopes == nil || s.scopes[scope] }

// scopesFor is the scopes that a method asks for, where it is about a channel or
// about channels of some types.
func (s *Server) scopesFor(scope string, args url.Values) []string {
	ofPrivate := strings.Replace(scope, "channels:", "groups:", 1)
	if c := s.byID(args.Get("channel")); c != nil && c.private {
		return []string{ofPrivate}
	}
	types := args.Get("types")
	switch private, public := strings.Contains(types, "private_channel"), strings.Contains(types, "public_channel"); {
	case private && public:
		return []string{scope, ofPrivate}
	case private:
		return []string{ofPrivate}
	}
	return []string{scope}
}

// granted lists the app's scopes.
func (s *Server) granted() []string {
	if s.scopes != nil {
		return slices.Sorted(maps.Keys(s.scopes))
	}
	all := map[string]bool{"commands": true}
	for _, m := range methods {
		if m.scope != "" {
			all[m.scope], all[strings.Replace(m.scope, "channels:", "groups:", 1)] = true, true
		}
	}
	return slices.Sorted(maps.Keys(all))
}

func (s *Server) authTest(url.Values, time.Duration) result {
	return ok(map[string]any{
		"url": "https://slackfake.slack.com/", "team": "Slackfake", "user": "billbot", "team_id": Team, "user_id": User, "bot_id": Bot,
		"is_enterprise_install": false,
	})
}

func (s *Server) botInfo(args url.Values, _ time.Duration) result {
	if args.Get("bot") != Bot {
		return refuse("bot_not_found")
	}
	return ok(map[string]any{"bot": map[string]any{"id": Bot, "app_id": App, "user_id": User, "name": "billbot", "deleted": false}})
}
