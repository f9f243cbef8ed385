package notifier_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/billbot/billbot/fetcher"
	"github.com/billbot/billbot/notifier"
	"github.com/billbot/billbot/store"
	"pgregory.net/rapid"
)

// The model of delivery is what people see in the channel: messages that were
// posted, with what they say now. A machine enqueues, delivers, loses answers
// and dies wherever it can; in the end everything must be there, once.

// seen is a message that people see.
type seen struct {
	key      string
	item     uint64
	version  int
	reply    bool
	marked   bool     // as a possible repeat
	contents []string // one after another
	from     time.Time
}

// wall is a channel whose messages are the model.
type wall struct {
	t        *rapid.T
	now      time.Time
	messages []*seen
	blind    bool
	healthy  bool
	down     bool  // what fails, fails as if nobody answered
	dead     *bool // the process died: it can call nobody
}

var errLost = errors.New("the answer was lost")

func (w *wall) Send(_ context.Context, item notifier.Item, receipt *notifier.Receipt) notifier.Outcome {
	if *w.dead {
		w.t.Fatal("a dead process sends")
	}
	fate := "sent"
	if !w.healthy {
		fate = rapid.SampledFrom([]string{"sent", "sent", "sent", "busy", "accepted", "late", "refused connection", "lost", "gone"}).Draw(w.t, "fate")
		w.down = fate != "busy" && rapid.Bool().Draw(w.t, "down")
	}
	outcome := w.handle(item, receipt, fate)
	outcome.Down = w.down && outcome.Class != notifier.Sent
	return outcome
}

func (w *wall) handle(item notifier.Item, receipt *notifier.Receipt, fate string) notifier.Outcome {
	if item.Reply || receipt == nil {
		return w.post(item, fate)
	}
	return w.edit(item, *receipt, fate)
}

func (w *wall) post(item notifier.Item, fate string) notifier.Outcome {
	m := &seen{key: item.Key, item: item.ID, version: item.Version, reply: item.Reply, marked: item.Repeat > 0, contents: []string{text(item)}, from: w.now}
	switch fate {
	case "busy":
		return notifier.Outcome{Class: notifier.Retry, Err: errBoom, RetryAfter: time.Minute}
	case "refused connection":
		return notifier.Outcome{Class: notifier.Retry, Err: errBoom}
	case "lost":
		return notifier.Outcome{Class: notifier.Ambiguous, Err: errLost}
	case "late":
		m.from = w.now.Add(grace - time.Second)
	}
	w.messages = append(w.messages, m)
	if fate == "accepted" || fate == "late" {
		return notifier.Outcome{Class: notifier.Ambiguous, Err: errLost}
	}
	return notifier.Outcome{Class: notifier.Sent, Receipt: w.at(len(w.messages) - 1)}
}

func (w *wall) edit(item notifier.Item, receipt notifier.Receipt, fate string) notifier.Outcome {
	i, err := strconv.Atoi(receipt.TS)
	if err != nil {
		w.t.Fatal(err)
	}
	switch fate {
	case "busy", "refused connection":
		return notifier.Outcome{Class: notifier.Retry, Err: errBoom}
	case "lost":
		return notifier.Outcome{Class: notifier.Ambiguous, Err: errLost}
	}
	m := w.messages[i]
	if said := text(item); m.contents[len(m.contents)-1] != said {
		m.contents = append(m.contents, said)
	}
	if fate == "accepted" || fate == "late" {
		return notifier.Outcome{Class: notifier.Ambiguous, Err: errLost}
	}
	return notifier.Outcome{Class: notifier.Sent, Receipt: receipt}
}

func (w *wall) at(i int) notifier.Receipt {
	return notifier.Receipt{Channel: "C1", TS: strconv.Itoa(i), SentAt: w.now}
}

func (w *wall) Find(_ context.Context, item notifier.Item, _ notifier.Receipt) notifier.Outcome {
	if !w.healthy && rapid.IntRange(0, 3).Draw(w.t, "ill") == 0 {
		return notifier.Outcome{Class: notifier.Retry, Err: errBoom}
	}
	if w.blind {
		return notifier.Outcome{Class: notifier.Blind, Err: errBoom}
	}
	for i, m := range w.messages {
		if m.key == item.Key && m.reply == item.Reply && (!m.reply || m.item == item.ID) && !m.from.After(w.now) {
			return notifier.Outcome{Class: notifier.Sent, Receipt: w.at(i), Version: m.version}
		}
	}
	return notifier.Outcome{Class: notifier.Missing}
}

// mortal is an outbox whose process dies around one of its writes.
type mortal struct {
	*store.Store
	writes int  // until then; negative: it lives on
	done   bool // the write is done before it dies
	dead   *bool
}

var errDead = errors.New("the process is dead")

func (m *mortal) dies() (before, after bool) {
	if *m.dead {
		return true, false
	}
	m.writes--
	*m.dead = m.writes == 0
	return *m.dead && !m.done, *m.dead
}

func (m *mortal) Begin(ctx context.Context, id uint64, now time.Time) (notifier.Item, error) {
	before, after := m.dies()
	if before {
		return notifier.Item{}, errDead
	}
	item, err := m.Store.Begin(ctx, id, now)
	if after {
		err = errDead
	}
	return item, err
}

func (m *mortal) Finish(ctx context.Context, item notifier.Item, receipt *notifier.Receipt) error {
	before, after := m.dies()
	if before {
		return errDead
	}
	err := m.Store.Finish(ctx, item, receipt)
	if after {
		err = errDead
	}
	return err
}

// life is a billbot that delivers, dies and starts again.
type life struct {
	store *store.Store
	wall  *wall
	dead  bool
	now   time.Time
	said  map[string][]string // by key: contents of its message, in order
	asked map[string][]string // by key: its replies, in order
	n     int
}

func (l *life) enqueue(t *rapid.T, items ...notifier.Item) {
	account := fetcher.Account{ID: "a"}
	v, err := l.store.Load(t.Context(), account, 0)
	if err != nil {
		t.Fatal(err)
	}
	if err := l.store.Commit(t.Context(), store.Commit{Account: account, Generation: v.Generation, Items: items}); err != nil {
		t.Fatal(err)
	}
}

// Say enqueues a message, or newer content of one.
func (l *life) Say(t *rapid.T) {
	l.n++
	i := item(rapid.SampledFrom([]string{"k1", "k2", "k3"}).Draw(t, "key"), strconv.Itoa(l.n))
	i.CreatedAt = l.now
	l.said[i.Key] = append(l.said[i.Key], text(i))
	l.enqueue(t, i)
}

// Reply enqueues a reply to a message.
func (l *life) Reply(t *rapid.T) {
	key := rapid.SampledFrom([]string{"k1", "k2", "k3"}).Draw(t, "key")
	if len(l.said[key]) == 0 {
		t.Skip("nothing to reply to")
	}
	l.n++
	i := reply(key, strconv.Itoa(l.n))
	i.CreatedAt = l.now
	l.asked[key] = append(l.asked[key], text(i))
	l.enqueue(t, i)
}

// Deliver lives until a write that may be its last.
func (l *life) Deliver(t *rapid.T) {
	l.dead = false
	box := &mortal{Store: l.store, writes: rapid.IntRange(-1, 6).Draw(t, "dies at"), done: rapid.Bool().Draw(t, "done"), dead: &l.dead}
	l.deliver(t, box)
}

func (l *life) deliver(t *rapid.T, box notifier.Outbox) {
	l.wall.t, l.wall.now = t, l.now
	d := notifier.NewDeliverer(box, l.wall, grace, slog.New(slog.DiscardHandler))
	if err := d.Deliver(t.Context(), l.now); err != nil && !errors.Is(err, errDead) {
		t.Fatal(err)
	}
}

// Wait lets time pass.
func (l *life) Wait(t *rapid.T) {
	l.now = l.now.Add(time.Duration(rapid.IntRange(1, 120).Draw(t, "seconds")) * time.Second)
}

// Check is asked after each step: what people see is never wrong, whatever is
// missing yet.
func (l *life) Check(t *rapid.T) {
	for key, items := range l.posts() {
		if len(items) > 1 && !l.wall.blind {
			t.Fatalf("%s is there %d times", key, len(items))
		}
		same := map[string]int{}
		for i, m := range items {
			if i > 0 && !m.marked {
				t.Fatalf("%s is there again and does not say so", key)
			}
			if same[m.contents[0]]++; same[m.contents[0]] > 2 {
				t.Fatalf("%s was posted three times with the same content", key)
			}
			if !slices.IsSortedFunc(m.contents, byNumber) {
				t.Fatalf("%s went back: %v", key, m.contents)
			}
		}
	}
}

func byNumber(a, b string) int {
	x, _ := strconv.Atoi(a)
	y, _ := strconv.Atoi(b)
	return x - y
}

// posts is what people see by message: a key, or a key and what a reply says.
func (l *life) posts() map[string][]*seen {
	found := map[string][]*seen{}
	for _, m := range l.wall.messages {
		name := m.key
		if m.reply {
			name += "/" + m.contents[0]
		}
		found[name] = append(found[name], m)
	}
	return found
}

// heal ends the story: everything works, and time passes.
func (l *life) heal(t *rapid.T) {
	l.dead, l.wall.healthy = false, true
	for range 40 {
		l.now = l.now.Add(11 * time.Minute)
		l.deliver(t, l.store)
	}
}

// ended wants everything told, in order; given up may be only what may be there
// already.
func (l *life) ended(t *rapid.T) {
	left, err := l.store.Undelivered(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	given := map[string]bool{}
	for _, i := range left {
		given[i.Key] = given[i.Key] || i.State == notifier.Dead && l.wall.blind
	}
	for _, i := range left {
		if !given[i.Key] { // replies wait for a message that was given up
			t.Fatalf("left in the outbox: %+v", i)
		}
	}
	posts := l.posts()
	for key, said := range l.said {
		if given[key] {
			continue
		}
		all := posts[key]
		if len(all) == 0 {
			t.Fatalf("%s was never told", key)
		}
		last := all[len(all)-1].contents
		if got, want := last[len(last)-1], said[len(said)-1]; got != want {
			t.Fatalf("%s says %s in the end, want %s", key, got, want)
		}
		l.endedReplies(t, key, posts)
	}
}

func (l *life) endedReplies(t *rapid.T, key string, posts map[string][]*seen) {
	var order []string
	for _, m := range l.wall.messages {
		if m.reply && m.key == key && !slices.Contains(order, m.contents[0]) {
			order = append(order, m.contents[0])
		}
	}
	if !slices.Equal(order, l.asked[key]) {
		t.Fatalf("replies to %s: got %v, want %v (%s)", key, order, l.asked[key], fmt.Sprint(posts[key]))
	}
}

func TestDeliveryTellsAllOnce(t *testing.T) { testLife(t, false) }

func TestDeliveryRepeatsAtMostOnceWhereBlind(t *testing.T) { testLife(t, true) }

func testLife(t *testing.T, blind bool) {
	dir := t.TempDir()
	runs := 0
	rapid.Check(t, func(t *rapid.T) {
		runs++
		s, err := store.Open(filepath.Join(dir, strconv.Itoa(runs)), store.Options{})
		if err != nil {
			t.Fatal(err)
		}
		defer s.Close()
		l := &life{store: s, now: t0, said: map[string][]string{}, asked: map[string][]string{}}
		l.wall = &wall{blind: blind, dead: &l.dead}
		t.Repeat(map[string]func(*rapid.T){"": l.Check, "Say": l.Say, "Reply": l.Reply, "Deliver": l.Deliver, "Deliver again": l.Deliver, "Wait": l.Wait})
		l.heal(t)
		l.Check(t)
		l.ended(t)
	})
}
