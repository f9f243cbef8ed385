package slack

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/billbot/billbot/rules/report"
)

// escape writes the three characters that Slack gives a meaning to in every
// text as entities. It cuts the text, visibly, so that what is written is at
// most limit characters long.
func escape(text string, limit int) string {
	text = report.Cut(strings.ToValidUTF8(text, "\uFFFD"), limit) // or a very long text would be cut to nothing below
	written := entities(text)
	for keep := limit; utf8.RuneCountInString(written) > limit; {
		// An entity is up to five characters: cutting by what is too much
		// never cuts one in half, because the cut is made before escaping.
		keep = min(keep, utf8.RuneCountInString(text)) - max(1, (utf8.RuneCountInString(written)-limit)/5)
		text = report.Cut(text, keep)
		written = entities(text)
	}
	return written
}

func entities(text string) string {
	return strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;").Replace(text)
}

// marked makes a text safe inside mrkdwn: escaped, and with look-alikes for
// the characters that would make it bold, italic, struck or code. Escaping
// alone does not stop those.
func marked(text string, limit int) string {
	runes := []rune(strings.ToValidUTF8(text, "\uFFFD"))
	for i, r := range runes {
		switch {
		case r == '*':
			runes[i] = asterisk
		case r == '~':
			runes[i] = tilde
		case r == '`':
			runes[i] = backtick
		case r == '_' && !(wordAt(runes, i-1) && wordAt(runes, i+1)):
			runes[i] = underscore
		}
	}
	return escape(withoutEmoji(string(runes)), limit)
}

// The look-alikes of formatting characters. Slack formats an underscore at the
// edge of a word only, so those of my_app stay as they are.
const (
	asterisk   = '∗'
	tilde      = '∼'
	backtick   = 'ˋ'
	underscore = 'ˍ'
	colon      = '∶'
)

func wordAt(runes []rune, i int) bool {
	return i >= 0 && i < len(runes) && (unicode.IsLetter(runes[i]) || unicode.IsDigit(runes[i]))
}

var emojiCode = regexp.MustCompile(`:[a-zA-Z0-9_+'-]+:`)

// withoutEmoji keeps names such as "a:100:b" from turning into pictures.
func withoutEmoji(text string) string {
	return emojiCode.ReplaceAllStringFunc(text, func(code string) string {
		return strings.ReplaceAll(code, ":", string(colon))
	})
}

// mentions writes the users and user groups to notify. They come from the
// rules file; what is no Slack ID is left out all the same, and so is what
// would make a crowd.
func mentions(ids []string) string {
	const most = 20
	var texts []string
	for _, id := range ids {
		if !slackID.MatchString(id) || len(texts) == most {
			continue
		}
		if id[0] == 'S' {
			texts = append(texts, "<!subteam^"+id+">")
		} else {
			texts = append(texts, "<@"+id+">")
		}
	}
	return strings.Join(texts, " ")
}

// userID is the form of the users among them.
var userID = regexp.MustCompile(`^[UW][A-Z0-9]{2,30}$`)

var slackID = regexp.MustCompile(`^[UWS][A-Z0-9]{2,30}$`)
