package main

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"testing/synctest"

	"github.com/billbot/billbot/notifier/slack/slackfake"
	"github.com/billbot/billbot/rules"
)

// TestThousandsOfLostAnswers tells thousands of alerts to a Slack that accepts
// each of them and loses every answer, in one way or another.
func TestThousandsOfLostAnswers(t *testing.T) {
	t.Parallel()
	t.Run("history", func(t *testing.T) { t.Parallel(); loseMany(t, true, sized(250, 10_000, 50_000)) })
	t.Run("no history", func(t *testing.T) { t.Parallel(); loseMany(t, false, sized(250, 2000, 10_000)) })
}

// losing is what one run of TestThousandsOfLostAnswers counted.
type losing struct{ messages, answers, lost, duplicates, most int }

func loseMany(t *testing.T, history bool, messages int) {
	counted := &losing{}
	for counted.messages < messages {
		synctest.Test(t, func(t *testing.T) { counted.round(t, history) })
	}
	c := *counted
	line := fmt.Sprintf("messages=%d answers=%d lost=%d duplicates=%d most=%d", c.messages, c.answers, c.lost, c.duplicates, c.most)
	t.Attr("score", "2 "+line)
	if c.lost > 0 || c.most > 1 || c.answers < c.messages || history && c.duplicates > 0 {
		t.Error(line)
	}
}

// round tells some hundreds, few at a time: more would be told in a digest.
func (c *losing) round(t *testing.T, history bool) {
	const alerts, channels, together = 250, 50, 5
	l := newLaden(t)
	l.slack.history(history)
	for i := range channels {
		l.slack.AddChannel(fmt.Sprint("c", i))
	}
	l.slack.ScriptFunc(c.lose)
	told := map[string]bool{}
	for n := 0; n < alerts; n += together {
		for i := range together {
			l.enqueue(alert(fmt.Sprint("k", n+i), fmt.Sprint("c", (n+i)%channels), rules.Firing, n))
		}
		for _, key := range l.empty() {
			told[key] = true // it was given up, and listed
		}
	}
	for key, n := range repeats(t, l.slack) {
		told[key] = true
		c.duplicates += n - 1
		c.most = max(c.most, n-1)
	}
	c.messages += alerts
	c.lost += alerts - len(told)
}

// lose loses the answer to a post.
func (c *losing) lose(_ int, method string) *slackfake.Fault {
	if method != "chat.postMessage" {
		return nil
	}
	c.answers++
	ways := []slackfake.Fault{
		slackfake.Dropped().After(), slackfake.Hanging().After(), slackfake.ServerError(500).After(), slackfake.ServerError(502).After(),
		{Drop: true, Accepted: true, Late: slackLag}, {Body: `{"ok":true,"channel":"C`, Accepted: true}, {Body: "<html>", Accepted: true},
		slackfake.Refused("internal_error").After(), slackfake.Refused("fatal_error").After(),
	}
	return &ways[rand.IntN(len(ways))]
}
