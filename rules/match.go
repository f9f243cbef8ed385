package rules

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/billbot/billbot/fetcher"
)

// Match chooses what a rule is about. An empty list chooses everything.
type Match struct {
	Services Patterns // by stripped name
	Exclude  Patterns // taken away from Services
	Families Patterns
	Zones    Patterns // by name or ID
	Accounts Patterns // by name, ID or tag:NAME
}

// Line reports whether the rule is about a line of an account it watches.
func (m Match) Line(line *fetcher.Line) bool {
	return m.about(line.Service, line.ServiceFamilyName, line.ZoneName, line.ZoneID)
}

// about reports whether the rule is about a service, in a family and a zone.
func (m Match) about(service, family, zone, zoneID string) bool {
	return m.Services.orAll(service) && !m.Exclude.any(service) &&
		m.Families.orAll(family) && m.Zones.orAll(zone, zoneID)
}

// all reports whether the rule is about everything in an account.
func (m Match) all() bool { return !m.chooses() && len(m.Exclude) == 0 }

// chooses reports whether the rule asks for some services, families or zones,
// and so can miss them all.
func (m Match) chooses() bool { return len(m.Services)+len(m.Families)+len(m.Zones) > 0 }

// Account reports whether the rule watches the account.
func (m Match) Account(a Account) bool {
	names := []string{a.Name, a.ID}
	for _, tag := range a.Tags {
		names = append(names, "tag:"+tag)
	}
	return m.Accounts.orAll(names...)
}

// Patterns is a list of names and globs.
type Patterns []Pattern

func (ps Patterns) any(names ...string) bool {
	for i := range ps {
		if slices.ContainsFunc(names, ps[i].Match) {
			return true
		}
	}
	return false
}

func (ps Patterns) orAll(names ...string) bool { return len(ps) == 0 || ps.any(names...) }

// Pattern is a name or a glob: * stands for any characters, ? for one. Case
// does not matter, as people copy names from pages that differ in it.
type Pattern struct {
	Text  string
	plain []byte // what the name begins with, up to the first wildcard; folded, ASCII
	glob  []rune // the rest, folded
}

// NewPattern compiles a pattern.
func NewPattern(text string) Pattern {
	glob := []rune(strings.TrimSpace(text))
	for i, c := range glob {
		glob[i] = fold(c)
	}
	p := Pattern{Text: text}
	for len(glob) > 0 && glob[0] < utf8.RuneSelf && glob[0] != '*' && glob[0] != '?' {
		p.plain, glob = append(p.plain, byte(glob[0])), glob[1:]
	}
	p.glob = glob
	return p
}

// folded is the pattern as names are compared with it.
func (p Pattern) folded() string { return string(p.plain) + string(p.glob) }

// NewServicePattern compiles a pattern for services. A name pasted with its
// allowance, as the bill has it, works too.
func NewServicePattern(text string) Pattern {
	p := NewPattern(fetcher.Service(text))
	p.Text = text
	return p
}

// Match reports whether the pattern chooses the name. It is asked for every
// rule and item of a bill, and most names begin otherwise.
func (p Pattern) Match(name string) bool {
	for _, want := range p.plain {
		c, size := rune(0), 1
		switch {
		case name == "":
			return false
		case name[0] < utf8.RuneSelf:
			c = upper(name[0])
		default: // the sign of Kelvin is a K
			c, size = utf8.DecodeRuneInString(name)
			c = fold(c)
		}
		if c != rune(want) {
			return false
		}
		name = name[size:]
	}
	return p.matchGlob(name)
}

// matchGlob goes along the name once, and back to the last star where that did
// not fit.
func (p Pattern) matchGlob(name string) bool {
	at, star, tried := 0, -1, 0
	for i := 0; i < len(name); {
		c, size := rune(name[i]), 1
		if c >= utf8.RuneSelf {
			c, size = utf8.DecodeRuneInString(name[i:])
		}
		switch {
		case at < len(p.glob) && p.glob[at] == '*':
			star, tried = at, i
			at++
		case at < len(p.glob) && (p.glob[at] == '?' || p.glob[at] == fold(c)):
			at++
			i += size
		case star >= 0:
			_, size = utf8.DecodeRuneInString(name[tried:])
			tried += size
			at, i = star+1, tried
		default:
			return false
		}
	}
	for at < len(p.glob) && p.glob[at] == '*' {
		at++
	}
	return at == len(p.glob)
}

// fold is one character for all that differ in case alone.
func fold(c rune) rune {
	if c < utf8.RuneSelf {
		return upper(byte(c))
	}
	least := c
	for other := unicode.SimpleFold(c); other != c; other = unicode.SimpleFold(other) {
		least = min(least, other)
	}
	return least
}

// upper is fold of an ASCII character.
func upper(c byte) rune {
	if 'a' <= c && c <= 'z' {
		c -= 'a' - 'A'
	}
	return rune(c)
}

// narrows reports whether the match picks some of a service's charges, by
// family or zone.
func (m Match) narrows() bool { return len(m.Families) > 0 || len(m.Zones) > 0 }
