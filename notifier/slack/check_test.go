package slack

import (
	"fmt"
	"strings"
	"testing"

	"github.com/billbot/billbot/fetcher/secret"
	"github.com/billbot/billbot/notifier/slack/slackfake"
	"github.com/google/go-cmp/cmp"
)

const allScopes = "chat:write,commands,channels:read,groups:read,usergroups:read,channels:history,groups:history"

// workspace is a Slack with a few channels, of which old ones are archived.
type workspace struct {
	scopes  string   // "" is a Slack that does not say
	joined  []string // channels that the bot is in
	public  []string // and those that it is not in
	refuses string   // every call, with this code
}

func (w workspace) serve(t *testing.T) *Client {
	s := &server{slackfake.New(append(w.joined, w.public...)...)}
	s.BotToken = testToken
	t.Cleanup(s.Listen())
	for _, name := range w.public {
		s.Remove(name, true)
	}
	s.Archive("old-spend", true)
	if w.scopes != "" {
		s.Grant(strings.Split(w.scopes, ",")...)
	}
	s.ScriptFunc(func(_ int, method string) *slackfake.Fault {
		refused, unsaid := refuse(w.refuses), body(`{"ok":true,"team_id":"`+slackfake.Team+`","bot_id":"`+slackfake.Bot+`"}`)
		switch {
		case w.refuses != "":
			return &refused
		case w.scopes == "" && method == "auth.test":
			return &unsaid // without a header of scopes
		}
		return nil
	})
	return s.client(t)
}

func TestCheckSaysWhatToDo(t *testing.T) {
	t.Parallel()
	whole := Setup{Channels: []string{"#cloud-spend"}, Groups: true, Commands: true, Team: slackfake.Team}
	at := func(channels ...string) Setup { return Setup{Channels: channels} }
	without := func(scope string) string { return strings.ReplaceAll(","+allScopes, ","+scope, "") }
	for name, tt := range map[string]struct {
		slack workspace
		setup Setup
		want  []string // problems: channel, whether nothing can be posted, and part of the text
		hints []string
	}{
		"all is well":  {workspace{scopes: allScopes, joined: []string{"cloud-spend"}}, whole, nil, nil},
		"by ID":        {workspace{scopes: allScopes, joined: []string{"cloud-spend"}}, at(slackfake.ChannelID("cloud-spend")), nil, nil},
		"a person":     {workspace{scopes: allScopes}, at("U012AB3CD"), nil, nil},
		"revoked":      {workspace{refuses: "token_revoked"}, whole, []string{" true Slack refuses the bot token: token_revoked: the bot token is no longer valid: reinstall the app"}, nil},
		"not in it":    {workspace{scopes: allScopes, public: []string{"other", "cloud-spend"}}, whole, []string{"#cloud-spend true billbot is not in #cloud-spend: invite @billbot to #cloud-spend"}, nil},
		"not there":    {workspace{scopes: allScopes, joined: []string{"other"}}, whole, []string{"#cloud-spend true billbot sees no channel #cloud-spend: check the name, and if the channel is private invite @billbot"}, nil},
		"archived":     {workspace{scopes: allScopes, joined: []string{"old-spend"}}, at("#old-spend"), []string{"#old-spend true #old-spend is archived: unarchive it"}, nil},
		"archived out": {workspace{scopes: allScopes, public: []string{"old-spend"}}, at("#old-spend"), []string{"#old-spend true #old-spend is archived: unarchive it"}, nil},
		"one of two":   {workspace{scopes: allScopes, joined: []string{"cloud-spend"}, public: []string{"other"}}, at("#cloud-spend", "other"), []string{"other true billbot is not in other: invite"}, nil},
		"may post anywhere": {
			workspace{scopes: allScopes + ",chat:write.public", public: []string{"cloud-spend"}}, whole, nil, nil},
		"may not post": {workspace{scopes: without("chat:write"), joined: []string{"cloud-spend"}}, whole, []string{" true billbot may not post: add the scope chat:write"}, nil},
		"no command":   {workspace{scopes: without("commands"), joined: []string{"cloud-spend"}}, whole, []string{" false Slack has no /spend: add the scope commands"}, nil},
		"no command asked for": {
			workspace{scopes: without("commands"), joined: []string{"cloud-spend"}}, at("#cloud-spend"), nil, nil},
		"no groups":          {workspace{scopes: without("usergroups:read"), joined: []string{"cloud-spend"}}, whole, []string{" false billbot cannot see who is in the user groups of slack.access: add the scope usergroups:read"}, nil},
		"another team":       {workspace{scopes: allScopes, joined: []string{"cloud-spend"}}, Setup{Team: "T2"}, []string{" false SLACK_TEAM_ID is T2 and the bot token is of the workspace " + slackfake.Team}, nil},
		"scopes not told":    {workspace{joined: []string{"cloud-spend"}}, whole, nil, []string{"does not say which scopes"}},
		"channels not told":  {workspace{scopes: "chat:write,commands,usergroups:read,channels:history"}, whole, nil, []string{"add the scopes channels:read and groups:read"}},
		"private ones not":   {workspace{scopes: without("groups:read"), joined: []string{"other"}}, whole, nil, []string{"cannot see whether it is in #cloud-spend: add the scope groups:read"}},
		"without history":    {workspace{scopes: "chat:write,commands,channels:read,groups:read,usergroups:read", joined: []string{"cloud-spend"}}, whole, nil, []string{"may come twice"}},
		"public, no private": {workspace{scopes: without("groups:read"), public: []string{"cloud-spend"}}, whole, []string{"#cloud-spend true billbot is not in #cloud-spend"}, nil},
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
	for _, answer := range []slackfake.Fault{slackfake.Dropped(), status(500, ""), status(429, "3"), refuse("internal_error"), refuse(testToken)} {
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
		{allScopes + ",users:read", "", []string{slackfake.App}, 0},
		{allScopes + ",users:read", slackfake.App, []string{slackfake.App}, 0},
		{allScopes + ",users:read", "A2", []string{"A2", slackfake.App}, 1},
	} {
		app := &App{}
		app.Learn(tt.greeted)
		found, err := workspace{scopes: tt.scopes}.serve(t).Check(t.Context(), Setup{App: app})
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
