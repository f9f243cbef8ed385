package main

import (
	"bytes"
	"reflect"
	"regexp"
	"strings"
	"testing"
)

// TestReadme wants the two commands for whoever has just cloned it, and the rules
// as the first YAML.
func TestReadme(t *testing.T) {
	for _, command := range []string{"\n    go run ./cmd/billbot demo\n", "\n    go test ./...\n"} {
		if !strings.Contains(readme(t), command) {
			t.Errorf("README lacks the command %q", strings.TrimSpace(command))
		}
	}
	if !strings.Contains(readme(t), "```yaml\naccounts:\n") {
		t.Error("README shows no rules")
	}
}

// TestDemoShown: the messages that the README shows are the demo's.
func TestDemoShown(t *testing.T) {
	var out, errs bytes.Buffer
	if code := run(t.Context(), []string{"demo"}, env{stdout: &out, stderr: &errs, dir: t.TempDir(), getenv: func(string) string { return "" }}); code != exitOK {
		t.Fatalf("exit %d: %s", code, &errs)
	}
	said := strings.ReplaceAll(out.String(), "\n  | ", "\n")
	n := 0
	for _, block := range blocksOf(readme(t)) {
		if block.kind != "" {
			continue
		}
		for line := range strings.Lines(block.text) {
			for _, part := range strings.Split(strings.TrimSpace(line), "   ") { // fields that share a line
				if n++; !strings.Contains(said, "\n"+part+"\n") {
					t.Errorf("the demo never says %q", part)
				}
			}
		}
	}
	if n < 10 {
		t.Errorf("%d lines are shown", n)
	}
}

// TestSettingsAreListed: docs/operations.md has a row for each variable that a
// billbot asks for.
func TestSettingsAreListed(t *testing.T) {
	listed := document(t, "docs/operations.md")
	for name := range settings(t) {
		if !strings.Contains(listed, "`"+strings.TrimSuffix(name, "_FILE")+"`") {
			t.Errorf("docs/operations.md does not list %s", name)
		}
	}
}

// TestManifestsShown: the commands that make the Slack app make both kinds of it,
// and the documents say what each scope is for.
func TestManifestsShown(t *testing.T) {
	data := document(t, "docs/slack.md")
	shown := regexp.MustCompile(`(?m)^ +billbot (manifest.*)$`).FindAllStringSubmatch(data, -1)
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
			if !strings.Contains(data, "`"+scope+"`") {
				t.Errorf("docs/slack.md does not say what the scope %s is for", scope)
			}
		}
	}
	if len(sockets) != 2 {
		t.Errorf("docs/slack.md shows %v, want a manifest with Socket Mode and one without", shown)
	}
}

// TestReadmeNamesTheCommands wants a row for each command there is.
func TestReadmeNamesTheCommands(t *testing.T) {
	commands := []string{"completion"}
	for field := range reflect.TypeFor[cli]().Fields() {
		if _, is := field.Tag.Lookup("cmd"); is {
			name := field.Tag.Get("name")
			if name == "" {
				name = strings.ToLower(field.Name)
			}
			commands = append(commands, name)
		}
	}
	for _, name := range commands {
		if !strings.Contains(readme(t), "| `billbot "+name) {
			t.Errorf("README's table lacks billbot %s", name)
		}
	}
	if len(commands) < 20 {
		t.Errorf("the commands are %v", commands)
	}
}

// TestAdviceLeadsSomewhere: a heading that a message of ours names is there.
func TestAdviceLeadsSomewhere(t *testing.T) {
	named := regexp.MustCompile(`((?:README|docs/[a-z]+\.md)), \\?"([A-Z][^"\\]+)\\?"`)
	n := 0
	for file, source := range goFiles(t) {
		for _, m := range named.FindAllStringSubmatch(string(source), -1) {
			where := strings.TrimSuffix(m[1], ".md") + ".md"
			n++
			if !strings.Contains(document(t, where), "# "+m[2]+"\n") {
				t.Errorf("%s: %s has no heading %q", file, m[1], m[2])
			}
		}
	}
	if n < 4 {
		t.Errorf("%d headings are named", n)
	}
}
