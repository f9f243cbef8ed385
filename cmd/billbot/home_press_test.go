package main

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/billbot/billbot/fetcher"
)

// homePress presses a button of App Home as it was published last, where there is
// neither a channel nor a response URL.
func (p *pressing) homePress(user, action, trigger string) {
	p.t.Helper()
	value := buttonValue(p.homeBlocks(), action)
	if value == "" {
		p.t.Fatalf("App Home has no button %s: %s", action, p.homeBlocks())
	}
	act := map[string]any{"block_id": "alert_" + p.alert().ID, "action_id": action, "value": value, "type": "button"}
	if strings.Contains(value, " ") {
		act["action_id"], act["type"], act["selected_option"] = "alert_more", "overflow", map[string]any{"value": value}
	}
	status, said := p.post(map[string]any{
		"type": "block_actions", "trigger_id": trigger, "user": map[string]any{"id": user}, "container": map[string]any{"type": "view", "view_id": "V1"},
		"view": map[string]any{"id": "V1", "type": "home", "blocks": []any{}}, "actions": []any{act},
	})
	if status != http.StatusOK || said != "" {
		p.t.Errorf("%s: got %d %q, want an empty 200", action, status, said)
	}
	p.eng.interactions.Wait()
}

// homeBlocks is the blocks of App Home as it was published last.
func (p *pressing) homeBlocks() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	var published struct {
		View struct{ Blocks json.RawMessage }
	}
	if len(p.homes) == 0 || json.Unmarshal([]byte(p.homes[len(p.homes)-1]), &published) != nil {
		return ""
	}
	return plain(string(published.View.Blocks))
}

// TestHomeActsOnAlerts: the buttons of App Home do what those of the message do,
// for the members of its channel; the page is shown anew, and what cannot be done
// is said over it.
func TestHomeActsOnAlerts(t *testing.T) {
	t.Parallel()
	p := fired(t, actionRules)
	body := `{"type":"event_callback","event_id":"Ev1","event":{"type":"app_home_opened","user":"U0ADA","tab":"home"}}`
	if status, _ := p.send("/slack/events", "application/json", body); status != http.StatusOK {
		t.Fatalf("opening App Home: status %d", status)
	}
	for deadline := time.Now().Add(10 * time.Second); p.homeBlocks() == "" && time.Now().Before(deadline); {
		<-time.After(time.Millisecond)
	}
	for i, tt := range []struct {
		user, action   string
		homes, windows int // in all, after the press
		home, window   string
		done           func() bool
	}{
		{"U0ADA", "alert_why", 1, 1, "", `"Why"`, func() bool { return true }},
		{"U0BOB", "alert_snooze_24h", 2, 2, "", "Everyone in its channel may, #cloud-spend: join it", func() bool { return p.alert().SnoozedUntil.IsZero() }},
		{"U0ADA", "alert_snooze_24h", 3, 2, "Snoozed until Sun 5 Apr 08:00 UTC by <@U0ADA>", "", func() bool { return !p.alert().SnoozedUntil.IsZero() }},
		{"U0ADA", "snooze_7d", 4, 2, "Snoozed until Sat 11 Apr 08:00 UTC", "", func() bool { return true }},
		{"U0ADA", "alert_acknowledge", 5, 2, "Acknowledged by <@U0ADA>", "", func() bool { return p.alert().AcknowledgedBy == "U0ADA" }},
		{"U0ADA", "snooze_7d", 6, 3, "", "That is done already.", func() bool { return true }},
		{"U0ADA", "expect", 6, 4, "", "alert_expect", func() bool { return p.alert().Expected == nil }},
	} {
		p.homePress(tt.user, tt.action, p.trigger())
		window := append([]string{""}, p.views...)[len(p.views)]
		if len(p.homes) != tt.homes || len(p.views) != tt.windows || !strings.Contains(p.homeBlocks(), tt.home) || !strings.Contains(window, tt.window) || !tt.done() {
			t.Errorf("%d, %s by %s: %d pages and %d windows, want %d and %d; the page\n%s\nthe window\n%s",
				i, tt.action, tt.user, len(p.homes), len(p.views), tt.homes, tt.windows, p.homeBlocks(), window)
		}
	}
	p.submitHome(p.views[len(p.views)-1])
	if e := p.alert().Expected; e == nil || len(p.homes) != 7 || !strings.Contains(p.homeBlocks(), "Expected through Fri 10 Apr by <@U0ADA>") {
		t.Errorf("expected %+v, %d pages, the last\n%s", e, len(p.homes), p.homeBlocks())
	}
	p.homePress("U0ADA", "alert_why", "late")
	if len(p.homes) != 8 || !strings.Contains(p.homeBlocks(), "more than 2x usual") {
		t.Errorf("no window could be opened: %d pages, the last\n%s", len(p.homes), p.homeBlocks())
	}
	p.deliver(at7(4).Add(time.Hour))
	if root := p.slack.posted("billbot_alert")[0]; !strings.Contains(root.Blocks, "Acknowledged by") {
		t.Errorf("the message says: %s", root.Blocks)
	}
}

// submitHome fills in the form that was opened from App Home.
func (p *pressing) submitHome(form string) {
	p.t.Helper()
	var opened struct {
		View struct {
			PrivateMetadata string `json:"private_metadata"`
		}
	}
	if err := json.Unmarshal([]byte(form), &opened); err != nil {
		p.t.Fatal(err)
	}
	if status, said := p.post(map[string]any{
		"type": "view_submission", "trigger_id": p.trigger(), "user": map[string]any{"id": "U0ADA"},
		"view": map[string]any{
			"type": "modal", "callback_id": "alert_expect", "private_metadata": opened.View.PrivateMetadata,
			"state": map[string]any{"values": map[string]any{
				"until":  map[string]any{"value": map[string]any{"type": "datepicker", "selected_date": fetcher.NewDay(2026, time.April, 10).String()}},
				"reason": map[string]any{"value": map[string]any{"type": "plain_text_input", "value": "a backfill"}},
			}},
		},
	}); status != http.StatusOK || said != "" {
		p.t.Errorf("the form: got %d %q, want an empty 200", status, said)
	}
	p.eng.interactions.Wait()
}
