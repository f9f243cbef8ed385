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
	visible := strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case unicode.In(r, unicode.Cc, unicode.Cf, unicode.Co, unicode.Zl, unicode.Zp):
			return -1
		}
		return r
	}, name)
	visible = strings.Join(strings.Fields(visible), " ")
	if visible == "" {
		return "(no name)"
	}
	return Cut(visible, limit)
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
