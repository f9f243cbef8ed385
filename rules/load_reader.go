package rules

import (
	"fmt"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v4"
)

// reader walks the tree of a rules file, or of one as strict, and gathers its
// mistakes.
type reader struct {
	file     string
	what     string // as messages call the file: "rules file"
	needs    string // what an empty one lacks
	problems Problems
	warnings []Problem

	// told holds the nodes that were refused as such. What is wrong with
	// their value besides is not reported, nor is the value shown.
	told map[*yaml.Node]bool
	// looks is how many names may still be compared with others. It bounds
	// the work on a file of many accounts and many patterns.
	looks  int
	about  string // the name of the rule that is being read
	source Source
}

const maxLooks = 1_000_000

func newReader(file string) *reader {
	return &reader{
		file: file, what: "rules file", needs: "rules", told: map[*yaml.Node]bool{}, looks: maxLooks,
		source: Source{File: file, places: map[spot]place{}},
	}
}

// maxProblems is how many mistakes are told. Nobody reads more at once.
const maxProblems = 1000

// hopeless reports whether so many mistakes were told that no more are: reading
// on would tell nothing.
func (r *reader) hopeless() bool { return len(r.problems) >= maxProblems }

// each reads the items of a list, as far as mistakes are told.
func each[T any](r *reader, f field, read func(field) T) []T {
	var all []T
	for _, item := range r.list(f) {
		if r.hopeless() {
			break
		}
		all = append(all, read(item))
	}
	return all
}

// report notes a mistake at a node, unless the node was refused before.
func (r *reader) report(n *yaml.Node, format string, args ...any) {
	if r.told[n] {
		return
	}
	if !r.hopeless() {
		r.reportAt(n.Line, n.Column, fmt.Sprintf(format, args...))
	}
}

func (r *reader) reportAt(line, column int, message string) {
	r.problems = append(r.problems, Problem{File: r.file, Line: max(line, 1), Column: max(column, 1), Message: message, Rule: r.about})
}

func (r *reader) warn(n *yaml.Node, format string, args ...any) {
	r.warnings = append(r.warnings, Problem{
		File: r.file, Line: n.Line, Column: n.Column, Message: fmt.Sprintf(format, args...), Rule: r.about,
	})
}

// reject reports a node and keeps what is inside it from being read.
func (r *reader) reject(n *yaml.Node, format string, args ...any) {
	r.report(n, format, args...)
	r.told[n] = true
}

// repeated reports a name used before. Case does not matter, as it does not to
// patterns.
func (r *reader) repeated(first map[string]int, n *yaml.Node, what, name string) {
	folded := strings.ToLower(name)
	if line, seen := first[folded]; seen {
		r.report(n, "duplicate %s %s, first on line %d", what, shown(name), line)
		return
	}
	first[folded] = n.Line
}

// shown is text quoted for a message, and cut, as it may be of any length.
func shown(text string) string {
	const most = 40
	if runes := []rune(text); len(runes) > most {
		return strconv.Quote(string(runes[:most]) + "…")
	}
	return strconv.Quote(text)
}
