package rules

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

func slackBlock() block {
	return block{
		name: "slack",
		keys: []string{"channel", "access"},
	}
}

func accessBlock() block {
	return block{name: "access", keys: []string{"read", "change"}}
}

func (r *reader) slack(f field) Slack {
	if !r.present(f) {
		return Slack{}
	}
	s := r.section(f, slackBlock())
	return Slack{Channel: r.channel(s.get("channel")), Access: r.access(s.get("access"))}
}

func (r *reader) access(f field) Access {
	if !r.present(f) {
		return Access{}
	}
	s := r.section(f, accessBlock())
	form := slackForm{prefixes: "UWSCG", names: "users (U or W), user groups (S) and channels (C or G)"}
	return Access{
		Read:   r.slackIDs(s.get("read"), form),
		Change: r.slackIDs(s.get("change"), form),
	}
}

// slackForm is which of Slack's IDs a setting takes, told by their first letter.
type slackForm struct {
	prefixes string
	names    string
}

func (r *reader) slackIDs(f field, form slackForm) []string {
	var ids []string
	first := map[string]int{}
	for _, item := range r.list(f) {
		id, ok := r.written(item)
		switch {
		case !ok:
		case !isSlackID(id, form.prefixes):
			r.report(item.node, "%q takes IDs of %s, not %s", f.key, form.names, shown(id))
		default:
			r.repeated(first, item.node, "ID", id)
			ids = append(ids, id)
		}
	}
	return ids
}

var slackIDForm = regexp.MustCompile(`^[A-Z][A-Z0-9]{1,29}$`)

func isSlackID(id, prefixes string) bool {
	return slackIDForm.MatchString(id) && strings.ContainsRune(prefixes, rune(id[0]))
}

// channel is a channel by name or ID.
func (r *reader) channel(f field) string {
	if f.node != nil && isNull(f.node) {
		r.report(f.node, "%q is empty: quote a channel's name (\"#cloud-spend\"), as # begins a comment", f.key)
		return ""
	}
	text, ok := r.text(f)
	switch name, found := strings.CutPrefix(text, "#"); {
	case !ok:
		return ""
	case found && isChannelName(name), isSlackID(text, "CG"):
		return text
	case !found && isChannelName(text):
		r.report(f.node, "bad channel %s: did you mean \"#%s\"?", shown(text), text)
	default:
		r.report(f.node, "bad channel %s: use a name such as \"#cloud-spend\", in small letters without spaces, or an ID such as C0123456", shown(text))
	}
	return ""
}

// isChannelName is Slack's rule: small letters of any script, digits, hyphens,
// underscores and full stops, 80 at most.
func isChannelName(name string) bool {
	return name != "" && utf8.RuneCountInString(name) <= 80 && !strings.ContainsFunc(name, func(c rune) bool {
		allowed := unicode.IsLetter(c) || unicode.IsMark(c) || unicode.IsDigit(c) || strings.ContainsRune("-_.", c)
		return !allowed || unicode.IsUpper(c)
	})
}
