package slack

import (
	"context"
	"slices"
	"strings"

	"github.com/billbot/billbot/rules/report"
	"github.com/slack-go/slack"
)

// account answers for the account that was typed, or for the one whose name is
// nearest, saying so.
func (c *Commands) account(ctx context.Context, typed, word string) Message {
	word = strings.Trim(word, "\"'“”‘’")
	spends, err := c.config.Spend(ctx)
	if err != nil {
		return c.unread(err)
	}
	called := named(spends, word)
	if called != "" {
		return RenderSpend(only(spends, called))
	}
	near := likely(spends, word)
	if near == "" || nearest(word, "today", "help") != "" {
		return say(unknown(typed, word)...)
	}
	m := RenderSpend(only(spends, near))
	note := "No account is called " + quoted(typed) + "; this is " + report.Name(near, 60) + "."
	m.Blocks = append([]slack.Block{lines(note)}, m.Blocks...)
	return m
}

// named returns the name of the account that a word is, whatever its case, ""
// when there is none.
func named(spends []report.Spend, word string) string {
	for _, s := range spends {
		if strings.ToLower(report.Name(s.Account, maxSection)) == word {
			return s.Account
		}
	}
	return ""
}

// likely returns the only account whose name begins with a word or is at most
// two letters away from it; "" when there is none, or more than one. A word of
// fewer than four letters is too short to guess by.
func likely(spends []report.Spend, word string) string {
	const shortest, letters = 4, 2
	if len(word) < shortest {
		return ""
	}
	var found []string
	for _, s := range spends {
		name := strings.ToLower(s.Account)
		near := strings.HasPrefix(name, word) || distance(word, name, letters+1) <= letters
		if near && !slices.Contains(found, s.Account) {
			found = append(found, s.Account)
		}
	}
	if len(found) != 1 {
		return ""
	}
	return found[0]
}

// only is the spends of one account: one for each currency it is billed in.
func only(spends []report.Spend, account string) []report.Spend {
	return slices.DeleteFunc(slices.Clone(spends), func(s report.Spend) bool { return s.Account != account })
}
