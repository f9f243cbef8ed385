package main

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/billbot/billbot/fetcher/cloudflare/cloudflaretest"
	"github.com/billbot/billbot/notifier/slack/slackfake"
)

// Every command that the documents show does what they say, in the order in which
// they show it, typed by somebody who has a Cloudflare and a Slack of his own; or
// it stands in the table of what is run elsewhere.
func TestDocsCommands(t *testing.T) {
	shown := 0
	for name, text := range documents(t) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newReader(t, name, text)
			for _, block := range blocksOf(text) {
				for _, line := range block.commands() {
					r.types(t, line)
				}
			}
		})
		for _, block := range blocksOf(text) {
			shown += len(block.commands())
		}
	}
	if shown < 50 {
		t.Errorf("%d commands are shown", shown)
	}
}

// docReader follows a document.
type docReader struct {
	*outside
	now    string
	daemon *processLog
}

// newReader is a reader in a folder with rules under version control, and a
// database of two mornings. Who reads the README has nothing yet.
func newReader(t *testing.T, name, text string) *docReader {
	t.Helper()
	r := &docReader{outside: newOutside(t)}
	r.env = append(r.env, "ROOM="+r.dir, "GIT_CONFIG_GLOBAL=/dev/null", "GIT_CONFIG_NOSYSTEM=1", "SLACK_APP_TOKEN=")
	for _, folder := range []string{"backups", "etc/systemd/system", "usr/local/bin", "var/lib"} {
		if err := os.MkdirAll(filepath.Join(r.dir, folder), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	r.morning("2026-04-04")
	repo, err := filepath.Abs(filepath.Join("..", ".."))
	if err != nil {
		t.Fatal(err)
	}
	r.writes(t, "rules.yaml", processRules+"  - name: a-day\n    budget: {amount: 10, period: day}\n")
	if name == "README.md" {
		r.bash(t, "rm rules.yaml")
		return r
	}
	for _, block := range blocksOf(text) {
		if strings.HasPrefix(block.text, "tests:") {
			r.writes(t, "rules_test.yaml", block.text)
		}
	}
	r.bash(t, `ln -s "$(type -P billbot)" billbot && ln -s `+repo+`/deploy deploy && ln -s "$PWD" var/lib/billbot`)
	r.bash(t, "git init -q -b main && git add rules.yaml && git -c user.name=a -c user.email=a@example.com commit -q -m rules")
	r.morning("2026-04-03")
	r.bash(t, "billbot poll")
	r.morning("2026-04-04")
	if name == "docs/slack.md" { // which is about messages that were given up
		r.slack.ScriptFunc(always(slackfake.Refused("no_text")))
	}
	r.bash(t, "billbot poll")
	r.slack.ScriptFunc(nil)
	if name == "docs/webhooks.md" { // nobody listens there
		webhooks := `webhooks: [{name: automation, url: "http://127.0.0.1:9/in", allow_private: true}]` + "\n"
		r.writes(t, "rules.yaml", webhooks+processRules)
		r.env = append(r.env, "BILLBOT_WEBHOOK_SECRET=whsec_"+strings.Repeat("c2Vj", 8))
	}
	if name == "docs/checking.md" { // whoever changes rules has none that are over
		r.writes(t, "rules.yaml", strings.NewReplacer("25,", "100000,", "poll: 1s\n", "").Replace(processRules))
	}
	return r
}

func (r *docReader) writes(t *testing.T, file, text string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(r.dir, file), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// morning is when the reader reads.
func (r *docReader) morning(day string) {
	at, _ := time.Parse(time.DateOnly, day)
	at = at.Add(7 * time.Hour)
	r.cloud.SetNow(at)
	r.now = at.Format(time.RFC3339)
}

var (
	exported = regexp.MustCompile(`^export ([A-Z_]+)=(\S+)$`)
	cronLine = regexp.MustCompile(`^(?:\S+ ){5} *(.*)$`)
)

// types does what a line says.
func (r *docReader) types(t *testing.T, line string) {
	t.Helper()
	if runElsewhere(t, line) {
		return
	}
	if cron := cronLine.FindStringSubmatch(line); cron != nil && strings.Contains(line, " * * ") {
		line = strings.ReplaceAll(cron[1], `\%`, "%")
	}
	line = r.own(t, line)
	if export := exported.FindStringSubmatch(line); export != nil {
		if !strings.Contains(document(t, "docs/operations.md"), "`"+export[1]+"`") {
			t.Errorf("%s is no setting", line)
		}
		r.env = append(r.env, export[1]+"="+export[2])
		return
	}
	switch {
	case strings.HasPrefix(line, "/spend"):
		r.asks(t, strings.TrimSpace(strings.TrimPrefix(line, "/spend")))
	case line == "billbot run" || strings.HasPrefix(line, "systemctl enable --now billbot"):
		_, r.daemon = r.start(t, "run", "--listen", "127.0.0.1:0", "--now", r.now)
		r.daemon.says(t, "polled", 1)
	case line == "billbot init":
		shown, code := r.onTerminal(t, "d0a1a40004778704200000000000a9c2\n\n\n25\n", "init", "--now", r.now)
		if code != exitOK {
			t.Errorf("%s: exit %d\n%s", line, code, shown)
		}
	default:
		r.bash(t, line)
	}
}

// own is a line with what is the reader's own in the place of what is not.
func (r *docReader) own(t *testing.T, line string) string {
	t.Helper()
	line = strings.NewReplacer(
		"go run ./cmd/billbot ", "billbot ", "./billbot ", "billbot ", "go build ./cmd/billbot", `ln -s "$(type -P billbot)" billbot`,
		"CLOUDFLARE_API_TOKEN=...", "CLOUDFLARE_API_TOKEN="+cloudflaretest.Token, "SLACK_SIGNING_SECRET=...", "SLACK_SIGNING_SECRET="+slackfake.SigningSecret,
		"xoxb-...", slackfake.BotToken, "xapp-...", slackfake.AppToken, "D1 - Rows Read", "KV Read", "2026-04-04", "2026-04-02",
		" /etc/", " $ROOM/etc/", " /usr/", " $ROOM/usr/", " /var/", " $ROOM/var/", `"/backups/`, `"$ROOM/backups/`, " /backups/", " $ROOM/backups/",
	).Replace(line)
	if strings.Contains(line, "k7q2m4xa") {
		line = strings.ReplaceAll(line, "k7q2m4xa", r.first(t, "alerts", "firing"))
	}
	if strings.HasPrefix(line, "billbot outbox resend") || strings.HasPrefix(line, "billbot outbox drop") {
		line = strings.ReplaceAll(line, "12", r.first(t, "outbox", "dead"))
	}
	return line
}

// first is the ID of the first that a command tells of in a state.
func (r *docReader) first(t *testing.T, command, state string) string {
	t.Helper()
	for line := range strings.Lines(r.bash(t, "billbot "+command+" --format json")) {
		var read struct {
			ID    any
			State string
		}
		if err := json.Unmarshal([]byte(line), &read); err != nil {
			t.Fatalf("%s: %v", line, err)
		}
		if id, _ := json.Marshal(read.ID); read.State == state {
			return strings.Trim(string(id), `"`)
		}
	}
	t.Fatalf("billbot %s tells of none that is %s", command, state)
	return ""
}

// asks asks the running billbot in Slack, which has to know what is meant.
func (r *docReader) asks(t *testing.T, text string) {
	t.Helper()
	r.daemon.says(t, "connected to Slack", 1)
	answer, err := askOverSocket(t.Context(), r.slack.Server, r.slack.Command("U012AB3CD", "#cloud-spend", "/spend", text))
	if err != nil {
		t.Fatalf("/spend %s: %v", text, err)
	}
	said, err := readAnswer(answer)
	if err != nil || strings.Contains(said, "does not know") || strings.Contains(said, "Did you mean") {
		t.Errorf("/spend %s: %v\n%s", text, err, said)
	}
}

// bash has a shell do a line, at the reader's moment, and returns what it printed.
func (r *docReader) bash(t *testing.T, line string) string {
	t.Helper()
	shell := exec.Command("bash", "-c", `billbot() { command billbot "$@" --now "$NOW"; }
set -e
`+line)
	var errs strings.Builder
	shell.Dir, shell.Env, shell.Stderr = r.dir, append(r.env, "NOW="+r.now), &errs
	out, err := shell.Output()
	if err != nil {
		t.Errorf("%s: %v\n%s%s", line, err, out, &errs)
	}
	return string(out)
}
