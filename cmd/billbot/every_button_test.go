package main

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/billbot/billbot/fetcher"
	"github.com/billbot/billbot/notifier/slack"
	"github.com/billbot/billbot/notifier/slack/slackfake"
	"github.com/billbot/billbot/rules"
)

// The day on which the billing period of the recording is over, and the day
// until which its alert is expected.
var (
	periodOver    = time.Date(2026, time.April, 15, 0, 0, 0, 0, time.UTC)
	expectedUntil = fetcher.NewDay(2026, time.April, 10)
)

// buttonDeeds is every button of an alert and every choice of its menu, in an
// order in which each changes something.
var buttonDeeds = []struct {
	pressed string                 // action ID, or what the choice's value begins with
	stored  func(rules.Alert) bool // what the store has then
	message string                 // what the alert's message says then
	private string                 // what only who pressed is told
}{
	{"alert_why", func(a rules.Alert) bool { return a.SnoozedUntil.IsZero() }, "", "more than 2x usual"},
	{"alert_snooze_24h", func(a rules.Alert) bool { return a.SnoozedUntil.Equal(at7(5)) }, "Snoozed until Sun 5 Apr 07:00 UTC by <@U0ADA>", ""},
	{"snooze_7d", func(a rules.Alert) bool { return a.SnoozedUntil.Equal(at7(11)) }, "Snoozed until Sat 11 Apr 07:00 UTC by <@U0ADA>", ""},
	{"snooze_period", func(a rules.Alert) bool { return a.SnoozedUntil.Equal(periodOver) }, "Snoozed until Wed 15 Apr 00:00 UTC by <@U0ADA>", ""},
	{"expect", func(a rules.Alert) bool { return a.Expected != nil && a.Expected.Until == expectedUntil },
		"Expected through Fri 10 Apr by <@U0ADA>, Sat 4 Apr 07:00 UTC: a backfill", ""},
	{"alert_acknowledge", func(a rules.Alert) bool { return a.AcknowledgedBy == "U0ADA" }, "Acknowledged by <@U0ADA>, Sat 4 Apr 07:00 UTC", ""},
}

// TestEveryButtonBothWays presses every button of an alert's message, over HTTP
// and over sockets, and looks at what Slack is told and what is stored.
func TestEveryButtonBothWays(t *testing.T) {
	t.Parallel()
	bothWays(t, func(t *testing.T, r *reached) {
		for _, tt := range buttonDeeds {
			answers := len(r.slack.Answers())
			if said := r.bring(r.slack.Press("U0ADA", r.root(), tt.pressed)); said != "" {
				t.Errorf("%s: acknowledged with %q, want nothing", tt.pressed, said)
			}
			if tt.pressed == "expect" {
				r.fillIn()
			}
			r.deliver()
			private := ""
			for _, a := range r.slack.Answers()[answers:] {
				private += a.Type + ": " + a.Text + a.Blocks
			}
			if (tt.private == "") != (private == "") || !strings.Contains(private, tt.private) || tt.private != "" && !strings.HasPrefix(private, "ephemeral") {
				t.Errorf("%s: who pressed was told %q, want %q", tt.pressed, private, tt.private)
			}
			if root := plain(r.root().Blocks); !strings.Contains(root, tt.message) || !tt.stored(r.alert()) {
				t.Errorf("%s: the store has %+v, the message says %s", tt.pressed, r.alert(), root)
			}
		}
		r.checkTrail()
	})
}

// TestEveryHomeButtonBothWays opens App Home and presses every button of its
// alert there.
func TestEveryHomeButtonBothWays(t *testing.T) {
	t.Parallel()
	bothWays(t, func(t *testing.T, r *reached) {
		r.bring(r.slack.HomeOpened("U0ADA", "home"), nil)
		pages := func() []slackfake.View { return r.shown("views.publish") }
		r.until("App Home", func() bool { return len(pages()) > 0 })
		for _, tt := range buttonDeeds {
			before, windows := len(pages()), len(r.shown("views.open"))
			if said := r.bring(r.slack.PressHome("U0ADA", pages()[before-1], tt.pressed)); said != "" {
				t.Errorf("%s: acknowledged with %q, want nothing", tt.pressed, said)
			}
			if tt.pressed == "expect" {
				r.fillIn()
			}
			r.deliver()
			page := plain(pages()[len(pages())-1].JSON)
			if isShown := len(pages()) > before; isShown != (tt.message != "") || !strings.Contains(page, tt.message) {
				t.Errorf("%s: %d pages more, the last is %s", tt.pressed, len(pages())-before, page)
			}
			if opened := r.shown("views.open")[windows:]; tt.private != "" && (len(opened) != 1 || !strings.Contains(opened[0].JSON, tt.private)) {
				t.Errorf("%s: windows %+v, want one with %q", tt.pressed, opened, tt.private)
			}
			if root := plain(r.root().Blocks); !strings.Contains(root, tt.message) || !tt.stored(r.alert()) {
				t.Errorf("%s: the store has %+v, the message says %s", tt.pressed, r.alert(), root)
			}
		}
		r.checkTrail()
	})
}

// fillIn fills in the form that was opened last, first wrong, and sends it.
func (r *reached) fillIn() {
	r.t.Helper()
	r.eng.interactions.Wait()
	forms := r.shown("views.open")
	if len(forms) == 0 {
		r.t.Fatal("no form was opened")
	}
	form := forms[len(forms)-1]
	send := func(reason string) string {
		return r.bring(r.slack.Submission("U0ADA", form, map[string]map[string]any{
			"until":  {"value": map[string]any{"type": "datepicker", "selected_date": expectedUntil.String()}},
			"reason": {"value": map[string]any{"type": "plain_text_input", "value": reason}},
		}), nil)
	}
	if said := send(" "); !strings.Contains(said, `"errors":{"reason":`) || r.alert().Expected != nil {
		r.t.Errorf("without a reason: told %q, want what is wrong", said)
	}
	if said := send("a backfill"); said != "" {
		r.t.Errorf("the form: told %q, want nothing", said)
	}
}

// checkTrail wants every change in the audit trail and in the thread, once.
func (r *reached) checkTrail() {
	r.t.Helper()
	changes := 0
	for _, d := range buttonDeeds {
		if d.message != "" {
			changes++
		}
	}
	deeds, err := r.eng.store.Audit(r.t.Context())
	if err != nil || len(deeds) != changes {
		r.t.Errorf("the trail has %d entries, want %d: %+v, error %v", len(deeds), changes, deeds, err)
	}
	told := map[string]int{}
	for _, m := range r.slack.posted(slack.EventReply) {
		told[m.Text]++
	}
	for _, d := range buttonDeeds {
		if d.message == "" {
			continue
		}
		verb, _, _ := strings.Cut(d.message, " by <@U0ADA>")
		verb = strings.Replace(verb, "Expected", "Marked as expected", 1)
		count := 0
		for text, n := range told {
			if strings.HasPrefix(text, verb) {
				count += n
			}
		}
		if count != 1 {
			r.t.Errorf("the thread says %q %d times, want once: %v", verb, count, told)
		}
	}
}

// TestShareBothWays shows a private answer to the channel.
func TestShareBothWays(t *testing.T) {
	t.Parallel()
	bothWays(t, func(t *testing.T, r *reached) {
		var private struct{ Blocks json.RawMessage }
		if err := json.Unmarshal([]byte(r.ask("by service")), &private); err != nil {
			t.Fatal(err)
		}
		before := len(r.slack.Messages("cloud-spend"))
		r.bring(r.slack.Press("U0ADA", slackfake.Message{Channel: home, Blocks: string(private.Blocks)}, slack.ShareAction))
		taken := func() bool {
			answers := r.slack.Answers()
			return len(answers) > 0 && answers[len(answers)-1].Delete
		}
		r.until("the private answer is taken away", taken)
		messages := r.slack.Messages("cloud-spend")
		if len(messages) != before+1 {
			t.Fatalf("the channel got %d messages, want one", len(messages)-before)
		}
		shared := plain(messages[before].Blocks)
		for _, want := range []string{"Durable Objects Storage Rows Read: $1,018.93", "Shared by <@U0ADA>: /spend by service"} {
			if !strings.Contains(shared, want) {
				t.Errorf("shared %s, want %q in it", shared, want)
			}
		}
		if strings.Contains(shared, slack.ShareAction) {
			t.Error("what is shared can be shared again")
		}
	})
}
