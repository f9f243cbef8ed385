package report

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// How many runes of a name are shown. Slack cuts headings at 150 characters;
// a name must leave room there for the amount, which is the news.
const (
	nameRunes = 60
	unitRunes = 24
	textRunes = 300
)

// Name makes a name that others chose (a service, a zone, an account, a rule)
// safe to show in a line: control, bidirectional and other invisible
// characters go, white space becomes single spaces, and what is longer than
// limit runes is cut with an ellipsis. A name without anything to show is
// "(no name)".
func Name(name string, limit int) string {
	var visible strings.Builder
	runes, gap := 0, false
	for _, r := range name {
		switch {
		case unicode.IsSpace(r):
			gap = runes > 0
			continue
		case hidden(r):
			continue
		case gap:
			visible.WriteByte(' ')
			runes, gap = runes+1, false
		}
		visible.WriteRune(r)
		if runes++; runes > limit {
			break // nobody sees what follows, be it a book
		}
	}
	if runes == 0 {
		return "(no name)"
	}
	return Cut(visible.String(), limit)
}

func hidden(r rune) bool {
	return (r < ' ' || r > '~') && unicode.In(r, unicode.Cc, unicode.Cf, unicode.Co, unicode.Zl, unicode.Zp)
}

// Cut shortens a text to at most limit runes. It shows that it did: the last
// of them is an ellipsis then.
func Cut(text string, limit int) string {
	if utf8.RuneCountInString(text) <= limit {
		return text
	}
	if limit < 1 {
		return ""
	}
	runes := []rune(text)[:limit-1]
	return strings.TrimRight(string(runes), " ") + "…"
}

func name(s string) string { return Name(s, nameRunes) }
