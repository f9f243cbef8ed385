package blockkit

import (
	"strings"
	"unicode/utf8"

	"github.com/slack-go/slack"
)

const (
	ellipsis = "…"
	fence    = "```"
)

// cut shortens a text visibly to at most limit characters. What Slack reads as
// one, an entity or something in angle brackets, is kept whole or not at all,
// and code ends as code.
func cut(text string, limit int) string {
	if utf8.RuneCountInString(text) <= limit {
		return text
	}
	runes := []rune(text)
	room := limit - len([]rune(ellipsis))
	coded := strings.Contains(text, fence) && room > 2*len(fence)
	if coded {
		room -= len("\n" + fence)
	}
	kept := strings.TrimRight(string(runes[:wholeUntil(runes, max(room, 0))]), " \n")
	if !coded {
		return kept + ellipsis
	}
	kept = strings.TrimRight(kept, "`")
	if strings.Count(kept, fence)%2 == 0 {
		return kept + ellipsis
	}
	return kept + ellipsis + "\n" + fence
}

// wholeUntil is the last place at or before n that is inside of nothing.
func wholeUntil(runes []rune, n int) int {
	for i := n - 1; i >= 0 && runes[i] != '>' && runes[i] != '\n'; i-- {
		if runes[i] == '<' && closes(runes[n:]) {
			return i
		}
	}
	for i := max(n-len("&amp"), 0); i < n; i++ {
		if runes[i] == '&' && isCutEntity(runes[i:], n-i) {
			return i
		}
	}
	return n
}

// closes reports whether an angle bracket that is open is closed on its line.
func closes(runes []rune) bool {
	for _, r := range runes {
		switch r {
		case '>':
			return true
		case '<', '\n':
			return false
		}
	}
	return false
}

// isCutEntity reports whether runes begin with an entity of more than n
// characters.
func isCutEntity(runes []rune, n int) bool {
	for _, entity := range []string{"&amp;", "&lt;", "&gt;"} {
		if len(runes) >= len(entity) && string(runes[:len(entity)]) == entity {
			return len(entity) > n
		}
	}
	return false
}

// string is a text of at most so many characters.
func (m *mender) string(limit, place, text string, most int) string {
	if m.most(limit, place, utf8.RuneCountInString(text), most) {
		return cut(text, most)
	}
	return text
}

// text is a text that may be missing, but not be empty.
func (m *mender) text(limit, place string, t *slack.TextBlockObject, most int) *slack.TextBlockObject {
	if t == nil || m.least(limit, place, len(t.Text), 1) {
		return nil
	}
	changed := *t
	changed.Text = m.string(limit, place, t.Text, most)
	return &changed
}

// words is a text that there must be: one that says nothing becomes an ellipsis.
func (m *mender) words(limit, place string, t *slack.TextBlockObject, most int) *slack.TextBlockObject {
	if t == nil {
		m.least(limit, place, 0, 1)
	}
	if kept := m.text(limit, place, t, most); kept != nil {
		return kept
	}
	return slack.NewTextBlockObject(slack.PlainTextType, ellipsis, false, false)
}

// whole reports whether a text that cannot be cut keeps to its limit.
func (m *mender) whole(limit, place, text string, most int) bool {
	return !m.most(limit, place, utf8.RuneCountInString(text), most)
}
