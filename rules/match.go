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

// item reports whether the rule is about an item.
func (m *Match) item(it *item) bool {
	return (len(m.Services) == 0 || m.Services.match(it.folded)) && !m.Exclude.match(it.folded) &&
		m.Families.orAll(it.family) && m.Zones.orAll(it.zone, it.zoneID)
}

// all reports whether the rule is about everything in an account.
func (m Match) all() bool { return !m.chooses() && len(m.Exclude) == 0 }

// chooses reports whether the rule asks for some services, families or zones,
// and so can miss them all.
func (m Match) chooses() bool { return len(m.Services)+len(m.Families)+len(m.Zones) > 0 }

// Account reports whether the rule watches the account.
func (m Match) Account(a Account) bool {
	if len(m.Accounts) == 0 {
		return true
	}
	names := []string{a.Name, a.ID}
	for _, tag := range a.Tags {
		names = append(names, "tag:"+tag)
	}
	return m.Accounts.any(names...)
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

// match is any of one folded name.
func (ps Patterns) match(name string) bool {
	for i := range ps {
		if ps[i].match(name) {
			return true
		}
	}
	return false
}

func (ps Patterns) orAll(names ...string) bool { return len(ps) == 0 || ps.any(names...) }

// Pattern is a name or a glob: * stands for any characters, ? for one. Case
// does not matter, as people copy names from pages that differ in it.
type Pattern struct {
	Text string
	// Folded: what a name begins with, up to the first wildcard; what it ends
	// with, from behind the last one; and what is between.
	head, tail string
	glob       []rune
}

// NewPattern compiles a pattern.
func NewPattern(text string) Pattern {
	whole := []rune(folded(strings.TrimSpace(text)))
	wild := func(c rune) bool { return c == '*' || c == '?' }
	from := slices.IndexFunc(whole, wild)
	if from < 0 {
		return Pattern{Text: text, head: string(whole)}
	}
	to := len(whole)
	for !wild(whole[to-1]) {
		to--
	}
	return Pattern{Text: text, head: string(whole[:from]), tail: string(whole[to:]), glob: whole[from:to]}
}

// NewServicePattern compiles a pattern for services. A name pasted with its
// allowance, as the bill has it, works too.
func NewServicePattern(text string) Pattern {
	p := NewPattern(fetcher.Service(text))
	p.Text = text
	return p
}

// Match reports whether the pattern chooses the name.
func (p Pattern) Match(name string) bool { return p.match(folded(name)) }

// match is Match of a folded name. It is asked for every rule and item of a
// bill, and most names begin or end otherwise.
func (p *Pattern) match(name string) bool {
	if !strings.HasPrefix(name, p.head) {
		return false
	}
	rest := name[len(p.head):]
	if !strings.HasSuffix(rest, p.tail) {
		return false
	}
	rest = rest[:len(rest)-len(p.tail)]
	return len(p.glob) == 1 && p.glob[0] == '*' || p.matchGlob(rest)
}

// matchGlob goes along the name once, and back to the last star where that did
// not fit.
func (p *Pattern) matchGlob(name string) bool {
	at, star, tried := 0, -1, 0
	for i := 0; i < len(name); {
		c, size := utf8.DecodeRuneInString(name[i:])
		switch {
		case at < len(p.glob) && p.glob[at] == '*':
			star, tried = at, i
			at++
		case at < len(p.glob) && (p.glob[at] == '?' || p.glob[at] == c):
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

// whole is the pattern as names are compared with it.
func (p Pattern) whole() string { return p.head + string(p.glob) + p.tail }

// folded is one string for all that differ in case alone.
func folded(s string) string { return strings.Map(fold, s) }

// fold is one character for all that differ in case alone.
func fold(c rune) rune {
	if c < utf8.RuneSelf {
		return unicode.ToUpper(c)
	}
	least := c
	for other := unicode.SimpleFold(c); other != c; other = unicode.SimpleFold(other) {
		least = min(least, other)
	}
	return least
}

// narrows reports whether the match picks some of a service's charges, by
// family or zone.
func (m Match) narrows() bool { return len(m.Families) > 0 || len(m.Zones) > 0 }
