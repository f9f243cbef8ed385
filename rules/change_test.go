package rules

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const beforeChange = `
accounts:
  - {name: production, id: 0123456789abcdef0123456789abcdef}
  - {name: staging, id: 1123456789abcdef0123456789abcdef}
slack: {channel: "#cloud-spend"}
rules:
  - {name: all, budget: {amount: 20.50}}
  - {name: runaway, spike: {}}
`

func TestChangesFrom(t *testing.T) {
	for _, tt := range []struct {
		name, old, new string
		want           Changes
	}{
		{"a comment and another way to write it", "rules:", "# of ours\nrules:\n", Changes{}},
		{"a default written out", "slack:", "poll: 1h\ntimezone: UTC\nslack:", Changes{}},
		{"an amount", "20.50", "21", Changes{Rules: Changed{Changed: []string{"all"}}}},
		{"another name", "name: all", "name: everything", Changes{Rules: Changed{Added: []string{"everything"}, Removed: []string{"all"}}}},
		{"a rule less", "  - {name: runaway, spike: {}}\n", "", Changes{Rules: Changed{Removed: []string{"runaway"}}}},
		{"accounts", "name: staging", "channel: C012AB3CD, name: staging", Changes{Accounts: Changed{Changed: []string{"staging"}}}},
		{"an account less", "  - {name: staging, id: 1123456789abcdef0123456789abcdef}\n", "", Changes{Accounts: Changed{Removed: []string{"staging"}}}},
		{"settings", "slack: {", "timezone: Europe/Berlin\npoll: 2h\nsummaries: [{every: day}]\nretention: {charges: 500d}\nslack: {access: {read: [U012AB3CD]}, ", Changes{
			Settings: []string{"timezone", "poll", "slack.access", "summaries", "retention"},
		}},
	} {
		before, after := loaded(t, beforeChange), loaded(t, strings.Replace(beforeChange, tt.old, tt.new, 1))
		got := after.ChangesFrom(before)
		if diff := cmp.Diff(tt.want, got); diff != "" || got.Empty() != tt.want.Empty() {
			t.Errorf("%s (-want +got):\n%s", tt.name, diff)
		}
	}
}

// The order of rules is the order in which summaries tell them.
func TestAnotherOrderIsAChange(t *testing.T) {
	first, second := "  - {name: all, budget: {amount: 20.50}}\n", "  - {name: runaway, spike: {}}\n"
	before, after := loaded(t, beforeChange), loaded(t, strings.Replace(beforeChange, first+second, second+first, 1))
	if got := after.ChangesFrom(before); got.Empty() {
		t.Error("got no change")
	}
}

func loaded(t *testing.T, text string) *Rules {
	t.Helper()
	r, err := Load("rules.yaml", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return r
}
