package main

import (
	"regexp"
	"strings"
	"testing"
)

var (
	inlineCommand = regexp.MustCompile("`(?:\\./|/|docker compose exec billbot /|kubectl exec deploy/billbot -- /)?billbot ([a-z][^`|;<>]*)`")
	words         = regexp.MustCompile(`"[^"]*"|\S+`)
)

// Each command that stands within a sentence or a table is one that billbot takes.
func TestDocsInlineCommands(t *testing.T) {
	docs, n := documents(t), 0
	docs["ci.yml"] = ""
	for _, line := range regexp.MustCompile(`run: docker run .* billbot (\S+.*)`).FindAllStringSubmatch(document(t, ".github/workflows/ci.yml"), -1) {
		docs["ci.yml"] += "`billbot " + line[1] + "`\n"
	}
	for file, text := range docs {
		for _, match := range inlineCommand.FindAllStringSubmatch(strings.ReplaceAll(fences.ReplaceAllString(text, ""), "\n", " "), -1) {
			if n++; !strings.HasPrefix(match[1], "completion") { // which is the shell's, and prints
				wantCommand(t, file, exampleArgs(match[1]))
			}
		}
	}
	if n < 40 {
		t.Errorf("%d commands were found", n)
	}
}

// exampleArgs is arguments with something in the place of what they leave open.
func exampleArgs(text string) []string {
	text = strings.NewReplacer("[", "", "]", "", "FILE...", "FILE").Replace(text)
	args := words.FindAllString(text, -1)
	for i, arg := range args {
		args[i] = strings.Trim(arg, `".,`)
		if args[i] == "ID" && args[0] == "outbox" {
			args[i] = "1"
		}
	}
	return args
}
