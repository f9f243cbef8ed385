package main

import (
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// Every link from one document to another, or to a file, leads somewhere, with
// its anchor.
func TestDocsLinks(t *testing.T) {
	docs, n := documents(t), 0
	for name, text := range docs {
		for _, link := range linkForm.FindAllStringSubmatch(prose(text), -1) {
			if strings.Contains(link[1], "://") {
				continue
			}
			n++
			target, anchor, _ := strings.Cut(link[1], "#")
			file := name
			if target != "" {
				file = path.Join(path.Dir(name), target)
			}
			if _, err := os.Stat(filepath.Join("..", "..", file)); err != nil {
				t.Errorf("%s: %s leads nowhere", name, link[1])
			} else if anchor != "" && !anchorsOf(docs[file])[anchor] {
				t.Errorf("%s: %s: there is no such heading", name, link[1])
			}
		}
	}
	if n < 40 {
		t.Errorf("%d links were found", n)
	}
}

// Every document can be reached from the README.
func TestDocsAreReached(t *testing.T) {
	docs := documents(t)
	reached := map[string]bool{"README.md": true}
	for queue := []string{"README.md"}; len(queue) > 0; queue = queue[1:] {
		for _, link := range linkForm.FindAllStringSubmatch(prose(docs[queue[0]]), -1) {
			target, _, _ := strings.Cut(link[1], "#")
			file := path.Join(path.Dir(queue[0]), target)
			if _, is := docs[file]; is && !reached[file] {
				reached[file] = true
				queue = append(queue, file)
			}
		}
	}
	for name := range docs {
		if !reached[name] {
			t.Errorf("no link leads to %s", name)
		}
	}
}

// The README is read to its end.
func TestReadmeIsShort(t *testing.T) {
	if lines := strings.Count(readme(t), "\n"); lines >= 300 {
		t.Errorf("the README has %d lines, 300 or more", lines)
	}
}

var (
	linkForm = regexp.MustCompile(`\]\(([^)\s]+)\)`)
	fences   = regexp.MustCompile("(?ms)^ *```.*?^ *```$")
	spans    = regexp.MustCompile("`[^`\n]*`")
	markup   = regexp.MustCompile(`\[([^\]]*)\]\([^)]*\)|[^\p{L}\p{N} _-]`)
)

// prose is a document without what it shows.
func prose(text string) string {
	return spans.ReplaceAllString(fences.ReplaceAllString(text, ""), "")
}

// anchorsOf is what GitHub makes of a document's headings.
func anchorsOf(text string) map[string]bool {
	anchors := map[string]bool{}
	for line := range strings.Lines(fences.ReplaceAllString(text, "")) {
		heading := strings.TrimLeft(line, "#")
		if heading == line || !strings.HasPrefix(heading, " ") {
			continue
		}
		plain := markup.ReplaceAllString(strings.TrimSpace(heading), "$1")
		anchors[strings.ReplaceAll(strings.ToLower(plain), " ", "-")] = true
	}
	return anchors
}
