package main

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/billbot/billbot/fetcher/cloudflare/cloudflaretest"
	"github.com/billbot/billbot/notifier/slack/slackfake"
	"github.com/billbot/billbot/rules"
)

const actionRules = `
accounts:
  - {name: production, id: d0a1a40004778704200000000000a9c2}
slack: {channel: "#cloud-spend"}
rules:
  - name: runaway
    spike: {}
`

// pressing is a billbot on loopback, with a Slack that signs what is pressed.
type pressing struct {
	t     *testing.T
	cloud *cloudflaretest.Server
	slack *fakeSlack
	env   env
	eng   *engine
	addr  string // of what Slack posts to
}

const pressSecret = slackfake.SigningSecret

func newPressing(t *testing.T, written string) *pressing {
	t.Helper()
	recording, err := loopRecording()
	if err != nil {
		t.Fatal(err)
	}
	w := newWorld(t, written, recording)
	p := &pressing{t: t, cloud: w.cloud, slack: w.slack, env: w.env}
	t.Cleanup(w.slack.Listen())
	w.slack.AddPeople("cloud-spend", "U0EVE", "U0ADA")
	w.slack.AddChannel("other")
	w.slack.AddPeople("other", "U0EVE")
	w.slack.AddGroup("S0GROUP", "U0ADA")
	settings := map[string]string{
		"CLOUDFLARE_API_TOKEN": cloudflaretest.Token, "CLOUDFLARE_BASE_URL": serve(t, w.cloud) + cloudflaretest.Prefix,
		"SLACK_BOT_TOKEN": slackfake.BotToken, "SLACK_API_URL": w.slack.URL + "/api/", "SLACK_SIGNING_SECRET": pressSecret,
	}
	p.env.transport, p.env.getenv = nil, func(name string) string { return settings[name] }
	return p
}

// start starts billbot's engine and addresses at a moment, again and again.
func (p *pressing) start(now time.Time) {
	p.t.Helper()
	p.stop()
	p.env.fixed = now
	p.cloud.SetNow(now)
	eng, err := p.env.newEngine("slack", 0)
	if err != nil {
		p.t.Fatal(err)
	}
	front, err := p.env.newFront(eng)
	if err != nil {
		p.t.Fatal(err)
	}
	server := httptest.NewServer(p.env.handler(eng, front))
	p.eng, p.addr = eng, server.URL
	p.t.Cleanup(func() { server.Close(); eng.store.Close() })
}

func (p *pressing) stop() {
	if p.eng != nil {
		p.eng.interactions.Wait()
		p.eng.store.Close()
	}
}

// poll polls and delivers.
func (p *pressing) poll(now time.Time) {
	p.t.Helper()
	p.cloud.SetNow(now)
	if err := p.eng.sweep(p.t.Context(), now); err != nil {
		p.t.Fatal(err)
	}
	p.deliver(now)
}

func (p *pressing) deliver(now time.Time) {
	p.t.Helper()
	p.eng.interactions.Wait()
	if err := p.eng.deliver(p.t.Context(), now); err != nil {
		p.t.Fatal(err)
	}
}

// post sends a payload as Slack does, and returns the status and the answer.
func (p *pressing) post(payload map[string]any) (int, string) {
	p.t.Helper()
	raw, err := json.Marshal(payload)
	if err != nil {
		p.t.Fatal(err)
	}
	return p.send("/slack/interactions", "application/x-www-form-urlencoded", url.Values{"payload": {string(raw)}}.Encode())
}

func (p *pressing) send(path, contentType, body string) (int, string) {
	p.t.Helper()
	return sendSigned(p.t, p.addr+path, contentType, body)
}

// press presses a button of a message as it is in Slack: the value is taken from
// its blocks. It returns the private answer, "" for none.
func (p *pressing) press(user, channel, action string) string {
	p.t.Helper()
	message := p.slack.posted("billbot_alert")[0]
	return p.pressValue(user, channel, action, buttonValue(message.Blocks, action), message.TS)
}

// pressValue presses a button of a message that may not have it, or not any more.
// An option of the menu has its name and a key for a value.
func (p *pressing) pressValue(user, channel, action, value, ts string) string {
	p.t.Helper()
	asked := slackfake.Action{ID: action, BlockID: "alert", Value: value}
	if strings.Contains(value, " ") {
		asked.ID, asked.Menu = "alert_more", true
	}
	before := len(p.slack.Answers())
	p.bring(p.slack.PressAs(user, slackfake.Message{Channel: channel, TS: ts}, asked))
	var notes []string
	for _, a := range p.slack.Answers()[before:] {
		notes = append(notes, a.Body)
	}
	return strings.Join(notes, "\n")
}

// bring has a press or a form come, wants it taken without a word, and waits for
// what goes on behind.
func (p *pressing) bring(r slackfake.Request) {
	p.t.Helper()
	status, said, err := p.slack.Post(p.t.Context(), p.addr, r)
	if err != nil || status != http.StatusOK || said != "" {
		p.t.Errorf("got %d %q, %v, want an empty 200", status, said, err)
	}
	p.eng.interactions.Wait()
}

// shown is the views so far: the forms and windows that were opened, or the pages
// of App Home.
func (p *pressing) shown(method string) []slackfake.View {
	return slices.DeleteFunc(p.slack.Views(), func(v slackfake.View) bool { return v.Method != method })
}

// plain undoes what JSON escapes.
func plain(blocks string) string {
	return strings.NewReplacer(`\u003c`, "<", `\u003e`, ">", `\u0026`, "&").Replace(blocks)
}

// buttonValue is the value of a button, or of an option of the menu by the word
// it begins with.
func buttonValue(blocks, action string) string {
	var all []struct {
		Elements []struct {
			ActionID string `json:"action_id"`
			Value    string
			Options  []struct{ Value string }
		}
	}
	json.Unmarshal([]byte(blocks), &all)
	for _, b := range all {
		for _, e := range b.Elements {
			if e.ActionID == action {
				return e.Value
			}
			for _, o := range e.Options {
				if strings.HasPrefix(o.Value, action+" ") {
					return o.Value
				}
			}
		}
	}
	return ""
}

func (p *pressing) alert() rules.Alert {
	p.t.Helper()
	alerts, err := p.eng.store.Alerts(context.Background())
	if err != nil || len(alerts) != 1 {
		p.t.Fatalf("alerts: %+v, error %v", alerts, err)
	}
	return alerts[0].Alert
}

// at7 is a morning in April.
func at7(day int) time.Time { return time.Date(2026, time.April, day, 7, 0, 0, 0, time.UTC) }

// home is the channel of the alert, elsewhere another.
const (
	home      = "C0CLOUDSPEND"
	elsewhere = "C0OTHER"
)

// fired is a billbot whose Durable Objects run away, told on 4 April, and
// restarted since.
func fired(t *testing.T, written string) *pressing {
	t.Helper()
	p := newPressing(t, written)
	p.start(at7(3))
	p.poll(at7(3))
	p.poll(at7(4))
	p.start(at7(4).Add(time.Hour))
	return p
}

func TestPressesAfterARestart(t *testing.T) {
	t.Parallel()
	p := fired(t, actionRules)
	if note := p.press("U0ADA", home, "alert_acknowledge"); note != "" {
		t.Errorf("acknowledged, and was told %s", note)
	}
	if note := p.press("U0BOB", home, "alert_acknowledge"); !strings.Contains(note, "done already") || !strings.Contains(note, "U0ADA") {
		t.Errorf("the second press was told %q", note)
	}
	p.deliver(at7(4).Add(time.Hour))
	root := p.slack.posted("billbot_alert")[0]
	if !strings.Contains(plain(root.Blocks), "Acknowledged by <@U0ADA>, Sat 4 Apr 08:00 UTC") || buttonValue(root.Blocks, "alert_acknowledge") != "" {
		t.Errorf("the message says: %s", root.Blocks)
	}
	if !strings.Contains(root.Blocks, `"data_visualization"`) {
		t.Error("the edit took the chart away")
	}
	if note := p.press("U0ADA", home, "alert_snooze_24h"); note != "" || !p.alert().SnoozedUntil.Equal(at7(5).Add(time.Hour)) {
		t.Errorf("snoozed until %s, and was told %q", p.alert().SnoozedUntil, note)
	}
	if note := p.press("U0ADA", home, "alert_snooze_24h"); !strings.Contains(note, "done already") {
		t.Errorf("pressed twice, and was told %q", note)
	}
	if p.press("U0ADA", home, "snooze_7d"); !p.alert().SnoozedUntil.Equal(at7(11).Add(time.Hour)) {
		t.Errorf("for seven days: until %s", p.alert().SnoozedUntil)
	}
	if p.press("U0ADA", home, "snooze_period"); !p.alert().SnoozedUntil.Equal(time.Date(2026, 4, 15, 0, 0, 0, 0, time.UTC)) {
		t.Errorf("until the period ends: %s", p.alert().SnoozedUntil)
	}
	if note := p.press("U0ADA", home, "alert_why"); !strings.Contains(note, "more than 2x usual") || !strings.Contains(note, `"ephemeral"`) || !strings.Contains(note, `"replace_original":false`) {
		t.Errorf("why: %s", note)
	}
	deeds, err := p.eng.store.Audit(t.Context())
	if err != nil || len(deeds) != 4 {
		t.Errorf("the trail: %+v, error %v", deeds, err)
	}
}

// TestPressOnWhatIsOver acts on a message that was posted before its alert
// resolved, and that a person still has on the screen.
func TestPressOnWhatIsOver(t *testing.T) {
	t.Parallel()
	p := fired(t, actionRules)
	seen := p.slack.posted("billbot_alert")[0]
	for day := 5; day <= 20 && p.alert().On(); day++ {
		p.poll(at7(day))
	}
	before := p.alert()
	if before.On() {
		t.Fatal("it never ended")
	}
	for _, action := range []string{"alert_acknowledge", "alert_snooze_24h", "snooze_7d", "expect"} {
		note := p.pressValue("U0ADA", home, action, buttonValue(seen.Blocks, action), seen.TS)
		if !strings.Contains(note, "This alert is over. Nothing was changed.") {
			t.Errorf("%s: was told %q", action, note)
		}
	}
	if after := p.alert(); after.On() || after.AcknowledgedBy != "" || len(p.slack.Views()) > 0 {
		t.Errorf("changed: %+v, forms %v", after, p.slack.Views())
	}
	root := p.slack.posted("billbot_alert")[0]
	if strings.Contains(root.Blocks, "alert_snooze") {
		t.Error("a message of what is over has buttons")
	}
	last := p.slack.posted("billbot_reply")
	if end := last[len(last)-1]; end.Broadcast || end.Thread == "" || !strings.Contains(end.Text, "It was on for") {
		t.Errorf("the thread ends with %+v", end)
	}
}
