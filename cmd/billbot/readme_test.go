package main

import (
	"bytes"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/billbot/billbot/rules"
)

// TestReadme loads the rules that the README shows, and wants its two commands.
func TestReadme(t *testing.T) {
	data, err := os.ReadFile(filepath.Join("..", "..", "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	readme := string(data)
	for _, command := range []string{"\n    go run ./cmd/billbot demo\n", "\n    go test ./...\n"} {
		if !strings.Contains(readme, command) {
			t.Errorf("README lacks the command %q", strings.TrimSpace(command))
		}
	}
	_, snippet, found := strings.Cut(readme, "```yaml\n")
	snippet, _, _ = strings.Cut(snippet, "```")
	if !found {
		t.Fatal("README shows no rules")
	}
	r, err := rules.Load("README.md", []byte(snippet))
	if err != nil {
		t.Fatalf("the README's rules: %v", err)
	}
	if len(r.Warnings) > 0 {
		t.Errorf("the README's rules: %v", r.Warnings)
	}
}

// TestReadmeManifests runs the commands that the README makes the Slack app from.
func TestReadmeManifests(t *testing.T) {
	data, err := os.ReadFile(filepath.Join("..", "..", "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	shown := regexp.MustCompile(`(?m)^ +go run ./cmd/billbot (manifest.*)$`).FindAllStringSubmatch(string(data), -1)
	sockets := map[bool]bool{}
	for _, command := range shown {
		var out, errs bytes.Buffer
		if code := run(t.Context(), strings.Fields(command[1]), env{stdout: &out, stderr: &errs}); code != exitOK {
			t.Fatalf("billbot %s: exit %d: %s", command[1], code, &errs)
		}
		m := readManifest(t, out.String())
		wantWithinLimits(t, m)
		sockets[m.Settings.Socket] = true
		for _, scope := range m.OAuth.Scopes.Bot {
			if !strings.Contains(string(data), "`"+scope+"`") {
				t.Errorf("the README does not say what the scope %s is for", scope)
			}
		}
	}
	if len(sockets) != 2 {
		t.Errorf("the README shows %v, want a manifest with Socket Mode and one without", shown)
	}
}

// TestReadmeNamesTheCommands wants a row for each command there is.
func TestReadmeNamesTheCommands(t *testing.T) {
	data, err := os.ReadFile(filepath.Join("..", "..", "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"init", "run", "poll", "check", "spend", "alerts", "ack", "snooze", "history", "test", "explain", "backtest", "backup", "check-db", "doctor", "health", "manifest", "demo", "version"} {
		if !strings.Contains(string(data), "| `billbot "+name) {
			t.Errorf("README's table lacks billbot %s", name)
		}
	}
	for _, advice := range []string{wayBack, partlyBroken} {
		_, heading, _ := strings.Cut(advice, `README, "`)
		heading, _, _ = strings.Cut(heading, `"`)
		if !strings.Contains(string(data), "# "+heading+"\n") {
			t.Errorf("README lacks %q, which errors name", heading)
		}
	}
}
