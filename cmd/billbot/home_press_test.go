package main

import (
	"strings"
	"testing"
	"time"

	"github.com/billbot/billbot/notifier/slack/slackfake"
)

// homePress presses a button of App Home as it was published last.
func (p *pressing) homePress(user, action string) {
	p.t.Helper()
	pages := p.shown("views.publish")
	pressed, err := p.slack.PressHome(user, pages[len(pages)-1], action)
	if err != nil {
		p.t.Fatal(err)
	}
	p.bring(pressed)
}

// lastOf is the last view of a method as it was sent, "" for none.
func (p *pressing) lastOf(method string) string {
	views := p.shown(method)
	if len(views) == 0 {
		return ""
	}
	return plain(views[len(views)-1].JSON)
}

// TestHomeActsOnAlerts: the buttons of App Home do what those of the message do,
// for the members of its channel; the page is shown anew, and what cannot be done
// is said over it.
func TestHomeActsOnAlerts(t *testing.T) {
	t.Parallel()
	p := fired(t, actionRules)
	p.bring(p.slack.HomeOpened("U0ADA", "home"))
	for changed := p.slack.Changed(); len(p.shown("views.publish")) == 0; changed = p.slack.Changed() {
		<-changed
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
		p.homePress(tt.user, tt.action)
		homes, windows := len(p.shown("views.publish")), len(p.shown("views.open"))
		home, window := p.lastOf("views.publish"), p.lastOf("views.open")
		if homes != tt.homes || windows != tt.windows || !strings.Contains(home, tt.home) || !strings.Contains(window, tt.window) || !tt.done() {
			t.Errorf("%d, %s by %s: %d pages and %d windows, want %d and %d; the page\n%s\nthe window\n%s",
				i, tt.action, tt.user, homes, windows, tt.homes, tt.windows, home, window)
		}
	}
	p.bring(p.filledIn("2026-04-10", "a backfill"))
	if e, page := p.alert().Expected, p.lastOf("views.publish"); e == nil || !strings.Contains(page, "Expected through Fri 10 Apr by <@U0ADA>") {
		t.Errorf("expected %+v, the page\n%s", e, page)
	}
	p.slack.ScriptFunc(func(_ int, method string) *slackfake.Fault {
		if late := slackfake.Refused("expired_trigger_id"); method == "views.open" {
			return &late
		}
		return nil
	})
	p.homePress("U0ADA", "alert_why")
	if page := p.lastOf("views.publish"); len(p.shown("views.publish")) != 8 || !strings.Contains(page, "more than 2x usual") {
		t.Errorf("no window could be opened: the page\n%s", page)
	}
	p.deliver(at7(4).Add(time.Hour))
	if root := p.slack.posted("billbot_alert")[0]; !strings.Contains(root.Blocks, "Acknowledged by") {
		t.Errorf("the message says: %s", root.Blocks)
	}
}
