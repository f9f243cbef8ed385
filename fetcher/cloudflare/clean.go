package cloudflare

import (
	"bytes"
	"fmt"
	"html"
	"strings"
	"unicode"
)

const (
	shownRunes = 120     // of a text that is not ours, in an error
	shownFrom  = 4 << 10 // bytes of a page that are looked at for its first words
)

// checkStart wants an answer to begin like a JSON object, and otherwise says
// what it is instead.
func checkStart(body []byte) error {
	body = bytes.TrimSpace(body)
	switch {
	case len(body) == 0:
		return errEmpty
	case body[0] == '{':
		return nil
	case body[0] == '<':
		return fmt.Errorf("%w: %q", errHTML, words(body))
	}
	return fmt.Errorf("the answer is not a JSON object, it begins with %q", clean(body[:min(len(body), shownFrom)]))
}

// words returns the first words a browser would show of a page, its title
// among them.
func words(page []byte) string {
	page = page[:min(len(page), shownFrom)]
	var text []byte
	for len(page) > 0 {
		before, tag, found := bytes.Cut(page, []byte("<"))
		text = append(append(text, before...), ' ')
		if !found {
			break
		}
		page = afterTag(tag)
	}
	return clean([]byte(html.UnescapeString(string(text))))
}

// afterTag returns what follows a tag; of scripts and styles, which are no
// words, what follows their end.
func afterTag(tag []byte) []byte {
	for _, hidden := range []string{"script", "style", "!--"} {
		if len(tag) < len(hidden) || !strings.EqualFold(string(tag[:len(hidden)]), hidden) {
			continue
		}
		end := "</"
		if hidden == "!--" {
			end = "--"
		}
		_, tag, _ = bytes.Cut(tag[len(hidden):], []byte(end))
	}
	_, rest, _ := bytes.Cut(tag, []byte(">"))
	return rest
}

// clean makes one short printable line of a text that is not ours.
func clean(text []byte) string {
	visible := func(r rune) rune {
		switch {
		case unicode.IsSpace(r), unicode.IsControl(r):
			return ' '
		case !unicode.IsPrint(r):
			return -1
		}
		return r
	}
	line := strings.Join(strings.Fields(strings.Map(visible, strings.ToValidUTF8(string(text), "?"))), " ")
	if runes := []rune(line); len(runes) > shownRunes {
		return string(runes[:shownRunes]) + "…"
	}
	return line
}
