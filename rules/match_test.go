package rules_test

import (
	"regexp"
	"strings"
	"testing"

	"github.com/billbot/billbot/fetcher"
	"github.com/billbot/billbot/rules"
	"pgregory.net/rapid"
)

func TestPatterns(t *testing.T) {
	for _, tt := range []struct {
		pattern, name string
		want          bool
	}{
		{"D1 - *", "D1 - Rows Read", true},
		{"d1 - rows read", "D1 - Rows Read", true},
		{"D1", "D1 - Rows Read", false},
		{"*Rows*", "D1 - Rows Read", true},
		{"D? - Rows Read", "D1 - Rows Read", true},
		{"D? - Rows Read", "D - Rows Read", false},
		{"D1 - Rows Read (first 25 billion included)", "D1 - Rows Read", true},
		{"Regular Twitch Neurons (RTN)", "Regular Twitch Neurons (RTN)", true},
		{"a.b", "aXb", false},
		{"[a-z]*", "abc", false},
		{" KV Read ", "KV Read", true},
		{"*", "", true},
		{"*", "two\nlines", true},
	} {
		if got := rules.NewServicePattern(tt.pattern).Match(tt.name); got != tt.want {
			t.Errorf("%q matches %q: got %t", tt.pattern, tt.name, got)
		}
	}
}

// A pattern matches as the regular expression that it stands for.
func TestPatternIsAGlob(t *testing.T) {
	t.Parallel()
	letters := rapid.StringOfN(rapid.SampledFrom([]rune("aAbkK\u212as\u017f\u00df.*? \n\u00e4\u00c4")), 0, 8, -1)
	rapid.Check(t, func(t *rapid.T) {
		pattern, name := letters.Draw(t, "pattern"), letters.Draw(t, "name")
		quoted := regexp.QuoteMeta(strings.TrimSpace(pattern))
		want := regexp.MustCompile(`(?is)^` + strings.NewReplacer(`\*`, `.*`, `\?`, `.`).Replace(quoted) + `$`).MatchString(name)
		if got := rules.NewPattern(pattern).Match(name); got != want {
			t.Errorf("%q matches %q: got %t, want %t", pattern, name, got, want)
		}
	})
}

func TestMatchOfLines(t *testing.T) {
	d1 := fetcher.LinesOf([]fetcher.Charge{{
		ServiceName: "D1 - Rows Read (first 25 billion included)", ServiceFamilyName: "D1", ZoneID: "z1", ZoneName: "example.com",
	}})[0]
	for written, want := range map[string]bool{
		`{}`:                                              true,
		`{services: ["D1 - *"]}`:                          true,
		`{services: ["KV *", "D1 - Rows Read"]}`:          true,
		`{services: ["KV *"]}`:                            false,
		`{exclude: ["D1 - Rows Read"]}`:                   false,
		`{exclude: ["KV *"]}`:                             true,
		`{services: ["D1 - *"], exclude: ["*Rows*"]}`:     false,
		`{families: [d1]}`:                                true,
		`{families: [Workers]}`:                           false,
		`{families: [D1], services: ["*Written"]}`:        false,
		`{zones: [example.com]}`:                          true,
		`{zones: [z1]}`:                                   true,
		`{zones: ["*.org"]}`:                              false,
		`{zones: ["*.org", z?], families: [Workers, D1]}`: true,
	} {
		if got := matchOf(t, written).Line(&d1); got != want {
			t.Errorf("%s: got %t, want %t", written, got, want)
		}
	}
	if matchOf(t, `{families: [D1]}`).Line(&fetcher.Line{Service: "D1"}) {
		t.Error("a line without a family is of the family D1")
	}
}

func TestMatchOfAccounts(t *testing.T) {
	for written, want := range map[string]bool{
		`{}`:                             true,
		`{accounts: [production]}`:       true,
		`{accounts: [p1]}`:               true,
		`{accounts: ["prod*"]}`:          true,
		`{accounts: ["tag:client-a"]}`:   true,
		`{accounts: ["tag:client-*"]}`:   true,
		`{accounts: ["tag:client-b"]}`:   false,
		`{accounts: [staging, "tag:*"]}`: true,
		`{accounts: [staging]}`:          false,
	} {
		if got := matchOf(t, written).Account(production); got != want {
			t.Errorf("%s: got %t, want %t", written, got, want)
		}
	}
}

// matchOf is the choice of a rule: what its keys besides name and budget say.
func matchOf(t *testing.T, written string) rules.Match {
	t.Helper()
	inside := written[1 : len(written)-1]
	if inside != "" {
		inside += ", "
	}
	return rulesOf(t, "- {"+inside+"name: r, budget: {amount: 1}}").Rules[0].Match
}
