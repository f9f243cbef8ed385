package main

import (
	"fmt"
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
func repeats(t *testing.T, slack *fakeSlack) map[string]int {
	t.Helper()
	count := map[string]int{}
	for _, m := range slack.posted("billbot_alert") {
		first := slack.said(m)[0]
		if count[m.Key]++; count[m.Key] > 1 && !strings.HasPrefix(first, "May be a repeat: ") {
			t.Errorf("message %s is there again and does not say so: %s", m.Key, first)
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
	count := repeats(t, o.slack)
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
