package rules

import (
	"regexp"
	"slices"
	"strings"

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

// Charge reports whether the rule is about a charge of an account it watches.
func (m Match) Charge(c fetcher.Charge) bool {
	service := c.Service()
	return m.Services.orAll(service) && !m.Exclude.any(service) &&
		m.Families.orAll(c.ServiceFamilyName) &&
		m.Zones.orAll(c.ZoneName, c.ZoneID)
}

// everything reports whether the rule is about every charge of its accounts.
func (m Match) everything() bool {
	return len(m.Services)+len(m.Exclude)+len(m.Families)+len(m.Zones) == 0
}

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
	return slices.ContainsFunc(ps, func(p Pattern) bool {
		return slices.ContainsFunc(names, p.Match)
	})
}

func (ps Patterns) orAll(names ...string) bool { return len(ps) == 0 || ps.any(names...) }

// Pattern is a name or a glob: * stands for any characters, ? for one. Case
// does not matter, as people copy names from pages that differ in it.
type Pattern struct {
	Text string
	re   *regexp.Regexp
}

// NewPattern compiles a pattern.
func NewPattern(text string) Pattern {
	quoted := regexp.QuoteMeta(strings.TrimSpace(text))
	quoted = strings.NewReplacer(`\*`, `.*`, `\?`, `.`).Replace(quoted)
	return Pattern{Text: text, re: regexp.MustCompile(`(?is)^` + quoted + `$`)}
}

// NewServicePattern compiles a pattern for services. A name pasted with its
// allowance, as the bill has it, works too.
func NewServicePattern(text string) Pattern {
	p := NewPattern(fetcher.Service(text))
	p.Text = text
	return p
}

// Match reports whether the pattern chooses the name.
func (p Pattern) Match(name string) bool { return p.re.MatchString(name) }

// narrows reports whether the match picks some of a service's charges, by
// family or zone.
func (m Match) narrows() bool { return len(m.Families) > 0 || len(m.Zones) > 0 }
