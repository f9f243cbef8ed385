package slack

import (
	"regexp"
	"strings"
	"unicode"
)

// linked is an address or a name that Slack's composer made a link of.
var linked = regexp.MustCompile(`<(?:https?://|mailto:)[^|<>]*\|([^|<>]*)>`)

// unmarked is a text as it was typed: Slack hands texts on with three
// characters as entities, and with a link where a name looks like an address.
func unmarked(text string) string {
	text = linked.ReplaceAllString(text, "$1")
	return strings.NewReplacer("&lt;", "<", "&gt;", ">", "&amp;", "&").Replace(text)
}

// maxTyped is how many characters of a command are read.
const maxTyped = 300

var dashes = regexp.MustCompile(`-{2,}`)

// normal writes what keyboards and editors vary in one way: any quotes and
// dashes as those of ASCII (macOS makes a long dash of two), any white space
// as one space, and nothing invisible.
func normal(text string) string {
	text = strings.Map(plain, strings.ToValidUTF8(text, "\uFFFD"))
	text = dashes.ReplaceAllString(strings.Join(strings.Fields(text), " "), "-")
	if runes := []rune(text); len(runes) > maxTyped {
		text = strings.TrimRight(string(runes[:maxTyped]), " ")
	}
	return text
}

func plain(r rune) rune {
	switch {
	case strings.ContainsRune("‘’‚‛′ʼ＇", r):
		return '\''
	case strings.ContainsRune("“”„‟″«»＂", r):
		return '"'
	case unicode.Is(unicode.Pd, r), r == '−':
		return '-'
	case unicode.IsSpace(r):
		return ' '
	case unicode.In(r, unicode.Cc, unicode.Cf, unicode.Co, unicode.Zl, unicode.Zp):
		return -1
	}
	return r
}

// maxName leaves a name room for the word before it and its quotes.
const maxName = maxTyped - 20

// unquoted is a text without the quotes or backticks around it.
func unquoted(text string) string {
	const around = "\"'` "
	text = strings.Trim(text, around)
	if runes := []rune(text); len(runes) > maxName {
		text = strings.TrimRight(string(runes[:maxName]), around)
	}
	return text
}
