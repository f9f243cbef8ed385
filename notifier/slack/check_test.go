package slack

import (
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/billbot/billbot/fetcher/secret"
	"github.com/google/go-cmp/cmp"
)

const allScopes = "chat:write,commands,channels:read,groups:read,usergroups:read,channels:history,groups:history"

// workspace is a Slack with a few channels: answers by method, and what the
// scopes do not allow is refused.
type workspace struct {
	scopes  string // "" is a Slack that does not say
	joined  string // channels as JSON, without the brackets
	public  string
	refuses string // every call, with this code
	app     string // of the bot
}

const (
	cloudSpend = `{"id":"C0CLOUD","name":"cloud-spend"}`
	oldSpend   = `{"id":"C0OLD","name":"old-spend","is_archived":true}`
	others     = `{"id":"C0OTHER","name":"other"}`
)

func (w workspace) serve(t *testing.T) *Client {
	s := newServer(t)
	s.Config.Handler = http.HandlerFunc(func(out http.ResponseWriter, r *http.Request) {
		r.ParseForm()
		if w.scopes != "" {
			out.Header().Set("X-OAuth-Scopes", w.scopes)
		}
		may := func(scope string) bool { return w.scopes == "" || slices.Contains(scopesOf(w.scopes), scope) }
		types := r.PostForm.Get("types")
		switch method := strings.TrimPrefix(r.URL.Path, "/api/"); {
		case w.refuses != "":
			fmt.Fprintf(out, `{"ok":false,"error":%q}`, w.refuses)
		case method == "auth.test":
			io.WriteString(out, `{"ok":true,"team_id":"T1","user_id":"U1","bot_id":"B1"}`)
		case method == "bots.info":
			fmt.Fprintf(out, `{"ok":true,"bot":{"id":"B1","app_id":%q}}`, w.app)
		case strings.Contains(types, "public_channel") && !may("channels:read"), strings.Contains(types, "private_channel") && !may("groups:read"):
			io.WriteString(out, `{"ok":false,"error":"missing_scope"}`)
		case method == "users.conversations":
			fmt.Fprintf(out, `{"ok":true,"channels":[%s]}`, w.joined)
		case method == "conversations.list":
			fmt.Fprintf(out, `{"ok":true,"channels":[%s]}`, w.public)
		default:
			io.WriteString(out, `{"ok":false,"error":"unknown_method"}`)
		}
	})
	return s.client(t)
}

func TestCheckSaysWhatToDo(t *testing.T) {
	t.Parallel()
	whole := Setup{Channels: []string{"#cloud-spend"}, Groups: true, Commands: true, Team: "T1"}
	at := func(channels ...string) Setup { return Setup{Channels: channels} }
	without := func(scope string) string { return strings.ReplaceAll(","+allScopes, ","+scope, "") }
	for name, tt := range map[string]struct {
		slack workspace
		setup Setup
		want  []string // problems: channel, whether nothing can be posted, and part of the text
		hints []string
	}{
		"all is well":  {workspace{scopes: allScopes, joined: cloudSpend}, whole, nil, nil},
		"by ID":        {workspace{scopes: allScopes, joined: cloudSpend}, at("C0CLOUD"), nil, nil},
		"a person":     {workspace{scopes: allScopes}, at("U012AB3CD"), nil, nil},
		"revoked":      {workspace{refuses: "token_revoked"}, whole, []string{" true Slack refuses the bot token: token_revoked: the bot token is no longer valid: reinstall the app"}, nil},
		"not in it":    {workspace{scopes: allScopes, public: others + "," + cloudSpend}, whole, []string{"#cloud-spend true billbot is not in #cloud-spend: invite @billbot to #cloud-spend"}, nil},
		"not there":    {workspace{scopes: allScopes, joined: others}, whole, []string{"#cloud-spend true billbot sees no channel #cloud-spend: check the name, and if the channel is private invite @billbot"}, nil},
		"archived":     {workspace{scopes: allScopes, joined: oldSpend}, at("#old-spend"), []string{"#old-spend true #old-spend is archived: unarchive it"}, nil},
		"archived out": {workspace{scopes: allScopes, public: oldSpend}, at("#old-spend"), []string{"#old-spend true #old-spend is archived: unarchive it"}, nil},
		"one of two":   {workspace{scopes: allScopes, joined: cloudSpend, public: others}, at("#cloud-spend", "other"), []string{"other true billbot is not in other: invite"}, nil},
		"may post anywhere": {
			workspace{scopes: allScopes + ",chat:write.public", public: cloudSpend}, whole, nil, nil},
		"may not post": {workspace{scopes: without("chat:write"), joined: cloudSpend}, whole, []string{" true billbot may not post: add the scope chat:write"}, nil},
		"no command":   {workspace{scopes: without("commands"), joined: cloudSpend}, whole, []string{" false Slack has no /spend: add the scope commands"}, nil},
		"no command asked for": {
			workspace{scopes: without("commands"), joined: cloudSpend}, at("#cloud-spend"), nil, nil},
		"no groups":          {workspace{scopes: without("usergroups:read"), joined: cloudSpend}, whole, []string{" false billbot cannot see who is in the user groups of slack.access: add the scope usergroups:read"}, nil},
		"another team":       {workspace{scopes: allScopes, joined: cloudSpend}, Setup{Team: "T2"}, []string{" false SLACK_TEAM_ID is T2 and the bot token is of the workspace T1"}, nil},
		"scopes not told":    {workspace{joined: cloudSpend}, whole, nil, []string{"does not say which scopes"}},
		"channels not told":  {workspace{scopes: "chat:write,commands,usergroups:read,channels:history"}, whole, nil, []string{"add the scopes channels:read and groups:read"}},
		"private ones not":   {workspace{scopes: without("groups:read"), joined: others}, whole, nil, []string{"cannot see whether it is in #cloud-spend: add the scope groups:read"}},
		"without history":    {workspace{scopes: "chat:write,commands,channels:read,groups:read,usergroups:read", joined: cloudSpend}, whole, nil, []string{"may come twice"}},
		"public, no private": {workspace{scopes: without("groups:read"), public: cloudSpend}, whole, []string{"#cloud-spend true billbot is not in #cloud-spend"}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			found, err := tt.slack.serve(t).Check(t.Context(), tt.setup)
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, p := range found.Problems {
				got = append(got, fmt.Sprint(p.Channel, " ", p.Closed, " ", p.Text))
			}
			wantParts(t, "problems", got, tt.want)
			wantParts(t, "hints", found.Hints, tt.hints)
		})
	}
}

// wantParts wants one part in each text.
func wantParts(t *testing.T, what string, got, parts []string) {
	t.Helper()
	if len(got) != len(parts) {
		t.Errorf("%s: got %q, want %q", what, got, parts)
		return
	}
	for i, part := range parts {
		if !strings.Contains(got[i], part) {
			t.Errorf("%s: got %q, want %q in it", what, got[i], part)
		}
	}
}

// Nothing is known of a Slack that does not answer: that is no problem of the
// setup's, and says no secret.
func TestCheckOfASlackThatIsDown(t *testing.T) {
	t.Parallel()
	for _, answer := range []http.HandlerFunc{hangUp, status(500, ""), status(429, "3"), refuse("internal_error"), refuse(testToken)} {
		found, err := newServer(t, answer).client(t).Check(t.Context(), Setup{Channels: []string{"#a"}})
		if err == nil || strings.Contains(err.Error(), testToken) || len(found.Problems) > 0 {
			t.Errorf("got %+v and %v, want an error alone, without the token", found, err)
		}
	}
}

// The bot's app is known by the scope users:read; an app-level token of another
// app is seen by it.
func TestCheckLearnsTheApp(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		scopes, greeted string
		ids             []string
		problems        int
	}{
		{allScopes, "", nil, 0},
		{allScopes + ",users:read", "", []string{"A1"}, 0},
		{allScopes + ",users:read", "A1", []string{"A1"}, 0},
		{allScopes + ",users:read", "A2", []string{"A2", "A1"}, 1},
	} {
		app := &App{}
		app.Learn(tt.greeted)
		found, err := workspace{scopes: tt.scopes, app: "A1"}.serve(t).Check(t.Context(), Setup{App: app})
		if diff := cmp.Diff(tt.ids, app.IDs()); err != nil || diff != "" || len(found.Problems) != tt.problems {
			t.Errorf("%+v: got %+v, %v and the apps (-want +got):\n%s", tt, found, err, diff)
		}
	}
}

func TestTokensOfAnotherKind(t *testing.T) {
	for token, says := range map[string]string{
		"xoxp-canary": "user token (xoxp-), and messages would be in that person's name: SLACK_BOT_TOKEN wants the bot token (xoxb-)",
		"xoxe.xoxp-1": "user token", "xapp-canary": "app-level token (xapp-)", "xoxe-canary": "refresh token", "xoxc-canary": "browser",
		"https://hooks.slack.com/services/canary": "SLACK_WEBHOOK_URL", "": "set SLACK_BOT_TOKEN",
		"xoxb-fine": "", "xoxe.xoxb-fine": "",
	} {
		_, err := New(Config{Token: secret.New(token)})
		if (err == nil) != (says == "") || err != nil && (!strings.Contains(err.Error(), says) || strings.Contains(err.Error(), "canary")) {
			t.Errorf("%s: got %v, want %q", token, err, says)
		}
	}
}
