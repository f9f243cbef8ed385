package rules

import (
	"cmp"
	"fmt"
	"strings"

	"go.yaml.in/yaml/v4"
)

// Source is where the parts of a rules file stand, so that what is found out
// about a rule later can be told with its place.
type Source struct {
	File   string
	places map[spot]place
}

// spot names a value of a rule or an account: the path of its keys, as
// "budget.actual".
type spot struct{ of, name, path string }

type place struct{ line, column int }

const (
	ofRule    = "rule"
	ofAccount = "account"
)

// OfRule is something to say of a rule, at the value of one of its keys, as
// "budget.actual", or of the nearest key around it that the file has.
func (s Source) OfRule(rule, path, format string, args ...any) Problem {
	p := s.problem(spot{ofRule, rule, path}, format, args)
	p.Rule = rule
	return p
}

// OfAccount is something to say of an account, at the value of one of its keys.
func (s Source) OfAccount(account, path, format string, args ...any) Problem {
	return s.problem(spot{ofAccount, account, path}, format, args)
}

func (s Source) problem(at spot, format string, args []any) Problem {
	found := s.place(at)
	return Problem{
		File: s.File, Line: max(found.line, 1), Column: max(found.column, 1), Message: fmt.Sprintf(format, args...),
	}
}

// place is where a spot stands; without it, the key around it; at last the name.
func (s Source) place(at spot) place {
	for {
		if found, ok := s.places[at]; ok {
			return found
		}
		if at.path == "name" || at.path == "" {
			return place{}
		}
		before, _, _ := cutLast(at.path, ".")
		at.path = cmp.Or(before, "name")
	}
}

func cutLast(text, sep string) (before, after string, found bool) {
	i := strings.LastIndex(text, sep)
	if i < 0 {
		return "", text, false
	}
	return text[:i], text[i+len(sep):], true
}

// keep notes where the values of a mapping stand.
func (s Source) keep(at spot, mapping *yaml.Node) {
	if at.name == "" || mapping == nil || mapping.Kind != yaml.MappingNode {
		return
	}
	for i := 0; i+1 < len(mapping.Content); i += 2 {
		inner, value := at, mapping.Content[i+1]
		inner.path = strings.TrimPrefix(at.path+"."+mapping.Content[i].Value, ".")
		s.places[inner] = place{value.Line, value.Column}
		s.keep(inner, value)
	}
}
