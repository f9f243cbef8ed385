package main

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/billbot/billbot/notifier"
	"github.com/billbot/billbot/notifier/slack/slackfake"
	"github.com/billbot/billbot/rules"
	"github.com/billbot/billbot/rules/report"
)

// down is a Slack of which nothing sensible comes, and which takes nothing.
func down(int, string) *slackfake.Fault {
	ways := []slackfake.Fault{slackfake.ServerError(503), slackfake.Hanging(), slackfake.Dropped(), {Body: "<html>"}}
	return &ways[rand.IntN(len(ways))]
}

// TestSlackIsDownForDays: alerts come, grow worse and end while Slack is down, a
// summary a day falls due, and billbot is started again. Once Slack is back, each
// channel is shown one digest and the newest summary, and what was there before
// says how things are. What was tried when Slack went down may be there already,
// and has a message of its own.
func TestSlackIsDownForDays(t *testing.T) {
	for _, long := range []time.Duration{8 * time.Hour, 72 * time.Hour} {
		t.Run(fmt.Sprintf("%d h", int(long.Hours())), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) { liveThrough(t, long) })
		})
	}
}

func liveThrough(t *testing.T, long time.Duration) {
	channels := []string{"first", "second"}
	l := newLaden(t, channels...)
	for _, channel := range channels {
		l.enqueue(alert("before-"+channel, channel, rules.Firing, 0))
	}
	l.empty()
	l.slack.ScriptFunc(down)
	const alerts = 24
	for n := range alerts {
		l.episode(channels, n, long/alerts)
		if n == alerts/4 {
			l.restart()
		}
	}
	l.slack.ScriptFunc(nil)
	back := time.Now()
	given := l.empty()
	digests, others, stale, lost := 0, 0, 0, 0
	for _, channel := range channels {
		told, together := l.told(channel)
		lost += alerts + 1 - told
		digests = max(digests, together)
		others = max(others, l.shown(channel, back)-together)
		if m := l.slack.Messages(channel)[0]; !strings.Contains(m.Text, fmt.Sprintf("$%d.%02d", 100+alerts/100, alerts%100)) {
			stale++
			t.Errorf("the old message says %q after %d changes", m.Text, alerts)
		}
	}
	for _, key := range given {
		if !strings.HasPrefix(key, "summary-") {
			lost++
		}
	}
	line := fmt.Sprintf("hours=%d alerts=%d lost=%d digests=%d others=%d stale=%d given=%d", int(long.Hours()), len(channels)*alerts, lost, digests, others, stale, len(given))
	t.Attr("score", "4 "+line)
	if lost != 0 || digests != 1 || others > 3 || stale > 0 {
		t.Error(line)
	}
}

// episode is a while in which an alert fires in each channel, grows worse and
// ends, an older one goes on, and a summary is due each day.
func (l *laden) episode(channels []string, n int, long time.Duration) {
	l.t.Helper()
	steps := []func(key, channel string) []notifier.Item{
		func(key, channel string) []notifier.Item {
			return []notifier.Item{alert(key, channel, rules.Firing, 0), alert("before-"+channel, channel, rules.Firing, n+1)}
		},
		func(key, channel string) []notifier.Item {
			worse := alert(key, channel, rules.Firing, 50)
			reply := worse
			reply.Reply = true
			return []notifier.Item{worse, reply}
		},
		func(key, channel string) []notifier.Item {
			return []notifier.Item{alert(key, channel, rules.Resolved, 50)}
		},
		func(_, channel string) []notifier.Item {
			if n%int(24*time.Hour/long) != 0 {
				return nil
			}
			return []notifier.Item{{Key: fmt.Sprintf("summary-%s-%d", channel, n), Channel: "#" + channel, CreatedAt: time.Now(), Content: notifier.Content{Summary: &report.Summary{Every: rules.EveryDay}}}}
		},
	}
	for _, step := range steps {
		for _, channel := range channels {
			l.enqueue(step(fmt.Sprintf("%s-%d", channel, n), channel)...)
		}
		l.deliver(long/time.Duration(len(steps)), long/time.Duration(5*len(steps)))
	}
}

// shown is how many messages a channel was shown since a moment.
func (l *laden) shown(channel string, since time.Time) (n int) {
	for _, e := range l.slack.Log(channel) {
		if e.Type == slackfake.Posted && e.Message.InChannel() && !e.At.Before(since) {
			n++
		}
	}
	return n
}
