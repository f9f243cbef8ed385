package main

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"testing/synctest"
	"time"

	"github.com/billbot/billbot/notifier/slack/slackfake"
	"github.com/billbot/billbot/rules"
)

// TestFloodWhileSlackAsksToWait tells 500 alerts, most of them at once and the
// others over hours, to a Slack that asks to wait every third time: what is too
// much to read is told together, slowly enough, and nothing is lost.
func TestFloodWhileSlackAsksToWait(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		channels := []string{"flood", "other", "third"}
		l := newLaden(t, channels...)
		l.slack.ScriptFunc(func(_ int, method string) *slackfake.Fault {
			if rand.IntN(3) > 0 {
				return nil
			}
			wait := slackfake.RateLimited(time.Duration(1+rand.IntN(60)) * time.Second)
			return &wait
		})
		fired := map[string]int{}
		fire := func(channel string) {
			fired[channel]++
			l.enqueue(alert(fmt.Sprintf("%s-%d", channel, fired[channel]), channel, rules.Firing, fired[channel]))
		}
		for range 300 {
			fire("flood")
		}
		l.deliver(time.Minute, 2*time.Second)
		l.restart()
		for range 100 { // a new one each minute and a half in either: more than an hour has room for
			fire("other")
			fire("third")
			l.deliver(90*time.Second, 2*time.Second)
		}
		l.slack.ScriptFunc(nil)
		given := l.empty()
		lost, digests := len(given), 0
		for _, channel := range channels {
			told, together := l.told(channel)
			lost += fired[channel] - told
			digests += together
			for n := range fired[channel] {
				if key := fmt.Sprintf("%s-%d", channel, n+1); !l.isIn(key) {
					t.Errorf("%s is nowhere", key)
				}
			}
		}
		hasty, crowded := l.hasty()
		line := fmt.Sprintf("alerts=500 lost=%d hasty=%d crowded=%d digests=%d", lost, hasty, crowded, digests)
		t.Attr("score", "3 "+line)
		if lost != 0 || hasty > 0 || crowded > 0 || digests < 3 {
			t.Error(line)
		}
	})
}

// hasty counts the messages that came within a second of another in their
// channel, and those that were the twenty-first within an hour there.
func (l *laden) hasty() (hasty, crowded int) {
	shown := map[string][]time.Time{}
	for _, e := range l.slack.Log("") {
		if e.Type != slackfake.Posted || !e.Message.InChannel() {
			continue
		}
		before := append(shown[e.Message.Channel], e.At)
		shown[e.Message.Channel] = before
		if n := len(before); n > 1 && e.At.Sub(before[n-2]) < time.Second {
			hasty++
		}
		if n := len(before); n > 20 && e.At.Sub(before[n-21]) < time.Hour {
			crowded++
		}
	}
	return hasty, crowded
}
