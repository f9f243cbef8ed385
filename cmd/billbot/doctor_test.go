package main

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/billbot/billbot/fetcher/cloudflare/cloudflaretest"
)

const doctorRules = `
accounts:
  - {name: production, id: d0a1a40004778704200000000000a9c2}
slack: {channel: "#cloud-spend"}
rules:
  - name: runaway
    spike: {}
`

// workspace is a Slack that says which scopes a token has, and in which channel
// billbot is.
func workspace(scopes, channel string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("X-OAuth-Scopes", scopes)
		switch strings.TrimPrefix(r.URL.Path, "/api/") {
		case "auth.test":
			io.WriteString(w, `{"ok":true,"team_id":"T012AB3CD4","user_id":"U1","bot_id":"B1"}`)
		case "users.conversations":
			fmt.Fprintf(w, `{"ok":true,"channels":[{"id":"C1","name":%q}]}`, channel)
		case "conversations.list":
			io.WriteString(w, `{"ok":true,"channels":[]}`)
		default:
			io.WriteString(w, `{"ok":false,"error":"unknown_method"}`)
		}
	})
}

// patient is what a doctor looks at.
type patient struct {
	rules, token string
	slack        http.Handler
	late         time.Duration // of Cloudflare's clock
	more         map[string]string
}

// doctored is what billbot doctor prints of it, and its exit code.
func (p patient) doctored(t *testing.T, args ...string) (string, int) {
	t.Helper()
	recording, err := loopRecording()
	if err != nil {
		t.Fatal(err)
	}
	cloud := cloudflaretest.New(recording)
	cloud.SetNow(time.Date(2026, time.April, 4, 7, 0, 0, 0, time.UTC))
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "rules.yaml"), []byte(p.rules), 0o600); err != nil {
		t.Fatal(err)
	}
	getenv := map[string]string{
		"CLOUDFLARE_API_TOKEN": p.token, "CLOUDFLARE_BASE_URL": serve(t, lateBy(cloud, p.late)) + cloudflaretest.Prefix,
		"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_APP_TOKEN": "xapp-1", "SLACK_API_URL": serve(t, p.slack) + "/api/",
	}
	for name, value := range p.more {
		getenv[name] = value
	}
	var out, errs bytes.Buffer
	e := env{stdout: &out, stderr: &errs, dir: dir, getenv: func(name string) string { return getenv[name] }}
	code := run(t.Context(), append([]string{"doctor", "--now", "2026-04-04T07:00:00Z"}, args...), e)
	return out.String() + errs.String(), code
}

// lateBy is a server whose clock is late.
func lateBy(h http.Handler, late time.Duration) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Date", time.Now().Add(-late).UTC().Format(http.TimeFormat))
		h.ServeHTTP(w, r)
	})
}

func TestDoctor(t *testing.T) {
	t.Parallel()
	const all = "chat:write,commands,channels:read,groups:read,channels:history,groups:history"
	well := patient{rules: doctorRules, token: cloudflaretest.Token, slack: workspace(all, "cloud-spend")}
	for name, tt := range map[string]struct {
		change func(*patient)
		code   int
		want   []string
	}{
		"well": {func(*patient) {}, exitOK, []string{
			"ok      slack: the bot token works\n", "ok      scopes: chat:write, commands, channels:read,",
			"ok      channels: 1 channel, and billbot was refused at none\n", "ok      commands: over Socket Mode, by an app-level token\n",
		}},
		"not in the channel": {func(p *patient) { p.slack = workspace(all, "other") }, exitFail, []string{
			"error   channels: billbot sees no channel channel-1: check the name",
		}},
		"a scope is missing": {func(p *patient) { p.slack = workspace(strings.ReplaceAll(all, "chat:write,", ""), "cloud-spend") }, exitFail, []string{
			"error   slack: billbot may not post: add the scope chat:write",
		}},
		"another workspace": {func(p *patient) { p.more = map[string]string{"SLACK_TEAM_ID": "T0OTHER9999"} }, exitOK, []string{
			"warning slack: SLACK_TEAM_ID is team-1 and the bot token is of the workspace (id): ",
		}},
		"no app-level token": {func(p *patient) { p.more = map[string]string{"SLACK_APP_TOKEN": "xoxb-1"} }, exitFail, []string{
			"error   commands: SLACK_APP_TOKEN is no app-level token",
		}},
		"a clock ahead": {func(p *patient) { p.late = 10 * time.Minute }, exitFail, []string{
			"error   clock: this machine's clock is 10m", "-> set it right",
		}},
		"a clock somewhat off": {func(p *patient) { p.late = -time.Minute }, exitOK, []string{"warning clock: "}},
		"a wrong path": {func(p *patient) { p.rules = strings.ReplaceAll(doctorRules, "a9c2", "a9c3") }, exitFail, []string{
			"error   usage of account-1: billable-usage (at CLOUDFLARE_BASE_URL) is not there: ", "-> check the account's ID, and CLOUDFLARE_USAGE_PATH",
		}},
		"a wrong token": {func(p *patient) { p.token = "cfat_x" }, exitFail, []string{
			"error   token of account-1: account API token, and ",
		}},
		"both tokens": {func(p *patient) { p.more = map[string]string{"CLOUDFLARE_API_TOKEN_FILE": "/x"} }, exitFail, []string{
			"error   token of account-1: both CLOUDFLARE_API_TOKEN and CLOUDFLARE_API_TOKEN_FILE are set: unset one",
		}},
		"no channel": {func(p *patient) { p.rules = strings.ReplaceAll(doctorRules, "slack:", "# ") }, exitOK, []string{
			"warning channel of account-1: messages about it have nowhere to go",
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := well
			tt.change(&p)
			got, code := p.doctored(t)
			if code != tt.code {
				t.Errorf("exit %d, want %d", code, tt.code)
			}
			for _, want := range tt.want {
				if !strings.Contains(got, want) {
					t.Errorf("lacks %q", want)
				}
			}
			for _, personal := range []string{"production", "cloud-spend", "d0a1a4", "T012AB3CD4", "T0OTHER9999"} {
				if strings.Contains(got, personal) {
					t.Errorf("tells %q", personal)
				}
			}
			if t.Failed() {
				t.Log("\n" + got)
			}
		})
	}
}
