package main

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/billbot/billbot/fetcher"
	"github.com/billbot/billbot/notifier/slack/slackfake"
)

func TestExpectedIsAskedForInAForm(t *testing.T) {
	t.Parallel()
	p := fired(t, actionRules)
	if note := p.press("U0ADA", home, "expect"); note != "" || len(p.slack.Views()) != 1 {
		t.Fatalf("was told %q, forms %v", note, p.slack.Views())
	}
	submit := func(day, reason any) string {
		t.Helper()
		status, said, err := p.slack.Post(t.Context(), p.addr, p.filledIn(day, reason))
		if err != nil || status != http.StatusOK {
			t.Errorf("status %d, error %v", status, err)
		}
		return said
	}
	for _, tt := range []struct {
		day, reason any
		want        string
	}{
		{"2026-04-03", "a backfill", `"errors":{"until":"That day is past. Today is 2026-04-04 (UTC)."}`},
		{"2028-04-03", "a backfill", `"errors":{"until":"That is more than a year ahead."}`},
		{nil, "a backfill", `"errors":{"until":"Choose a day."}`},
		{"2026-04-10", " ", `"errors":{"reason":"Say why: it is what others will see."}`},
		{"2026-04-10", nil, `"errors":{"reason":"Say why: it is what others will see."}`},
		{"2026-04-10", "a <!channel> *backfill*", ""},
		{"2026-04-10", "a <!channel> *backfill*", "That is done already."},
	} {
		if got := submit(tt.day, tt.reason); !strings.Contains(got, tt.want) || (tt.want == "") != (got == "") {
			t.Errorf("%v, %q: got %s, want %s", tt.day, tt.reason, got, tt.want)
		}
	}
	if e := p.alert().Expected; e == nil || e.Until != fetcher.NewDay(2026, time.April, 10) || e.By != "U0ADA" {
		t.Errorf("expected: %+v", e)
	}
	p.deliver(at7(4).Add(time.Hour))
	root := p.slack.posted("billbot_alert")[0]
	if !strings.Contains(plain(root.Blocks), "Expected through Fri 10 Apr by <@U0ADA>") || strings.Contains(plain(root.Blocks), "<!channel>") {
		t.Errorf("the message says: %s", root.Blocks)
	}
}

// filledIn is the form that was opened last, filled in.
func (p *pressing) filledIn(day, reason any) slackfake.Request {
	p.t.Helper()
	forms := p.shown("views.open")
	if len(forms) == 0 {
		p.t.Fatal("no form was opened")
	}
	return p.slack.Submission("U0ADA", forms[len(forms)-1], map[string]map[string]any{
		"until":  {"value": map[string]any{"type": "datepicker", "selected_date": day}},
		"reason": {"value": map[string]any{"type": "plain_text_input", "value": reason}},
	})
}
