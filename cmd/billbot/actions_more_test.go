package main

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/billbot/billbot/notifier/slack"
	"github.com/billbot/billbot/rules"
)

func TestWhoMayPress(t *testing.T) {
	t.Parallel()
	p := fired(t, actionRules)
	list := func(ids string) string {
		return strings.Replace(actionRules, `"#cloud-spend"`, `"#cloud-spend", access: {change: [`+ids+`]}`, 1)
	}
	for _, tt := range []struct{ name, rules, user, channel, want string }{
		{"everyone in the alert's channel", actionRules, "U0BOB", home, ""},
		{"nobody else elsewhere", actionRules, "U0BOB", elsewhere, "Everyone in its channel may, #cloud-spend: join it"},
		{"its members elsewhere", actionRules, "U0ADA", "D0DIRECT", ""},
		{"nobody unknown", actionRules, "<!channel>", home, "It is not known who you are"},
		{"a user", list("U0BOB"), "U0BOB", elsewhere, ""},
		{"a channel", list(elsewhere), "U0BOB", elsewhere, ""},
		{"its members elsewhere", list(elsewhere), "U0EVE", home, ""},
		{"a group", list("S0GROUP"), "U0ADA", home, ""},
		{"not in the group", list("S0GROUP"), "U0BOB", home, "neither you (U0BOB) nor this channel (C0CLOUDSPEND) is in it"},
		{"no scope for groups", list("S0GROUP"), "U0ADA", home, "add the scope usergroups:read to the app and reinstall it"},
		{"a user beside a group without scope", list("S0GROUP, U0BOB"), "U0BOB", home, ""},
	} {
		if strings.Contains(tt.name, "scope") {
			p.slack.Grant("chat:write", "channels:read", "channels:history")
		}
		rewrite(t, p, tt.rules)
		p.start(at7(4).Add(time.Hour))
		before := p.alert()
		note := p.pressValue(tt.user, tt.channel, "snooze", "snooze_7d "+before.ID, "1")
		if changed := !p.alert().SnoozedUntil.Equal(before.SnoozedUntil); changed != (tt.want == "") && !strings.Contains(note, "done already") {
			t.Errorf("%s: changed %t, want %t", tt.name, changed, tt.want == "")
		}
		if !strings.Contains(note, tt.want) || tt.want != "" && !strings.Contains(note, "You may not change this alert.") {
			t.Errorf("%s: was told %q, want %q", tt.name, note, tt.want)
		}
	}
}

func rewrite(t *testing.T, p *pressing, written string) {
	t.Helper()
	if err := writeRules(p.env.rulesFile, written); err != nil {
		t.Fatal(err)
	}
}

// TestPressWhileAPollCommits presses again and again while polls commit: nobody
// overwrites anybody.
func TestPressWhileAPollCommits(t *testing.T) {
	t.Parallel()
	p := fired(t, actionRules)
	var group sync.WaitGroup
	id := p.alert().ID
	const people = 8
	acknowledged := make(chan error, people)
	group.Go(func() {
		for day := 5; day <= 8; day++ {
			p.cloud.SetNow(at7(day))
			if err := p.eng.sweep(t.Context(), at7(day)); err != nil {
				t.Error(err)
			}
		}
	})
	for i := range people {
		group.Go(func() {
			user := fmt.Sprintf("U%03d", i)
			acknowledged <- p.eng.Acknowledge(t.Context(), id, user, at7(4))
			if err := p.eng.Snooze(t.Context(), id, user, at7(20+i), at7(4)); err != nil {
				t.Error(err)
			}
		})
	}
	group.Wait()
	close(acknowledged)
	first := 0
	for err := range acknowledged {
		switch {
		case err == nil:
			first++
		case !errors.Is(err, rules.ErrAlready):
			t.Error(err)
		}
	}
	deeds, err := p.eng.store.Audit(t.Context())
	if first != 1 || err != nil || len(deeds) != 1+people {
		t.Errorf("%d people were first, and the trail has %d entries, error %v", first, len(deeds), err)
	}
	a := p.alert()
	if a.SnoozedUntil.IsZero() || a.Finding.Through < 20_000 || a.AcknowledgedBy == "" {
		t.Errorf("something was overwritten: %+v", a)
	}
	if err := p.eng.Acknowledge(t.Context(), "nosuch", "U1", at7(4)); !errors.Is(err, slack.ErrNoAlert) {
		t.Errorf("no such alert: %v", err)
	}
}

// TestRequestsToInteractions: what does not come from Slack, and what billbot
// does not know.
func TestRequestsToInteractions(t *testing.T) {
	t.Parallel()
	p := fired(t, actionRules)
	for name, payload := range map[string]map[string]any{
		"another kind":      {"type": "shortcut"},
		"no actions":        {"type": "block_actions"},
		"nil actions":       {"type": "block_actions", "actions": []any{nil}},
		"an unknown action": {"type": "block_actions", "actions": []any{map[string]any{"block_id": "x", "action_id": "launch", "value": "57tvvywu"}}},
		"a message of ours without a key": {"type": "block_actions", "actions": []any{map[string]any{
			"block_id": "alert", "action_id": "alert_acknowledge"}}},
		"an unknown form":         {"type": "view_submission", "view": map[string]any{"callback_id": "other"}},
		"a form about nothing":    {"type": "view_submission", "view": map[string]any{"callback_id": "alert_expect", "private_metadata": "{"}},
		"no type":                 {},
		"an attachment's action":  {"type": "interactive_message", "actions": []any{map[string]any{"name": "x"}}},
		"a menu with no choice":   {"type": "block_actions", "actions": []any{map[string]any{"block_id": "alert", "action_id": "alert_more"}}},
		"a button without person": {"type": "block_actions", "actions": []any{map[string]any{"block_id": "alert", "action_id": "alert_acknowledge", "value": p.alert().ID}}},
	} {
		if status, said := p.post(payload); status != http.StatusOK || said != "" {
			t.Errorf("%s: got %d %q, want an empty 200", name, status, said)
		}
	}
	p.eng.interactions.Wait()
	if p.alert().AcknowledgedBy != "" {
		t.Error("nobody acknowledged the alert")
	}
	resp, err := http.Post(p.addr+"/slack/interactions", "application/x-www-form-urlencoded", strings.NewReader("payload={}"))
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	if resp.StatusCode != http.StatusUnauthorized {
		t.Errorf("forged: got %d, want 401", resp.StatusCode)
	}
	if status, _ := p.post(map[string]any{"type": strings.Repeat("x", 1<<20)}); status != http.StatusRequestEntityTooLarge {
		t.Errorf("over a MiB: got %d, want 413", status)
	}
	if note := p.pressValue("U0ADA", home, "alert_acknowledge", "gone", "1"); !strings.Contains(note, "billbot knows no alert “gone”.") {
		t.Errorf("an alert that is gone: was told %q", note)
	}
}

// TestSnoozedAlertDoesNotBroadcast: what passes the next line while an alert is
// snoozed stays in the thread, and is told when the snooze ends.
func TestSnoozedAlertDoesNotBroadcast(t *testing.T) {
	t.Parallel()
	p := newPressing(t, strings.Replace(actionRules, "  - name: runaway\n    spike: {}\n",
		"  - name: whole\n    budget: {amount: 5000, actual: [10%, 100%]}\n", 1))
	p.start(at7(3))
	p.poll(at7(3))
	p.poll(at7(4))
	if got := p.alert().Finding.Threshold; got != "10%" {
		t.Fatalf("fired at %s", got)
	}
	p.press("U0ADA", home, "alert_snooze_24h")
	p.press("U0ADA", home, "snooze_7d")
	broadcasts := func() (n int) {
		for _, m := range p.slack.posted("billbot_reply") {
			if m.Broadcast {
				n++
			}
		}
		return n
	}
	p.poll(at7(5))
	p.poll(at7(6))
	if got := p.alert(); got.Finding.Threshold != "100%" || !got.Missed || broadcasts() != 0 {
		t.Errorf("while snoozed: at %s, missed %t, %d broadcasts", got.Finding.Threshold, got.Missed, broadcasts())
	}
	p.poll(at7(12))
	if broadcasts() != 1 || !p.alert().SnoozedUntil.IsZero() {
		t.Errorf("after the snooze: %d broadcasts, want 1; %+v", broadcasts(), p.alert().SnoozedUntil)
	}
}
