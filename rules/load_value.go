package rules

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"go.yaml.in/yaml/v4"
)

// maxText is the longest name or pattern, in characters. It keeps messages
// readable and patterns cheap.
const maxText = 200

// present reports whether a field has a value, and reports one left empty.
func (r *reader) present(f field) bool {
	if f.node == nil {
		return false
	}
	if isNull(f.node) {
		r.report(f.node, "%q is empty", f.key)
		return false
	}
	return true
}

// written is a scalar as the file has it, whatever YAML takes it for: an ID of
// digits stays the digits it was written with.
func (r *reader) written(f field) (string, bool) {
	if !r.present(f) {
		return "", false
	}
	n := f.node
	text := strings.TrimSpace(n.Value)
	switch {
	case n.Kind != yaml.ScalarNode:
		r.report(n, "%q must be a single value, not %s", f.key, kindName(n))
	case text == "":
		r.report(n, "%q is empty", f.key)
	case utf8.RuneCountInString(text) > maxText:
		r.report(n, "%q is longer than %d characters", f.key, maxText)
	case strings.ContainsFunc(text, unprintable):
		r.report(n, "%q must be one line of printable text", f.key)
	default:
		return text, !r.told[n]
	}
	return "", false
}

func unprintable(c rune) bool { return !unicode.IsPrint(c) && c != ' ' }

// text is a scalar that YAML takes for text too.
func (r *reader) text(f field) (string, bool) {
	text, ok := r.written(f)
	if ok && f.node.ShortTag() != "!!str" {
		r.report(f.node, "%q must be text: quote it, \"%s\"", f.key, text)
		return "", false
	}
	return text, ok
}

// list is the values of a list that is not empty.
func (r *reader) list(f field) []field {
	if !r.present(f) {
		return nil
	}
	n := f.node
	switch {
	case n.Kind == yaml.ScalarNode && !r.told[n]:
		r.report(n, "%q must be a list: [%s]", f.key, shown(n.Value))
	case n.Kind != yaml.SequenceNode:
		r.report(n, "%q must be a list, not %s", f.key, kindName(n))
	case len(n.Content) == 0:
		r.report(n, "%q is an empty list: leave it out", f.key)
	default:
		return itemsOf(f)
	}
	return nil
}

func itemsOf(f field) []field {
	items := make([]field, len(f.node.Content))
	for i, n := range f.node.Content {
		items[i] = field{key: f.key, node: n}
	}
	return items
}

// patterns is a list of names and globs, each made by compile from what read
// accepts.
func (r *reader) patterns(f field, read func(field) (string, bool), compile func(string) Pattern) Patterns {
	var patterns Patterns
	first := map[string]int{}
	for _, item := range r.list(f) {
		if text, ok := read(item); ok {
			r.repeated(first, item.node, "entry", text)
			patterns = append(patterns, compile(text))
		}
	}
	return patterns
}

// choice is a word out of a few.
type choice[T ~string] struct {
	known    []T
	later    []T // known to come, and refused until then
	fallback T   // what leaving the key out means
}

// choose reads one of a few words.
func choose[T ~string](r *reader, f field, c choice[T]) T {
	word, ok := r.written(f)
	if !ok {
		return c.fallback
	}
	for _, known := range c.known {
		if word == string(known) {
			return known
		}
	}
	for _, later := range c.later {
		if word == string(later) {
			r.report(f.node, "\"%s: %s\" is not in this version yet", f.key, word)
			return c.fallback
		}
	}
	r.report(f.node, "unknown %s %s: %s", f.key, shown(word), suggest(word, wordsOf(c.known)))
	return c.fallback
}

func wordsOf[T ~string](known []T) []string {
	words := make([]string, len(known))
	for i, word := range known {
		words[i] = string(word)
	}
	return words
}

// suggest is what to write instead of a word: the nearest, or all there are.
func suggest(word string, known []string) string {
	if near, ok := Nearest(word, known); ok {
		return "did you mean \"" + near + "\"?"
	}
	if len(known) == 1 {
		return "use " + known[0]
	}
	return "use " + strings.Join(known[:len(known)-1], ", ") + " or " + known[len(known)-1]
}
