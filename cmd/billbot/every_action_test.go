package main

import (
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/billbot/billbot/rules"
)

// actionDeeds is every button of an action, after those that come before it.
var actionDeeds = []struct {
	before  []string
	pressed string // action ID
	stored  rules.ApprovalState
}{
	{nil, "action_approve", rules.Done},
	{nil, "action_deny", rules.Denied},
	{[]string{"action_approve"}, "action_reverse", rules.Reversed},
}

// TestEveryActionButtonBothWays presses every button of an action, over HTTP and
// over sockets: what Slack is told first is nothing, and what is done is done.
func TestEveryActionButtonBothWays(t *testing.T) {
	t.Parallel()
	for _, tt := range actionDeeds {
		t.Run(tt.pressed, func(t *testing.T) {
			t.Parallel()
			answers := map[rules.ApprovalState]string{rules.Done: "done", rules.Denied: "done", rules.Reversed: "reversed"}
			server := httptest.NewServer(&stopper{answer: `{"state":"` + answers[tt.stored] + `"}`})
			t.Cleanup(server.Close)
			text := strings.Replace(hookRules(server.URL), "spike: {}", "spike: {}\n    action: {webhook: automation, approve: [U0ADA], expires: 30m}", 1)
			bothWaysUnder(t, text, func(t *testing.T, r *reached) {
				for _, press := range slices.Concat(tt.before, []string{tt.pressed}) {
					if said := r.bring(r.slack.Press("U0ADA", r.root(), press)); said != "" {
						t.Errorf("%s: acknowledged with %q, want nothing", press, said)
					}
					r.deliver()
				}
				if got := r.alert().Approval; got == nil || got.State != tt.stored {
					t.Errorf("got %+v, want %s", got, tt.stored)
				}
			})
		})
	}
}
