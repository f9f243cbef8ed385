package rules

import (
	"maps"
	"slices"
	"strings"

	"github.com/billbot/billbot/fetcher"
)

// Unmatched is what a rule that chooses nothing may have meant.
type Unmatched struct {
	Wanted []string `json:"wanted"`          // the patterns, as written
	Near   []string `json:"near,omitempty"`  // names on the bill that are near
	Known  []string `json:"known,omitempty"` // some names on the bill, where none is near
}

// Reach gathers, account by account, which rules choose anything that was ever
// charged. A rule that chooses nothing in one account may be meant for others,
// so it is judged once all were seen. Make one for each sweep; it is not safe
// for concurrent use.
type Reach struct {
	rules   *Rules
	found   map[string]bool // rules that choose something
	watched map[string]bool // rules that had a bill to choose from
	missed  bool            // an account could not be seen
	through fetcher.Day

	services, families, zones map[string]bool
}

// NewReach is a reach that has seen no account yet.
func (r *Rules) NewReach() *Reach {
	return &Reach{
		rules: r, found: map[string]bool{}, watched: map[string]bool{},
		services: map[string]bool{}, families: map[string]bool{}, zones: map[string]bool{},
	}
}

// leastBill is how many days a bill must reach over before what is not on it
// says anything: the first rows of an account are not all of them.
const leastBill = 3

// See takes an account's bill into account.
func (x *Reach) See(account Account, b fetcher.Bill) {
	if len(b.Lines) == 0 || b.Through()-b.First()+1 < leastBill {
		return
	}
	x.through = max(x.through, b.Through())
	pending := x.pending(account)
	if len(pending) == 0 {
		return
	}
	for i := range b.Lines {
		line := &b.Lines[i]
		x.name(line)
		for _, rule := range pending {
			x.found[rule.Name] = x.found[rule.Name] || rule.Match.Line(line)
		}
	}
}

// Miss notes an account whose bill could not be read: what was not found may be
// there.
func (x *Reach) Miss() { x.missed = true }

// pending is the rules of an account that were not seen to choose anything yet.
func (x *Reach) pending(account Account) []Rule {
	var pending []Rule
	for _, rule := range x.rules.Rules {
		if rule.Match.chooses() && rule.Match.Account(account) {
			x.watched[rule.Name] = true
			if !x.found[rule.Name] {
				pending = append(pending, rule)
			}
		}
	}
	return pending
}

func (x *Reach) name(line *fetcher.Line) {
	x.services[line.Service] = true
	x.families[line.ServiceFamilyName] = true
	x.zones[line.ZoneName] = true
}

// Findings is a finding for each rule that chooses by more than the account:
// open where it had a bill to choose from and found nothing.
func (x *Reach) Findings() []Finding {
	var findings []Finding
	for _, rule := range x.rules.Rules {
		if !rule.Match.chooses() {
			continue
		}
		found := x.found[rule.Name]
		f := Finding{
			Rule: rule.Name, Kind: KindUnmatched, Severity: Info, Open: !found && x.watched[rule.Name] && !x.missed,
			Day: x.through, Through: x.through, Trusted: found,
		}
		if f.Open {
			f.Unmatched = x.meant(rule.Match)
		}
		findings = append(findings, f)
	}
	return findings
}

// The most names that are offered in place of a wrong one.
const maxNear, maxKnown = 3, 5

// meant guesses what a rule was meant to choose.
func (x *Reach) meant(m Match) *Unmatched {
	u := &Unmatched{}
	for _, part := range []struct {
		wanted Patterns
		known  map[string]bool
	}{{m.Services, x.services}, {m.Families, x.families}, {m.Zones, x.zones}} {
		delete(part.known, "")
		for _, p := range part.wanted {
			u.Wanted = append(u.Wanted, p.Text)
			if near, ok := p.nearest(slices.Sorted(maps.Keys(part.known))); ok && !slices.Contains(u.Near, near) && len(u.Near) < maxNear {
				u.Near = append(u.Near, near)
			}
		}
		if len(part.wanted) > 0 && len(u.Known) == 0 {
			known := slices.Sorted(maps.Keys(part.known))
			u.Known = known[:min(len(known), maxKnown)]
		}
	}
	if len(u.Near) > 0 {
		u.Known = nil
	}
	return u
}

// nearest is the name that a pattern was most likely meant for. A glob is
// compared with as much of a name as it spells out.
func (p Pattern) nearest(names []string) (string, bool) {
	word := strings.NewReplacer("*", "", "?", "").Replace(fetcher.Service(p.Text))
	word = strings.TrimSpace(word)
	if near, ok := Nearest(word, names); ok || !strings.ContainsAny(p.Text, "*?") {
		return near, ok
	}
	starts := make([]string, len(names))
	for i, name := range names {
		starts[i] = name[:min(len(name), len(word)+1)]
	}
	near, ok := Nearest(word, starts)
	if !ok {
		return "", false
	}
	return names[slices.Index(starts, near)], true
}

func sameUnmatched(a, b *Unmatched) bool {
	if a == nil || b == nil {
		return a == b
	}
	return slices.Equal(a.Wanted, b.Wanted) && slices.Equal(a.Near, b.Near)
}
