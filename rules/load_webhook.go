package rules

import (
	"net/url"
	"regexp"
	"slices"
	"strings"
)

const defaultWebhookEnv = "BILLBOT_WEBHOOK_SECRET"

// webhookForm is how a webhook is called: the name becomes part of where its
// events wait.
var webhookForm = regexp.MustCompile(`^[a-z0-9][a-z0-9_-]{0,39}$`)

func webhookBlock() block {
	return block{
		name: "a webhook",
		keys: []string{"name", "url", "secret_env", "secret_file", "severity", "rules", "accounts", "allow_private"},
	}
}

func (r *reader) webhooks(f field, w watched) []Webhook {
	names := map[string]int{}
	return each(r, f, func(item field) Webhook { return r.webhook(item, names, w) })
}

func (r *reader) webhook(f field, names map[string]int, w watched) Webhook {
	s := r.section(f, webhookBlock())
	hook := Webhook{
		AllowPrivate: r.flag(s.get("allow_private")),
		Severity:     choose(r, s.get("severity"), choice[Severity]{known: severities(), fallback: Info}),
		Rules:        r.patterns(s.get("rules"), r.text, NewPattern),
		Accounts:     r.accountPatterns(s.get("accounts"), w),
	}
	if name, ok := r.text(s.need("name")); ok {
		hook.Name = name
		r.repeated(names, s.vals["name"], "webhook", name)
		if !webhookForm.MatchString(name) {
			r.report(s.vals["name"], "bad webhook name %s: use small letters, digits, - and _, such as automation", shown(name))
		}
	}
	hook.URL = r.address(s.need("url"), hook.AllowPrivate)
	hook.SecretEnv, hook.SecretFile = r.secretOf(s)
	return hook
}

// address is where a webhook is. Whether it may be reached is seen when it is
// called: a name may lead elsewhere by then. It is not repeated, as it may hold
// a secret.
func (r *reader) address(f field, private bool) string {
	text, ok := r.text(f)
	if !ok {
		return ""
	}
	u, err := url.Parse(text)
	switch {
	case err != nil || u.Hostname() == "" || u.Opaque != "" || u.Fragment != "":
		r.report(f.node, "\"url\" is not written as https://host/path")
	case u.User != nil:
		r.report(f.node, "\"url\" must not hold a user name or a password: events are signed instead")
	case u.Scheme == "http" && !private:
		r.report(f.node, "\"url\" must begin with https://; http is for private networks, with \"allow_private: true\"")
	case u.Scheme != "https" && u.Scheme != "http":
		r.report(f.node, "\"url\" must begin with https://")
	}
	return text
}

// secretOf says where a webhook's secret is. A value that is no name is not
// shown: it may be the secret itself.
func (r *reader) secretOf(s section) (env, file string) {
	env, _ = r.text(s.get("secret_env"))
	file, _ = r.text(s.get("secret_file"))
	if env != "" && !envNameForm.MatchString(env) {
		r.report(s.vals["secret_env"], "\"secret_env\" must be the name of an environment variable in capitals, such as %s; "+
			"the secret itself is never in a rules file", defaultWebhookEnv)
	}
	if s.keys["secret_env"] != nil && s.keys["secret_file"] != nil {
		r.report(s.keys["secret_file"], "a webhook has either \"secret_env\" or \"secret_file\", not both")
	}
	if env == "" && file == "" {
		env = defaultWebhookEnv
	}
	return env, file
}

// flag is true or false.
func (r *reader) flag(f field) bool {
	text, ok := r.written(f)
	if ok && f.node.ShortTag() != "!!bool" {
		r.report(f.node, "%q must be true or false, not %s", f.key, shown(text))
	}
	return ok && strings.EqualFold(text, "true")
}

// routed reports what webhooks ask for that no rule is called.
func (r *reader) routed(f field, rules []Rule) {
	names := make([]string, len(rules))
	for i, rule := range rules {
		names[i] = rule.Name
	}
	if f.node == nil {
		return
	}
	for _, item := range f.node.Content {
		for _, list := range under(item, "rules") {
			for _, entry := range itemsOf(field{key: "rules", node: list}) {
				r.hasRule(entry, names)
			}
		}
	}
}

func (r *reader) hasRule(f field, names []string) {
	p := NewPattern(f.node.Value)
	if r.mayLook(f, len(names)) && !slices.ContainsFunc(names, p.Match) {
		r.report(f.node, "no rule is called %s: %s", shown(f.node.Value), suggest(f.node.Value, names))
	}
}
