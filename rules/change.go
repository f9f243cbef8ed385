package rules

import (
	"reflect"
	"slices"
)

// Changes is what is different between two versions of a rules file.
type Changes struct {
	Rules    Changed
	Accounts Changed
	Settings []string // the other keys that say something else, as "poll" or "slack.channel"
}

// Changed is what became of the rules, or of the accounts, by name.
type Changed struct {
	Added, Removed, Changed []string
}

// ChangesFrom returns what is different from an older version. What is written
// in another way and means the same is no change.
func (r *Rules) ChangesFrom(old *Rules) Changes {
	c := Changes{
		Rules:    differ(old.Rules, r.Rules, func(rule Rule) string { return rule.Name }),
		Accounts: differ(old.Accounts, r.Accounts, func(a Account) string { return a.Name }),
	}
	for _, setting := range []struct {
		key  string
		same bool
	}{
		{"timezone", old.Timezone.String() == r.Timezone.String()},
		{"poll", old.Poll == r.Poll},
		{"slack.channel", old.Slack.Channel == r.Slack.Channel},
		{"slack.access", reflect.DeepEqual(old.Slack.Access, r.Slack.Access)},
		{"summaries", reflect.DeepEqual(old.Summaries, r.Summaries)},
		{"webhooks", reflect.DeepEqual(old.Webhooks, r.Webhooks)},
		{"retention", old.Retention == r.Retention},
	} {
		if !setting.same {
			c.Settings = append(c.Settings, setting.key)
		}
	}
	return c
}

// Empty reports whether nothing is different.
func (c Changes) Empty() bool { return c.Rules.empty() && c.Accounts.empty() && len(c.Settings) == 0 }

func (c Changed) empty() bool { return len(c.Added)+len(c.Removed)+len(c.Changed) == 0 }

// differ compares what has names. Where nothing but the order is another, the
// first that stands elsewhere has changed: messages follow the order of the file.
func differ[T any](old, now []T, name func(T) string) (c Changed) {
	find := func(all []T, wanted string) int {
		return slices.IndexFunc(all, func(one T) bool { return name(one) == wanted })
	}
	for _, one := range now {
		switch at := find(old, name(one)); {
		case at < 0:
			c.Added = append(c.Added, name(one))
		case !reflect.DeepEqual(old[at], one):
			c.Changed = append(c.Changed, name(one))
		}
	}
	for _, one := range old {
		if find(now, name(one)) < 0 {
			c.Removed = append(c.Removed, name(one))
		}
	}
	if c.empty() {
		if at := slices.IndexFunc(now, func(one T) bool { return name(one) != name(old[find(now, name(one))]) }); at >= 0 {
			c.Changed = []string{name(now[at])}
		}
	}
	return c
}
