package slack

import (
	"context"
	"slices"
	"strings"

	"github.com/billbot/billbot/rules"
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
	if _, isWord := rules.Nearest(word, words()); isWord || near == "" {
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

// likely returns the only account that a word is near; "" when there is none,
// or more than one. A word of fewer than four letters is too short to guess by.
func likely(spends []report.Spend, word string) string {
	const shortest = 4
	if len(word) < shortest {
		return ""
	}
	var names []string
	for _, s := range spends {
		if !slices.Contains(names, s.Account) {
			names = append(names, s.Account)
		}
	}
	near, _ := rules.Nearest(word, names)
	others := slices.DeleteFunc(names, func(name string) bool { return name == near })
	if _, another := rules.Nearest(word, others); another {
		return ""
	}
	return near
}

// only is the spends of one account: one for each currency it is billed in.
func only(spends []report.Spend, account string) []report.Spend {
	return slices.DeleteFunc(slices.Clone(spends), func(s report.Spend) bool { return s.Account != account })
}
