package main

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/billbot/billbot/fetcher"
)

func TestExpectedIsAskedForInAForm(t *testing.T) {
	t.Parallel()
	p := fired(t, actionRules)
	if note := p.press("U0ADA", home, "expect"); note != "" || len(p.views) != 1 {
		t.Fatalf("was told %q, forms %v", note, p.views)
	}
	var opened struct {
		View struct {
			PrivateMetadata string `json:"private_metadata"`
			CallbackID      string `json:"callback_id"`
		}
	}
	if err := json.Unmarshal([]byte(p.views[0]), &opened); err != nil {
		t.Fatal(err)
	}
	submit := func(day, reason any) string {
		t.Helper()
		status, said := p.post(map[string]any{
			"type": "view_submission", "trigger_id": p.trigger(), "user": map[string]any{"id": "U0ADA"},
			"view": map[string]any{
				"callback_id": opened.View.CallbackID, "private_metadata": opened.View.PrivateMetadata,
				"state": map[string]any{"values": map[string]any{
					"until":  map[string]any{"value": map[string]any{"type": "datepicker", "selected_date": day}},
					"reason": map[string]any{"value": map[string]any{"type": "plain_text_input", "value": reason}},
				}},
			},
		})
		if status != http.StatusOK {
			t.Errorf("status %d", status)
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
