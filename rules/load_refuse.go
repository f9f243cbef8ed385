package rules

import (
	"bytes"
	"fmt"
	"strings"

	"go.yaml.in/yaml/v4"
)

// refuse reports what no such file may hold, wherever it stands: aliases and
// all that goes with them, tags, and secrets.
func (r *reader) refuse(n *yaml.Node) {
	switch {
	case n.Kind == yaml.AliasNode:
		r.reject(n, "aliases are not part of a %s: write the value out, or quote a glob: %s", r.what, shown("*"+n.Value))
	case n.Anchor != "":
		r.reject(n, "anchors (%s) are not part of a %s: write the value out where it is used", shown("&"+n.Anchor), r.what)
	case n.Kind == yaml.ScalarNode && n.ShortTag() == "!!merge":
		r.reject(n, "merge keys (<<) are not part of a %s: write the keys out", r.what)
	case n.Style&yaml.TaggedStyle != 0:
		r.reject(n, "tags (%s) are not part of a %s", shown(n.Tag), r.what)
	case n.Kind == yaml.ScalarNode && isSecret(n.Value):
		r.reject(n, "this looks like a secret: secrets are never in a %s, but in the environment or a file of their own; change the secret if others could read it here", r.what)
	}
	for _, inner := range n.Content {
		r.refuse(inner)
	}
}

// maxAliases is how many aliases and anchors are read, to be refused one by one.
// A file of more is no mistake, and is not read at all.
const maxAliases = 100

// bombed reports a file of more aliases and anchors than anybody writes. What
// only looks like one, in a comment or a text, is one in a hundred at most.
func (r *reader) bombed(data []byte) bool {
	found, first := 0, 0
	for i, c := range data {
		if (c == '*' || c == '&') && isAlias(data, i) {
			if found == 0 {
				first = i
			}
			found++
		}
	}
	if found <= maxAliases {
		return false
	}
	line, column := bytes.Count(data[:first], []byte("\n"))+1, first-bytes.LastIndexByte(data[:first], '\n')
	r.reportAt(line, column, fmt.Sprintf("%d aliases and anchors (* and &): aliases are not part of a %s, and globs are quoted", found, r.what))
	return true
}

// isAlias reports whether a * or & begins a word that nothing quotes.
func isAlias(data []byte, i int) bool {
	begins := i == 0 || bytes.IndexByte([]byte(" \t\r\n,[{:-"), data[i-1]) >= 0
	return begins && i+1 < len(data) && bytes.IndexByte([]byte(" \t\r\n,]}"), data[i+1]) < 0
}

// isSecret reports whether text has the form of a token or a webhook's address.
func isSecret(text string) bool {
	text = strings.ToLower(strings.TrimSpace(text))
	for _, start := range []string{
		"xoxb-", "xoxp-", "xoxa-", "xoxr-", "xoxs-", "xoxe-", "xoxe.", "xapp-",
		"https://hooks.slack.com/", "bearer ", "cfat_", "cfut_", "cfk_", "whsec_",
	} {
		if strings.HasPrefix(text, start) {
			return true
		}
	}
	return false
}

// isSecretKey reports whether a key asks for a secret as its value.
func isSecretKey(key string) bool {
	key = strings.ToLower(key)
	for _, end := range []string{"token", "secret", "password", "api_key", "apikey", "webhook_url"} {
		if strings.HasSuffix(key, end) {
			return true
		}
	}
	return false
}
