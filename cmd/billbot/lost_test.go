package main

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/billbot/billbot/fetcher"
	"github.com/billbot/billbot/notifier/slack/slackfake"
)

// lost is an answer that does not come although the call had its effect.
func lost() map[string]slackfake.Fault {
	return map[string]slackfake.Fault{
		"500":           slackfake.ServerError(500).After(),
		"502":           slackfake.ServerError(502).After(),
		"cut":           slackfake.Dropped().After(),
		"hangs":         slackfake.Hanging().After(),
		"html":          {Body: "<html>", Accepted: true},
		"half JSON":     {Body: `{"ok":true,"channel":"C`, Accepted: true},
		"internal":      slackfake.Refused("internal_error").After(),
		"late":          {Drop: true, Accepted: true, Late: 300 * time.Millisecond},
		"500, not done": slackfake.ServerError(500),
		"cut, not done": slackfake.Dropped(),
	}
}

// repeats counts messages by alert and checks that each but the first says that
// it may be a repeat.
func repeats(t *testing.T, posted []slackMessage) map[string]int {
	t.Helper()
	count := map[string]int{}
	for _, m := range posted {
		if count[m.Key]++; count[m.Key] > 1 && !strings.HasPrefix(m.Text, "May be a repeat: ") {
			t.Errorf("message %s is there again and does not say so: %s", m.Key, m.Text)
		}
	}
	return count
}

// TestLostAnswers loses the answer to the first of two alerts in every way, and
// polls each hour until there is nothing left to send.
func TestLostAnswers(t *testing.T) {
	t.Parallel()
	for name, fault := range lost() {
		for _, history := range []bool{true, false} {
			t.Run(fmt.Sprintf("%s, history %t", name, history), func(t *testing.T) {
				t.Parallel()
				loseAnswer(t, fault, history)
			})
		}
	}
}

func loseAnswer(t *testing.T, fault slackfake.Fault, history bool) {
	o := newOutside(t)
	o.env = append(o.env, "SLACK_TIMEOUT=500ms")
	o.slack.history(history)
	day := fetcher.NewDay(2026, time.April, 4)
	o.poll(t, day-1)
	o.slack.Script(fault)
	for h := range 3 {
		o.pollAt(t, day.Time().Add(time.Duration(7+h)*time.Hour))
	}
	count := repeats(t, o.slack.posted("billbot_alert"))
	most := 2
	if history || !fault.Accepted {
		most = 1
	}
	if len(count) != 2 {
		t.Errorf("alerts in Slack: %v, want two", count)
	}
	for key, n := range count {
		if n > most {
			t.Errorf("alert %s has %d messages, want at most %d", key, n, most)
		}
	}
}

// manyRules gives an alert to each of so many channels, all at once.
func manyRules(channels int) string {
	var b strings.Builder
	b.WriteString("accounts:\n  - {name: production, id: d0a1a40004778704200000000000a9c2}\npoll: 1h\nslack: {channel: \"#cloud-spend\"}\nrules:\n")
	for i := range channels {
		fmt.Fprintf(&b, "  - {name: b%d, channel: \"#c%d\", budget: {amount: %d, actual: [100%%]}}\n", i, i, 25+i)
	}
	return b.String()
}

// kills is how often TestKilledAnywhere kills in each of its two runs;
// BILLBOT_KILLS asks for more.
func kills() int {
	if n, err := strconv.Atoi(os.Getenv("BILLBOT_KILLS")); err == nil {
		return n
	}
	return 15
}

// TestKilledAnywhere kills the daemon with -9 again and again while it delivers,
// to a Slack that is slow to accept and loses every twentieth answer.
func TestKilledAnywhere(t *testing.T) {
	t.Parallel()
	t.Run("history", func(t *testing.T) { t.Parallel(); killAnywhere(t, true, 1) })
	t.Run("no history", func(t *testing.T) { t.Parallel(); killAnywhere(t, false, 2) })
}

func killAnywhere(t *testing.T, history bool, most int) {
	const alerts = 20
	killed := 0
	for round := 0; killed < kills(); round++ {
		o := newOutside(t)
		o.env = append(o.env, "SLACK_GRACE=600ms", "SLACK_TIMEOUT=300ms")
		if err := os.WriteFile(filepath.Join(o.dir, "rules.yaml"), []byte(manyRules(alerts)), 0o600); err != nil {
			t.Fatal(err)
		}
		o.slack.history(history)
		for i := range alerts {
			o.slack.AddChannel(fmt.Sprint("c", i))
		}
		day := fetcher.NewDay(2026, time.April, 4)
		o.poll(t, day-1)
		o.cloud.SetNow(day.Time().Add(7 * time.Hour))
		o.slack.ScriptFunc(slowAndLossy)
		started := time.Now()
		for len(o.slack.keys()) < alerts && killed < kills() {
			now := day.Time().Add(7*time.Hour + time.Since(started)) // as the grace is real time
			command, _ := o.start(t, "run", "--listen", "127.0.0.1:0", "--now", now.Format(time.RFC3339Nano))
			<-time.After(time.Duration(100+rand.IntN(250)) * time.Millisecond)
			command.Process.Kill()
			command.Wait()
			killed++
		}
		o.slack.ScriptFunc(nil)
		<-time.After(time.Second) // the polls are an hour later: nothing may be on its way any more
		for h := range 3 {
			o.pollAt(t, day.Time().Add(time.Duration(8+h)*time.Hour))
		}
		count := repeats(t, o.slack.posted("billbot_alert"))
		if len(count) != alerts {
			t.Errorf("round %d: %d alerts in Slack, want %d: lost", round, len(count), alerts)
		}
		for key, n := range count {
			if n > most {
				t.Errorf("round %d: alert %s has %d messages, want at most %d", round, key, n, most)
			}
		}
	}
}

// slowAndLossy accepts posts up to 150 ms late and loses some answers.
func slowAndLossy(n int, method string) *slackfake.Fault {
	if !strings.HasPrefix(method, "chat.") {
		return nil
	}
	<-time.After(time.Duration(rand.IntN(60)) * time.Millisecond)
	if n%20 != 0 {
		return nil
	}
	return &slackfake.Fault{Drop: true, Accepted: true, Late: time.Duration(rand.IntN(150)) * time.Millisecond}
}
