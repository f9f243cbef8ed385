package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	slackgo "github.com/slack-go/slack"

	"github.com/google/go-cmp/cmp"

	"github.com/billbot/billbot/fetcher"
	"github.com/billbot/billbot/notifier/slack/slackfake"
)

// monthRules has budgets and a spike that fire, grow and end within a month, one
// of which escalates, and summaries. CHANNEL is where a counterpart has its channel.
const monthRules = `
accounts:
  - {name: production, id: d0a1a40004778704200000000000a9c2}
slack: {channel: "CHANNEL"}
summaries:
  - {every: day, at: "06:00"}
  - {every: billing_period, at: "06:00"}
rules:
  - name: whole-account
    budget: {amount: 25, actual: [50%, 80%, 100%]}
  - name: reserve
    budget: {amount: 20000, actual: [25%, 100%]}
  - name: runaway
    spike: {}
`

// monthFirst and monthLast are the mornings of the month that is replayed.
var (
	monthFirst = fetcher.NewDay(2026, time.March, 20)
	monthLast  = fetcher.NewDay(2026, time.April, 20)
)

// morningOf is when a day is polled.
func morningOf(day fetcher.Day) time.Time { return day.Time().Add(7 * time.Hour) }

// checkMonth compares what was said in a month, and what the channel shows at
// its end, with testdata/month.txt. Whoever keeps the channel, it is the same.
func checkMonth(t *testing.T, said *transcript, api *slackgo.Client, channel string) {
	t.Helper()
	got := said.String() + "\n== the channel in the end\n" + said.readBack(t, api, channel)
	path := filepath.Join("testdata", "month.txt")
	if os.Getenv("UPDATE") != "" {
		if err := os.WriteFile(path, []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(strings.Split(string(want), "\n"), strings.Split(got, "\n")); diff != "" {
		t.Errorf("the month differs (-want +got); UPDATE=1 writes it:\n%s", diff)
	}
	if keys := said.alerts(); len(keys) != 3 || len(twice(keys)) > 0 {
		t.Errorf("messages of alerts: %v, want one for each of three", keys)
	}
}

// TestMonth replays a month, a poll each morning, to a Slack of our own.
func TestMonth(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		recording, err := loopRecording()
		if err != nil {
			t.Fatal(err)
		}
		w := newWorld(t, strings.Replace(monthRules, "CHANNEL", "#cloud-spend", 1), recording)
		said := newTranscript(w.slack.Transport())
		w.env.transport.(inProcess)["127.0.0.1:2"] = said
		for day := monthFirst; day <= monthLast; day++ {
			said.at(day)
			w.env.fixed = morningOf(day)
			w.cloud.SetNow(w.env.fixed)
			if err := (&pollCmd{}).Run(t.Context(), w.env); err != nil {
				t.Fatalf("%s: %v", day, err)
			}
		}
		api := slackgo.New(slackfake.BotToken, slackgo.OptionHTTPClient(said.client()))
		checkMonth(t, said, api, slackfake.ChannelID("cloud-spend"))
	})
}
