package rules

import (
	"slices"
	"time"

	"go.yaml.in/yaml/v4"
)

// How long a question may wait for its answer.
const (
	defaultExpires = 30 * time.Minute
	leastExpires   = time.Minute
	mostExpires    = 24 * time.Hour
)

// automatic is what stands for the people who are asked where nobody is.
const automatic = "automatic"

func actionBlock() block {
	return block{name: "an action", keys: []string{"webhook", "approve", "expires"}}
}

// action is what a rule asks for. That nobody is asked has to be written out.
func (r *reader) action(f field) *Action {
	if f.node == nil {
		return nil
	}
	if isNull(f.node) {
		r.report(f.node, "\"action\" is empty: it needs \"webhook\" and \"approve\"")
		return nil
	}
	s := r.section(f, actionBlock())
	action := &Action{Expires: defaultExpires}
	action.Webhook, _ = r.text(s.need("webhook"))
	approve := s.need("approve")
	if n := approve.node; n != nil && n.Kind == yaml.ScalarNode && n.Value == automatic {
		action.Automatic = true
	} else {
		action.Approve = r.slackIDs(approve, slackForm{prefixes: "UW", names: "users (U or W), or is automatic"})
	}
	if expires := s.get("expires"); expires.node != nil {
		d, ok := r.duration(expires)
		if ok && (d < leastExpires || d > mostExpires) {
			r.report(expires.node, "\"expires\" is %s: a question waits from 1m to 24h", shown(expires.node.Value))
		}
		action.Expires = d
	}
	return action
}

// acted reports actions whose webhook is none.
func (r *reader) acted(f field, webhooks []Webhook) {
	if f.node == nil {
		return
	}
	names := make([]string, len(webhooks))
	for i, w := range webhooks {
		names[i] = w.Name
	}
	for _, item := range f.node.Content {
		for _, action := range under(item, "action") {
			for _, webhook := range under(action, "webhook") {
				r.hasWebhook(webhook, names)
			}
		}
	}
}

func (r *reader) hasWebhook(value *yaml.Node, names []string) {
	if value.Kind != yaml.ScalarNode || slices.Contains(names, value.Value) {
		return
	}
	if len(names) == 0 {
		r.report(value, "no webhook is called %s: name one under \"webhooks\" at the top of the file", shown(value.Value))
		return
	}
	r.report(value, "no webhook is called %s: %s", shown(value.Value), suggest(value.Value, names))
}

// under is the value of a key of a mapping, none where that has no such key.
func under(n *yaml.Node, key string) []*yaml.Node {
	for i := 0; n.Kind == yaml.MappingNode && i+1 < len(n.Content); i += 2 {
		if n.Content[i].Value == key {
			return n.Content[i+1 : i+2]
		}
	}
	return nil
}
