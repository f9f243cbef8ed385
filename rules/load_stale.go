package rules

import (
	"slices"
	"strings"
	"time"
)

const (
	defaultStale = 72 * time.Hour
	shortStale   = 48 * time.Hour
)

func staleBlock() block {
	return block{name: "a stale rule", keys: []string{"after"}}
}

func (r *reader) stale(f field) *Stale {
	if f.node == nil {
		return nil
	}
	stale := &Stale{After: defaultStale}
	if isNull(f.node) {
		return stale
	}
	after := r.section(f, staleBlock()).get("after")
	if d, ok := r.duration(after); ok {
		stale.After = d
		if d < shortStale {
			r.warn(after.node, "\"after\" is %s, below 48h: Cloudflare's rows arrive one to two days late", shown(after.node.Value))
		}
	}
	return stale
}

// wholeAccounts reports what a stale rule cannot choose by.
func (r *reader) wholeAccounts(s section) {
	for _, key := range accountParts() {
		if s.keys[key] != nil {
			r.report(s.keys[key], "a stale rule is about whole accounts: leave %q out", key)
		}
	}
}

// accountParts are the keys that choose less than whole accounts.
func accountParts() []string { return []string{"services", "exclude", "families", "zones"} }

// withStale adds the stale rule that accounts have without one. Of several that
// choose an account the first counts, so it stands last.
func withStale(rules []Rule, accounts []Account) []Rule {
	has := func(a Account) bool {
		return slices.ContainsFunc(rules, func(rule Rule) bool { return rule.Stale != nil && rule.Match.Account(a) })
	}
	any := slices.ContainsFunc(rules, func(rule Rule) bool { return rule.Stale != nil })
	if any && !slices.ContainsFunc(accounts, func(a Account) bool { return !has(a) }) {
		return rules
	}
	name := "stale"
	for slices.ContainsFunc(rules, func(rule Rule) bool { return strings.EqualFold(rule.Name, name) }) {
		name += " by default"
	}
	return append(rules, Rule{Name: name, Per: PerAccount, Stale: &Stale{After: defaultStale}, Severity: Warning})
}
