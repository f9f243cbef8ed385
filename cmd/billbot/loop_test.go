package main

import (
	"context"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/shopspring/decimal"

	"github.com/billbot/billbot/fetcher"
	"github.com/billbot/billbot/fetcher/cloudflare/cloudflaretest"
	"github.com/billbot/billbot/notifier/slack/slackfake"
)

// world is a billbot with its two other sides, in one process.
type world struct {
	cloud *cloudflaretest.Server
	slack *fakeSlack
	env   env
}

const testAccount = "0123456789abcdef0123456789abcdef"

const loopRules = `
accounts:
  - {name: production, id: 0123456789abcdef0123456789abcdef}
slack: {channel: "#cloud-spend"}
summaries: [{every: day, at: "09:00"}]
rules:
  - name: whole-account
    budget: {amount: 100, actual: [50%, 100%]}
  - name: runaway
    spike: {}
`

func newWorld(t testing.TB, rulesFile string, recordings ...cloudflaretest.Recording) *world {
	t.Helper()
	dir := t.TempDir()
	w := &world{cloud: cloudflaretest.New(recordings...), slack: newFakeSlack()}
	settings := map[string]string{
		"CLOUDFLARE_API_TOKEN": cloudflaretest.Token, "CLOUDFLARE_BASE_URL": "http://127.0.0.1:1/client/v4",
		"SLACK_BOT_TOKEN": slackfake.BotToken, "SLACK_API_URL": "http://127.0.0.1:2/api/",
	}
	w.env = env{
		stdout: io.Discard, stderr: io.Discard, dir: dir, log: slog.New(slog.DiscardHandler),
		getenv:    func(name string) string { return settings[name] },
		transport: inProcess{"127.0.0.1:1": w.cloud.Transport(), "127.0.0.1:2": w.slack.Transport()},
		rulesFile: filepath.Join(dir, "rules.yaml"), dbFile: filepath.Join(dir, "billbot.db"),
	}
	if err := os.WriteFile(w.env.rulesFile, []byte(rulesFile), 0o600); err != nil {
		t.Fatal(err)
	}
	return w
}

// open starts an engine on the world's database.
func (w *world) open(t testing.TB) *engine {
	t.Helper()
	eng, err := w.env.newEngine("slack", 0)
	if err != nil {
		t.Fatal(err)
	}
	return eng
}

// live polls and delivers every hour for some days.
func (w *world) live(t *testing.T, eng *engine, days int) {
	t.Helper()
	for range days * 24 {
		now := time.Now().UTC()
		w.cloud.SetNow(now)
		if err := eng.sweep(context.Background(), now); err != nil {
			t.Errorf("%s: %v", now.Format(time.DateTime), err)
		}
		if err := eng.deliver(context.Background(), now); err != nil {
			t.Errorf("%s: delivering: %v", now.Format(time.DateTime), err)
		}
		time.Sleep(time.Until(now.Add(time.Hour)))
	}
}

func dollars(s string) decimal.Decimal { return decimal.RequireFromString(s) }

// twoMonths is an account that costs $1 a day and runs away for three days in
// its fifth week. Its billing periods start on the 12th.
func twoMonths() cloudflaretest.Recording {
	start := fetcher.NewDay(1999, time.December, 30)
	return cloudflaretest.Account{
		ID: testAccount, Name: "Production Ltd", Currency: "USD", Anchor: 12,
		Series: []cloudflaretest.Series{
			cloudflaretest.Steady("Workers Standard Requests (first 10M are included)", start, 70, dollars("1")),
			cloudflaretest.Steady("D1 - Rows Read (first 25 billion included)", start, 70, dollars("0.1")).
				On(fetcher.NewDay(2000, time.February, 2), dollars("40")).
				On(fetcher.NewDay(2000, time.February, 3), dollars("45")).
				On(fetcher.NewDay(2000, time.February, 4), dollars("45")),
		},
	}.Recording()
}

// TestSixtyDays lives two months, an hour at a time, with a restart in the
// middle of the runaway.
func TestSixtyDays(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, loopRules, twoMonths())
		eng := w.open(t)
		w.live(t, eng, 33) // to the evening of 2 February
		eng.store.Close()
		if got := w.slack.keys(); len(got) != 0 {
			t.Fatalf("alerts before anything ran away: %v", got)
		}
		eng = w.open(t)
		w.live(t, eng, 1)
		before := len(w.slack.posted("billbot_alert"))
		eng.store.Close()

		eng = w.open(t)
		defer eng.store.Close()
		w.live(t, eng, 26)

		if before != 2 {
			t.Errorf("alerts by the evening of 3 February: got %d, want the spike and half the budget", before)
		}
		if repeated := twice(w.slack.keys()); len(repeated) > 0 {
			t.Errorf("alerts with more than one message: %v", repeated)
		}
		if got := len(w.slack.posted("billbot_summary")); got != 60 {
			t.Errorf("summaries: got %d, want one a day", got)
		}
		if got := len(w.slack.posted("billbot_welcome")); got != 1 {
			t.Errorf("welcomes: got %d, want 1", got)
		}
		want := []string{
			"Back to usual: D1 - Rows Read, $129.70 more than usual in 3 days since Wed 2 Feb (production). Last unusual day: Fri 4 Feb at $45.00, usually $0.10.", // critical: it was told first
			"Period ended: whole-account at $163.80 of $100.00 (163%), 12 Jan to 11 Feb (production). $163.80 spent of $100.00, $63.80 over.",
		}
		var got []string
		for _, m := range w.slack.posted("billbot_alert") {
			got = append(got, m.Text)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("what the alerts say in the end (-want +got):\n%s", diff)
		}
	})
}

// TestUnchangedAnswerWritesNothing polls twice with nothing new.
func TestUnchangedAnswerWritesNothing(t *testing.T) {
	w := newWorld(t, loopRules, twoMonths())
	now := time.Date(2000, time.January, 20, 7, 0, 0, 0, time.UTC)
	w.cloud.SetNow(now)
	eng := w.open(t)
	defer eng.store.Close()
	account := eng.rules.Accounts[0]
	var generations []uint64
	for i := range 3 {
		if err := eng.poll(t.Context(), account, now.Add(time.Duration(i)*time.Hour)); err != nil {
			t.Fatal(err)
		}
		view, err := eng.load(t.Context(), account, now)
		if err != nil {
			t.Fatal(err)
		}
		generations = append(generations, view.Generation)
	}
	if generations[1] != generations[0] || generations[2] != generations[0] {
		t.Errorf("generations after the same answer three times: %v", generations)
	}
}

func writeRules(path, written string) error { return os.WriteFile(path, []byte(written), 0o600) }
