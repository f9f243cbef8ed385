package notifier_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/billbot/billbot/fetcher"
	"github.com/billbot/billbot/notifier"
	"github.com/billbot/billbot/rules"
	"github.com/billbot/billbot/rules/report"
	"github.com/billbot/billbot/store"
	"github.com/google/go-cmp/cmp"
)

const grace = 40 * time.Second

var (
	t0      = time.Date(2026, time.July, 10, 12, 0, 0, 0, time.UTC)
	errBoom = errors.New("boom")
)

// script is a channel that answers what the test says.
type script struct {
	answer func(ctx context.Context, item notifier.Item) notifier.Outcome   // nil: sent
	find   func(item notifier.Item, near notifier.Receipt) notifier.Outcome // nil: missing
	sent   []string                                                         // "post k1=1", "edit k1=2", "reply k1=3"
	tried  []notifier.Item
	looked []notifier.Item
}

func (s *script) Find(_ context.Context, item notifier.Item, near notifier.Receipt) notifier.Outcome {
	s.looked = append(s.looked, item)
	if s.find == nil {
		return notifier.Outcome{Class: notifier.Missing}
	}
	return s.find(item, near)
}

func (s *script) Send(ctx context.Context, item notifier.Item, receipt *notifier.Receipt) notifier.Outcome {
	s.tried = append(s.tried, item)
	outcome := notifier.Outcome{Class: notifier.Sent}
	if s.answer != nil {
		outcome = s.answer(ctx, item)
	}
	if outcome.Class != notifier.Sent {
		return outcome
	}
	verb := "post"
	switch {
	case item.Reply:
		verb = "reply"
	case receipt != nil:
		verb = "edit"
	}
	s.sent = append(s.sent, fmt.Sprintf("%s %s=%s", verb, item.Key, text(item)))
	outcome.Receipt = notifier.Receipt{Channel: "C1", TS: fmt.Sprint(len(s.sent))}
	return outcome
}

func text(item notifier.Item) string {
	switch {
	case item.Content.Digest != nil:
		var told []string
		for _, e := range item.Content.Digest.Entries {
			told = append(told, text(notifier.Item{Content: e.Content}))
		}
		return strings.Join(told, "|")
	case item.Content.Alert != nil:
		return item.Content.Alert.ID
	}
	return "summary"
}

// always answers every attempt in one way.
func always(o notifier.Outcome) func(context.Context, notifier.Item) notifier.Outcome {
	return func(context.Context, notifier.Item) notifier.Outcome { return o }
}

// bench is an outbox in a real file with a scripted channel.
type bench struct {
	t       *testing.T
	path    string
	store   *store.Store
	channel script
	deliver *notifier.Deliverer
	log     strings.Builder
}

func newBench(t *testing.T) *bench {
	t.Helper()
	b := &bench{t: t, path: filepath.Join(t.TempDir(), "billbot.db")}
	b.open()
	t.Cleanup(func() { _ = b.store.Close() })
	return b
}

func (b *bench) open() {
	b.t.Helper()
	s, err := store.Open(b.path, store.Options{})
	if err != nil {
		b.t.Fatal(err)
	}
	b.store = s
	b.deliver = notifier.NewDeliverer(s, &b.channel, grace, slog.New(slog.NewTextHandler(&b.log, nil)))
}

// restart is what a crash and a new start are to the outbox.
func (b *bench) restart() {
	b.t.Helper()
	if err := b.store.Close(); err != nil {
		b.t.Fatal(err)
	}
	b.open()
}

func (b *bench) enqueue(items ...notifier.Item) {
	b.t.Helper()
	account := fetcher.Account{ID: "a"}
	v, err := b.store.Load(b.t.Context(), account, 0)
	if err != nil {
		b.t.Fatal(err)
	}
	err = b.store.Commit(b.t.Context(), store.Commit{Account: account, Generation: v.Generation, Items: items})
	if err != nil {
		b.t.Fatal(err)
	}
}

func (b *bench) run(now time.Time) {
	b.t.Helper()
	if err := b.deliver.Deliver(b.t.Context(), now); err != nil {
		b.t.Fatal(err)
	}
}

func (b *bench) wantSent(want ...string) {
	b.t.Helper()
	if diff := cmp.Diff(want, b.channel.sent); diff != "" {
		b.t.Errorf("sent (-want +got):\n%s", diff)
	}
}

func (b *bench) waiting() []notifier.Item {
	b.t.Helper()
	items, err := b.store.Undelivered(b.t.Context())
	if err != nil {
		b.t.Fatal(err)
	}
	return items
}

func item(key, text string) notifier.Item {
	return notifier.Item{Key: key, Channel: "#a", CreatedAt: t0, Content: notifier.Content{Alert: &rules.Alert{ID: text}}}
}

func in(channel string, i notifier.Item) notifier.Item {
	i.Channel = channel
	return i
}

func reply(key, text string) notifier.Item {
	i := item(key, text)
	i.Reply = true
	return i
}

func TestDeliverInOrderThenEdits(t *testing.T) {
	b := newBench(t)
	b.enqueue(item("k1", "1"), item("k2", "2"), reply("k1", "3"))
	b.run(t0)
	b.enqueue(item("k1", "4"))
	b.restart()
	b.run(t0)
	b.wantSent("post k1=1", "post k2=2", "reply k1=3", "edit k1=4")
	if left := b.waiting(); len(left) != 0 {
		t.Errorf("left in the outbox: %+v", left)
	}
	receipt, err := b.store.Receipt(t.Context(), "k1")
	if err != nil || receipt == nil || receipt.TS != "4" {
		t.Errorf("receipt %+v, %v, want that of the edit, not of the reply", receipt, err)
	}
}

func TestDeliverReplacesWhatWaits(t *testing.T) {
	b := newBench(t)
	b.enqueue(item("k1", "1"), item("k2", "2"))
	b.enqueue(item("k1", "3"))
	b.run(t0)
	b.wantSent("post k1=3", "post k2=2")
}

func TestDeliverEditsWhatWasReplacedWhileSending(t *testing.T) {
	for _, class := range []notifier.Class{notifier.Sent, notifier.Refused} {
		t.Run(string(class), func(t *testing.T) {
			b := newBench(t)
			b.enqueue(item("k1", "1"))
			b.channel.answer = func(context.Context, notifier.Item) notifier.Outcome {
				b.enqueue(item("k1", "2"))
				return notifier.Outcome{Class: class, Err: errBoom}
			}
			b.run(t0)
			b.channel.answer = nil
			b.restart()
			b.run(t0)
			if class == notifier.Sent {
				b.wantSent("post k1=1", "edit k1=2")
			} else {
				b.wantSent("post k1=2")
			}
		})
	}
}

func TestDeliverIsStrictPerKeyOnly(t *testing.T) {
	b := newBench(t)
	b.enqueue(item("k1", "1"), reply("k1", "2"), item("k2", "3"), reply("k2", "4"))
	b.channel.answer = func(_ context.Context, i notifier.Item) notifier.Outcome {
		if i.Key == "k1" {
			return notifier.Outcome{Class: notifier.Retry, Err: errBoom}
		}
		return notifier.Outcome{Class: notifier.Sent}
	}
	b.run(t0)
	b.wantSent("post k2=3", "reply k2=4")
	b.channel.answer = nil
	b.run(t0.Add(time.Minute))
	b.wantSent("post k2=3", "reply k2=4", "post k1=1", "reply k1=2")
}

func TestDeliverHoldsAnEditBehindAReply(t *testing.T) {
	b := newBench(t)
	b.enqueue(item("k1", "1"))
	b.run(t0)
	b.enqueue(reply("k1", "2"), item("k1", "3"))
	b.channel.answer = always(notifier.Outcome{Class: notifier.Retry, Err: errBoom})
	b.run(t0)
	if got := len(b.channel.tried); got != 2 {
		t.Errorf("%d attempts, want 2: the edit must not overtake the reply", got)
	}
	b.channel.answer = nil
	b.run(t0.Add(time.Minute))
	b.wantSent("post k1=1", "reply k1=2", "edit k1=3")
}

func TestDeliverLetsAReplyWaitForItsMessage(t *testing.T) {
	b := newBench(t)
	b.enqueue(reply("k1", "1"), reply("k1", "2"), item("k2", "3"))
	b.run(t0)
	b.enqueue(item("k1", "4"))
	b.run(t0)
	b.run(t0)
	b.wantSent("post k2=3", "post k1=4", "reply k1=1", "reply k1=2")
}

func TestDeliverGivesUpAReplyWithoutMessage(t *testing.T) {
	b := newBench(t)
	b.enqueue(reply("k1", "1"))
	b.run(t0.Add(72*time.Hour - time.Second))
	if left := b.waiting(); left[0].State != notifier.Pending {
		t.Errorf("state %s, want pending", left[0].State)
	}
	b.run(t0.Add(72 * time.Hour))
	if left := b.waiting(); left[0].State != notifier.Dead {
		t.Errorf("state %s, want dead", left[0].State)
	}
}

// A summary waits for a channel that is closed until the next of its kind is
// there.
func TestDeliverLetsSummariesExpire(t *testing.T) {
	for every, days := range map[rules.Every]int{"": 1, rules.EveryDay: 1, rules.EveryWeek: 7, rules.EveryMonth: 28} {
		b := newBench(t)
		summary := notifier.Item{Key: "first", Channel: "#a", CreatedAt: t0, Content: notifier.Content{Summary: &report.Summary{Every: every}}}
		later := summary
		later.Key, later.CreatedAt = "second", t0.Add(time.Second)
		b.enqueue(summary, later)
		b.channel.answer = always(notifier.Outcome{Class: notifier.Closed, Err: errors.New("is_archived")})
		for day := range days {
			b.run(t0.Add(time.Duration(day) * 24 * time.Hour))
		}
		b.channel.answer = nil
		b.run(t0.Add(time.Duration(days) * 24 * time.Hour))
		b.wantSent("post second=summary")
		if left := b.waiting(); len(left) != 1 || left[0].State != notifier.Dead || !strings.Contains(left[0].LastError, "expired") {
			t.Errorf("%q: left %+v, want the expired summary", every, left)
		}
	}
}

func TestDeliverFinishesTheRequestInHand(t *testing.T) {
	b := newBench(t)
	b.enqueue(item("k1", "1"), item("k2", "2"))
	ctx, cancel := context.WithCancel(t.Context())
	b.channel.answer = func(ctx context.Context, _ notifier.Item) notifier.Outcome {
		cancel()
		return notifier.Outcome{Class: notifier.Sent, Err: ctx.Err()}
	}
	if err := b.deliver.Deliver(ctx, t0); !errors.Is(err, context.Canceled) {
		t.Errorf("got error %v, want context.Canceled", err)
	}
	b.wantSent("post k1=1")
	if left := b.waiting(); len(left) != 1 || left[0].Attempts != 0 {
		t.Errorf("left %+v, want k2 untried", left)
	}
}

func TestDeliverOneAtATime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t)
		b.enqueue(item("k1", "1"), item("k2", "2"))
		b.channel.answer = func(context.Context, notifier.Item) notifier.Outcome {
			time.Sleep(time.Second)
			return notifier.Outcome{Class: notifier.Sent}
		}
		var calls sync.WaitGroup
		for range 3 {
			calls.Go(func() { b.run(t0) })
		}
		calls.Wait()
		b.wantSent("post k1=1", "post k2=2")
	})
}
