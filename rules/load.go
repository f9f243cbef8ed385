package rules

import (
	"cmp"
	"slices"
	"time"
)

// maxFile is the size of the largest rules file, in bytes. It bounds the work
// of reading one, as the YAML is parsed whole.
const maxFile = 1 << 20

// Load reads a rules file. The file name is only for messages; nothing but the
// data is read. The error is [Problems] and holds every mistake of the file, in
// its order; only a file that is no YAML at all has one problem, where reading
// it had to stop. What was accepted but deserves a look is in
// [Rules.Warnings].
func Load(file string, data []byte) (*Rules, error) {
	r := newReader(file)
	rules := r.document(data)
	if len(r.problems) > 0 {
		slices.SortStableFunc(r.problems, byPosition)
		return nil, r.problems
	}
	rules.Source = r.source
	rules.Warnings = append(r.warnings, rules.doubts()...)
	slices.SortStableFunc(rules.Warnings, byPosition)
	return rules, nil
}

func byPosition(a, b Problem) int {
	return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
}

// document reads the file's tree, or returns nil where there is none.
func (r *reader) document(data []byte) *Rules {
	root := r.parse(data)
	if root == nil {
		return nil
	}
	r.refuse(root)
	s := r.section(field{node: root}, fileBlock())
	rules := &Rules{
		Timezone: r.timezone(s.get("timezone")),
		Accounts: r.accounts(s.get("accounts")),
		Poll:     r.poll(s.get("poll")),
		Slack:    r.slack(s.get("slack")),
	}
	rules.Summaries = r.summaries(s.get("summaries"))
	rules.Retention = r.retention(s.get("retention"))
	accounts := newWatched(rules.Accounts)
	rules.Webhooks = r.webhooks(s.get("webhooks"), accounts)
	rules.Rules = withStale(r.rules(s, accounts), rules.Accounts)
	r.routed(s.get("webhooks"), rules.Rules)
	r.acted(s.get("rules"), rules.Webhooks)
	r.enoughKept(s.get("retention"), rules)
	return rules
}

func fileBlock() block {
	return block{
		name: "the file",
		keys: []string{"timezone", "accounts", "poll", "slack", "summaries", "webhooks", "retention", "rules"},
	}
}

func (r *reader) timezone(f field) *time.Location {
	name, ok := r.text(f)
	if !ok {
		return time.UTC
	}
	// Local would be another zone on another machine.
	zone, err := time.LoadLocation(name)
	if err != nil || zone == time.Local {
		r.report(f.node, "unknown timezone %s: use a name such as Europe/Berlin", shown(name))
		return time.UTC
	}
	return zone
}

const (
	defaultPoll = time.Hour
	leastPoll   = time.Second
	shortPoll   = 5 * time.Minute
	longPoll    = 24 * time.Hour
)

func (r *reader) poll(f field) time.Duration {
	d, ok := r.duration(f)
	switch {
	case !ok:
		return defaultPoll
	case d < leastPoll:
		r.report(f.node, "\"poll\" is %s, below 1s", shown(f.node.Value))
	case d < shortPoll:
		r.warn(f.node, "\"poll\" is %s, below 5m: Cloudflare's figures do not change that often", shown(f.node.Value))
	case d > longPoll:
		r.warn(f.node, "\"poll\" is %s, above 24h: alerts will come days late", shown(f.node.Value))
	}
	return d
}
