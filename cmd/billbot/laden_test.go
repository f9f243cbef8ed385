package main

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/billbot/billbot/fetcher"
	"github.com/billbot/billbot/notifier"
	"github.com/billbot/billbot/notifier/slack/slackfake"
	"github.com/billbot/billbot/rules"
	"github.com/billbot/billbot/store"
)

// laden is a billbot that has more to tell than any account would give it: its
// outbox is filled by hand, and what it delivers through, from the store to what
// Slack is asked, is all real.
type laden struct {
	*world
	eng *engine
	t   *testing.T
}

func newLaden(t *testing.T, channels ...string) *laden {
	t.Helper()
	l := &laden{world: newWorld(t, loopRules, twoMonths()), t: t}
	for _, name := range channels {
		l.slack.AddChannel(name)
	}
	l.env.dbFile = filepath.Join(memory(t), "billbot.db")
	l.eng = l.open(t)
	t.Cleanup(func() { l.eng.store.Close() })
	return l
}

// memory is a folder for what is synced so often that a disk would take most of
// a test's time: in memory, where the system has such a place.
func memory(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("/dev/shm", "billbot")
	if err != nil {
		return t.TempDir()
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	return dir
}

// restart is what a stop and a new start are.
func (l *laden) restart() {
	l.t.Helper()
	if err := l.eng.store.Close(); err != nil {
		l.t.Fatal(err)
	}
	l.eng = l.open(l.t)
}

// alert is the message of an alert of now, for a channel. Cents make each
// another one, and tell how it grows.
func alert(key, channel string, state rules.State, cents int) notifier.Item {
	day := fetcher.DayOf(time.Now())
	a := rules.Alert{
		ID: key, State: state, Since: time.Now(), Day: day,
		Finding: rules.Finding{
			Rule: "runaway", Kind: rules.KindSpike, Severity: rules.Warning, Open: state == rules.Firing, Episode: day, Day: day, Through: day, Over: 1,
			Subject: rules.Subject{Account: "production", Service: "Service of " + key}, Period: fetcher.Period{Start: day - 5, End: day + 20},
			Amount: dollars("100").Add(dollars(fmt.Sprintf("%d.%02d", cents/100, cents%100))), Limit: dollars("1"), Usual: dollars("4"), Extra: dollars("96"), Currency: "USD", History: 35, Trusted: true,
		},
	}
	if state == rules.Resolved {
		a.Ended, a.EndedAt = rules.EndedBack, time.Now()
	}
	return notifier.Item{Key: key, Channel: "#" + channel, CreatedAt: time.Now(), Content: notifier.Content{Alert: &a}}
}

// enqueue puts messages into the outbox, as a poll does.
func (l *laden) enqueue(items ...notifier.Item) {
	l.t.Helper()
	account := fetcher.Account{ID: "laden"}
	view, err := l.eng.store.Load(l.t.Context(), account, 0)
	if err != nil {
		l.t.Fatal(err)
	}
	if err := l.eng.store.Commit(l.t.Context(), store.Commit{Account: account, Generation: view.Generation, Items: items}); err != nil {
		l.t.Fatal(err)
	}
}

// deliver delivers every so often, for a while.
func (l *laden) deliver(long, every time.Duration) {
	l.t.Helper()
	for end := time.Now().Add(long); time.Now().Before(end); time.Sleep(every) {
		if err := l.eng.deliverGroups(l.t.Context(), time.Now()); err != nil {
			l.t.Fatal(err)
		}
	}
}

// empty delivers whenever something is due until nothing waits any more, and
// takes out what was given up, as a person does who has read it.
func (l *laden) empty() (given []string) {
	l.t.Helper()
	for range 10_000 {
		l.deliver(time.Nanosecond, time.Nanosecond)
		next := time.Minute
		items := l.waiting()
		for _, item := range items {
			switch wait := time.Until(item.NotBefore); {
			case item.State == notifier.Dead:
				given = append(given, item.Key)
				if _, err := l.eng.store.Drop(l.t.Context(), item.ID, store.Deed{By: "ada", At: time.Now()}); err != nil {
					l.t.Fatal(err)
				}
			case wait > 0:
				next = min(next, wait)
			default:
				next = min(next, 20*time.Second)
			}
		}
		if len(items) == 0 {
			return given
		}
		time.Sleep(next)
	}
	l.t.Fatalf("%d messages are never delivered", len(l.waiting()))
	return nil
}

func (l *laden) waiting() []notifier.Item {
	l.t.Helper()
	items, err := l.eng.store.Undelivered(l.t.Context())
	if err != nil {
		l.t.Fatal(err)
	}
	return items
}

// isIn reports whether the message that tells an alert is in Slack, alone or
// with others.
func (l *laden) isIn(key string) bool {
	l.t.Helper()
	receipt, err := l.eng.store.Receipt(l.t.Context(), key)
	if err != nil {
		l.t.Fatal(err)
	}
	return receipt != nil && slices.ContainsFunc(l.slack.Messages(receipt.Channel), func(m slackfake.Message) bool { return m.TS == receipt.TS })
}

// told is how many alerts the messages of a channel tell in the end: a digest
// says how many it stands for.
func (l *laden) told(channel string) (alerts, digests int) {
	for _, m := range l.slack.posted("billbot_alert") {
		n := 1
		if m.Channel != slackfake.ChannelID(channel) {
			continue
		}
		if strings.HasPrefix(m.Key, notifier.DigestPrefix) {
			digests++
			if _, err := fmt.Sscanf(m.Text, "%d alerts", &n); err != nil {
				l.t.Errorf("a digest says %q", m.Text)
			}
		}
		alerts += n
	}
	return alerts, digests
}
