package rules

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
)

const defaultTokenEnv = "CLOUDFLARE_API_TOKEN"

// How the values of an account are written.
var (
	idForm      = regexp.MustCompile(`^[A-Za-z0-9_-]+$`)
	hexForm     = regexp.MustCompile(`^[0-9a-fA-F]{32}$`)
	envNameForm = regexp.MustCompile(`^[A-Z_][A-Z0-9_]*$`)
)

func accountBlock() block {
	return block{
		name: "an account",
		keys: []string{"name", "id", "token_env", "token_file", "focus", "channel", "tags"},
	}
}

func (r *reader) accounts(f field) []Account {
	names, ids := map[string]int{}, map[string]int{}
	return each(r, f, func(item field) Account { return r.account(item, names, ids) })
}

func (r *reader) account(f field, names, ids map[string]int) Account {
	s := r.section(f, accountBlock())
	a := Account{Channel: r.channel(s.get("channel")), Tags: r.tags(s.get("tags"))}
	if name, ok := r.text(s.need("name")); ok {
		a.Name = name
		r.repeated(names, s.vals["name"], "account", name)
		r.source.keep(spot{of: ofAccount, name: name}, s.node)
		if strings.HasPrefix(strings.ToLower(name), "tag:") {
			r.report(s.vals["name"], "an account's name cannot begin with tag:, which rules choose tags by")
		}
	}
	if s.keys["focus"] != nil {
		a.Focus = r.focus(s)
		a.ID = r.focusID(s.need("id"), ids)
		return a
	}
	a.ID = r.accountID(s.need("id"), ids)
	a.TokenEnv, a.TokenFile = r.token(s)
	return a
}

// focus is the file or folder that an account is read from. No token is needed
// for it.
func (r *reader) focus(s section) string {
	path, _ := r.text(s.get("focus"))
	for _, key := range []string{"token_env", "token_file"} {
		if s.keys[key] != nil {
			r.report(s.keys[key], "%q is of no use to an account that is read from files", key)
		}
	}
	return path
}

// focusID takes any BillingAccountId, of whichever cloud.
func (r *reader) focusID(f field, ids map[string]int) string {
	id, ok := r.written(f)
	switch {
	case !ok:
		return ""
	case len(id) > maxID || strings.ContainsFunc(id, unicode.IsControl):
		r.report(f.node, "bad account id: it is the BillingAccountId of the rows, of at most %d characters", maxID)
		return ""
	}
	r.repeated(ids, f.node, "account id", id)
	return id
}

// maxID is how long an account's ID may be.
const maxID = 200

// accountID takes any ID that can stand in a path of the API, as proxies and
// tests have their own, but says when it is not Cloudflare's form. It is not
// shown: people paste tokens there.
func (r *reader) accountID(f field, ids map[string]int) string {
	id, ok := r.written(f)
	switch {
	case !ok:
		return ""
	case len(id) > maxID || !idForm.MatchString(id):
		r.report(f.node, "bad account id: it is made of letters, digits, - and _")
		return ""
	case !hexForm.MatchString(id):
		r.warn(f.node, "the account id is not 32 hex digits, as Cloudflare's are")
	}
	r.repeated(ids, f.node, "account id", id)
	return id
}

// token says where an account's token is. A value that is no name is not
// shown: it may be the token itself.
func (r *reader) token(s section) (env, file string) {
	env, _ = r.text(s.get("token_env"))
	file, _ = r.text(s.get("token_file"))
	if env != "" && !envNameForm.MatchString(env) {
		r.report(s.vals["token_env"], "\"token_env\" must be the name of an environment variable in capitals, such as %s; "+
			"the token itself is never in a rules file", defaultTokenEnv)
	}
	if s.keys["token_env"] != nil && s.keys["token_file"] != nil {
		r.report(s.keys["token_file"], "an account has either \"token_env\" or \"token_file\", not both")
	}
	if env == "" && file == "" {
		env = defaultTokenEnv
	}
	return env, file
}

func (r *reader) tags(f field) []string {
	var tags []string
	first := map[string]int{}
	for _, item := range r.list(f) {
		if tag, ok := r.text(item); ok {
			r.repeated(first, item.node, "tag", tag)
			tags = append(tags, tag)
		}
	}
	return tags
}

// watched is what rules can call accounts by.
type watched struct {
	names []string // names, IDs and tag:NAME
	known map[string]bool
}

func newWatched(accounts []Account) watched {
	w := watched{known: map[string]bool{}}
	for _, a := range accounts {
		names := []string{a.Name, a.ID}
		for _, tag := range a.Tags {
			names = append(names, "tag:"+tag)
		}
		for _, name := range names {
			folded := strings.ToLower(name)
			if name != "" && !w.known[folded] {
				w.known[folded] = true
				w.names = append(w.names, name)
			}
		}
	}
	return w
}

// watches reports a pattern that chooses no account of the file. A file
// without accounts is checked alone, and its patterns cannot be judged.
func (r *reader) watches(f field, text string, p Pattern, w watched) {
	if len(w.names) == 0 || w.known[strings.ToLower(text)] || !r.mayLook(f, len(w.names)) ||
		slices.ContainsFunc(w.names, p.Match) {
		return
	}
	near, ok := Nearest(text, w.names)
	if ok {
		r.report(f.node, "no account is called %s: did you mean %q?", shown(text), near)
		return
	}
	some := w.names[:min(len(w.names), 5)]
	r.report(f.node, "no account is called %s: there are %s", shown(text), strings.Join(some, ", "))
}

// mayLook reports whether a pattern may still be compared with so many names,
// and says once when the work has become too much.
func (r *reader) mayLook(f field, names int) bool {
	before := r.looks
	r.looks -= names
	if before >= 0 && r.looks < 0 {
		r.warn(f.node, "too many accounts and patterns: from here on it is not checked whether a pattern chooses any account")
	}
	return r.looks >= 0
}
