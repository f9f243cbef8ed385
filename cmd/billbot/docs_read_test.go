package main

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// documents is every Markdown file of the repository, by its path.
func documents(t *testing.T) map[string]string {
	t.Helper()
	root, files := filepath.Join("..", ".."), map[string]string{}
	err := filepath.WalkDir(root, func(p string, entry fs.DirEntry, err error) error {
		if err == nil && entry.IsDir() && p != root && (strings.HasPrefix(entry.Name(), ".") || entry.Name() == "testdata") {
			return filepath.SkipDir
		}
		if err != nil || entry.IsDir() || !strings.HasSuffix(p, ".md") {
			return err
		}
		data, err := os.ReadFile(p)
		name, _ := filepath.Rel(root, p)
		files[filepath.ToSlash(name)] = string(data)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// readme is the README.
func readme(t *testing.T) string { return document(t, "README.md") }

func document(t *testing.T, path string) string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("..", "..", path))
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// shownBlock is a block of a document that is not prose.
type shownBlock struct {
	kind string // after the fence; "commands" for what is indented
	text string
}

// commands is the lines of a block that are for a shell, or for Slack.
func (b shownBlock) commands() []string {
	if b.kind != "commands" && b.kind != "crontab" {
		return nil
	}
	return strings.Split(strings.TrimSpace(b.text), "\n")
}

// blocksOf is what a document shows, in order: what is fenced, and the commands,
// which are indented by four more than what is around them.
func blocksOf(text string) (blocks []shownBlock) {
	var open *shownBlock
	inList, before := false, ""
	for line := range strings.Lines(text) {
		kept := strings.TrimRight(line, "\n")
		trimmed := strings.TrimSpace(kept)
		indent := len(kept) - len(strings.TrimLeft(kept, " "))
		switch fenced := open != nil && open.kind != "commands"; {
		case strings.HasPrefix(trimmed, "```") && fenced:
			blocks, open = append(blocks, *open), nil
		case fenced:
			open.text += line
		case strings.HasPrefix(trimmed, "```"):
			open = &shownBlock{kind: strings.TrimPrefix(trimmed, "```")}
		case trimmed != "" && (indent >= 7 || indent >= 4 && !inList) && (open != nil || before == ""):
			if open == nil {
				open = &shownBlock{kind: "commands"}
			}
			open.text += trimmed + "\n"
		default:
			if open != nil {
				blocks, open = append(blocks, *open), nil
			}
			if trimmed != "" && indent == 0 {
				inList = listItem.MatchString(trimmed)
			}
		}
		before = trimmed
	}
	if open != nil {
		blocks = append(blocks, *open)
	}
	return blocks
}

var listItem = regexp.MustCompile(`^([0-9]+\.|[-*]) `)

// TestBlocksOf keeps the reader of documents from overlooking what they show.
func TestBlocksOf(t *testing.T) {
	got := blocksOf("text\n\n    one\n    two\n\n1. item\n\n       three\n   more\n10. long\n    not shown\n\n```yaml\na: 1\n```\n\nend\n\n    four")
	want := []shownBlock{{"commands", "one\ntwo\n"}, {"commands", "three\n"}, {"yaml", "a: 1\n"}, {"commands", "four\n"}}
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}
