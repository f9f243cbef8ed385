package rules

import "go.yaml.in/yaml/v4"

func ruleBlock() block {
	return block{
		name: "a rule",
		keys: []string{
			"name", "services", "exclude", "families", "zones", "accounts",
			"per", "budget", "spike", "stale", "allowance", "price", "severity", "mention", "channel", "action",
		},
	}
}

// rules is the rules of the file. A file without any is good for summaries and
// for a first start, so it is only pointed out.
func (r *reader) rules(file section, w watched) []Rule {
	f := file.get("rules")
	if file.node != nil && (f.node == nil || isNull(f.node) || f.node.Kind == yaml.SequenceNode && len(f.node.Content) == 0) {
		at := f.node
		if at == nil {
			at = file.node
		}
		r.warn(at, "the file has no rules: nothing will be alerted on but data that stops coming")
		return nil
	}
	first := map[string]int{}
	return each(r, f, func(item field) Rule { return r.rule(item, first, w) })
}

func (r *reader) rule(f field, first map[string]int, w watched) Rule {
	s := r.section(f, ruleBlock())
	name, ok := r.text(s.need("name"))
	if ok {
		r.repeated(first, s.vals["name"], "rule", name)
		r.source.keep(spot{of: ofRule, name: name}, s.node)
	}
	r.about = name
	defer func() { r.about = "" }()
	rule := Rule{
		Name:    name,
		Match:   r.match(s, w),
		Mention: r.slackIDs(s.get("mention"), slackForm{prefixes: "UWS", names: "users (U or W) and user groups (S)"}),
		Channel: r.channel(s.get("channel")),
		Action:  r.action(s.get("action")),
		Severity: choose(r, s.get("severity"), choice[Severity]{
			known: severities(), fallback: Warning,
		}),
	}
	r.oneKind(s)
	rule.Budget, rule.Spike, rule.Stale = r.budget(s.get("budget")), r.spike(s.get("spike")), r.stale(s.get("stale"))
	rule.Allowance, rule.Price = r.allowance(s.get("allowance")), r.price(s.get("price"))
	switch {
	case rule.Stale != nil:
		r.wholeAccounts(s)
		if rule.Action != nil {
			r.report(s.keys["action"], "a stale rule is about data that is missing: leave \"action\" out")
		}
	case rule.Allowance != nil || rule.Price != nil:
		r.wholeServices(s)
	}
	rule.Per = r.per(s)
	if b := rule.Budget; b != nil && b.Quantity && len(rule.Match.Services) == 0 && rule.Per != PerService {
		r.warn(s.vals["budget"], "a quantity of every service: units are not added up, so name services of one unit, or use \"per: service\"")
	}
	return rule
}

func (r *reader) match(s section, w watched) Match {
	m := Match{
		Services: r.patterns(s.get("services"), r.text, NewServicePattern),
		Exclude:  r.patterns(s.get("exclude"), r.text, NewServicePattern),
		Families: r.patterns(s.get("families"), r.text, NewPattern),
		Zones:    r.patterns(s.get("zones"), r.written, NewPattern),
	}
	m.Accounts = r.accountPatterns(s.get("accounts"), w)
	return m
}

// accountPatterns chooses among the accounts of the file.
func (r *reader) accountPatterns(f field, w watched) Patterns {
	return r.patterns(f, func(f field) (string, bool) {
		text, ok := r.written(f)
		if ok {
			r.watches(f, text, NewPattern(text), w)
		}
		return text, ok
	}, NewPattern)
}

// oneKind reports a rule that has no kind, or more than one. The kinds of
// later versions count: the rule was meant to be one of those.
func (r *reader) oneKind(s section) {
	if s.node == nil {
		return
	}
	found := ""
	for _, pair := range pairs(s.node) {
		switch kind := pair.key; {
		case s.keys[kind] != pair.node || !isKind(kind):
		case found != "":
			r.report(pair.node, "a rule is either %q or %q, not both: make two rules", found, kind)
		default:
			found = kind
		}
	}
	if found == "" {
		r.report(s.node, "a rule needs \"budget\", \"spike\", \"allowance\", \"price\" or \"stale\"")
	}
}

func isKind(key string) bool {
	switch key {
	case "budget", "spike", "stale", "allowance", "price":
		return true
	}
	return false
}

// pairs is the keys of a mapping in its order.
func pairs(n *yaml.Node) []field {
	var keys []field
	for i := 0; i < len(n.Content); i += 2 {
		keys = append(keys, field{key: n.Content[i].Value, node: n.Content[i]})
	}
	return keys
}

// per is what the rule has an alert for each of.
func (r *reader) per(s section) Per {
	all := choice[Per]{known: pers(), fallback: PerAccount}
	if s.keys["stale"] != nil && s.keys["budget"] == nil {
		return r.perAccount(s, all)
	}
	terms := s.keys["allowance"] != nil || s.keys["price"] != nil
	if s.keys["budget"] != nil || s.keys["spike"] == nil && !terms {
		return choose(r, s.get("per"), all)
	}
	if terms {
		return r.perService(s, all)
	}
	all.fallback = PerService
	switch per := choose(r, s.get("per"), all); per {
	case PerZone:
		r.report(s.vals["per"], "\"per: zone\" for spikes is not in this version yet")
	case PerAccount, PerTotal:
		r.report(s.vals["per"], "a spike is judged per service, not per %s", per)
	}
	return PerService
}

func pers() []Per { return []Per{PerService, PerZone, PerAccount, PerTotal} }

func severities() []Severity { return []Severity{Info, Warning, Critical} }

// perAccount is for the kinds that are about accounts as they are.
func (r *reader) perAccount(s section, all choice[Per]) Per {
	if per := choose(r, s.get("per"), all); per != PerAccount {
		r.report(s.vals["per"], "a stale rule is judged per account, not per %s", per)
	}
	return PerAccount
}
