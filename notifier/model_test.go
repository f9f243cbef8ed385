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

// names are the keys of messages: enough for a few to wait at once.
var names = []string{"k1", "k2", "k3", "k4", "k5", "k6", "k7", "k8", "k9"}

// Say enqueues a message, or newer content of one.
func (l *life) Say(t *rapid.T) { l.say(t, rapid.SampledFrom(names).Draw(t, "key")) }

// Storm enqueues many at once.
func (l *life) Storm(t *rapid.T) {
	for _, key := range names[rapid.IntRange(0, 3).Draw(t, "but"):] {
		l.say(t, key)
	}
}

func (l *life) say(t *rapid.T, key string) {
	l.n++
	i := item(key, strconv.Itoa(l.n))
	i.CreatedAt = l.now
	l.said[i.Key] = append(l.said[i.Key], text(i))
	l.enqueue(t, i)
}

// Reply enqueues a reply to a message.
func (l *life) Reply(t *rapid.T) {
	key := rapid.SampledFrom(names).Draw(t, "key")
	if len(l.said[key]) == 0 {
		t.Skip("nothing to reply to")
	}
	l.n++
	i := reply(key, strconv.Itoa(l.n))
	i.CreatedAt, i.Quiet = l.now, rapid.Bool().Draw(t, "quiet")
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
	l.wall.t, l.wall.now, l.wall.n = t, l.now, l.n
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
	for key, shown := range l.posts() {
		if len(shown) > 1 && !l.wall.blind {
			t.Fatalf("%s is there %d times", key, len(shown))
		}
		same := map[string]int{}
		for i, m := range shown {
			if i > 0 && !m.marked {
				t.Fatalf("%s is there again and does not say so", key)
			}
			whole := fmt.Sprint(m.contents[0])
			if same[whole]++; same[whole] > 2 {
				t.Fatalf("%s was posted three times with the same content", key)
			}
			if said := m.of(key); !slices.IsSortedFunc(said, byNumber) {
				t.Fatalf("%s went back: %v", key, said)
			}
		}
	}
}

func byNumber(a, b string) int {
	x, _ := strconv.Atoi(a)
	y, _ := strconv.Atoi(b)
	return x - y
}

// of is what a message said of a key, one after another. A reply says one thing.
func (s *seen) of(key string) (said []string) {
	for _, content := range s.contents {
		if text, told := content[key]; told {
			said = append(said, text)
		}
	}
	if s.reply {
		said = []string{s.text()}
	}
	return said
}

// text is what a reply says.
func (s *seen) text() string { return s.contents[0][s.key] }

// posts is what people see by what it is about: a message's key, or a reply's
// text, as no two say the same. A digest is about all its messages.
func (l *life) posts() map[string][]*seen {
	found := map[string][]*seen{}
	for _, m := range l.wall.messages {
		if m.reply {
			found["reply "+m.text()] = append(found["reply "+m.text()], m)
			continue
		}
		for key := range m.last() {
			found[key] = append(found[key], m)
		}
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
		for key := range says(i) {
			given[key] = given[key] || i.State == notifier.Dead && l.wall.blind
		}
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
		home := all[len(all)-1]
		if got, want := home.last()[key], said[len(said)-1]; got != want {
			t.Fatalf("%s says %s in the end, want %s", key, got, want)
		}
		if !given[home.key] {
			l.endedReplies(t, key, home)
		}
	}
}

// endedReplies wants all replies to a message in its thread, in order. A digest
// may have taken in those that were made before it was there.
func (l *life) endedReplies(t *rapid.T, key string, home *seen) {
	asked, shown := l.asked[key], []string{}
	for _, m := range l.wall.messages {
		if m.reply && slices.Contains(asked, m.text()) && !slices.Contains(shown, m.text()) {
			if m.key != home.key {
				t.Fatalf("a reply to %s is in the thread of %s, want %s", key, m.key, home.key)
			}
			shown = append(shown, m.text())
		}
	}
	want := slices.DeleteFunc(slices.Clone(asked), func(text string) bool {
		n, _ := strconv.Atoi(text)
		return home.key != key && n <= home.after && !slices.Contains(shown, text)
	})
	if !slices.Equal(shown, want) {
		t.Fatalf("replies to %s: got %v, want %v of %v", key, shown, want, asked)
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
		t.Repeat(map[string]func(*rapid.T){"": l.Check, "Say": l.Say, "Storm": l.Storm, "Reply": l.Reply, "Deliver": l.Deliver, "Deliver again": l.Deliver, "Wait": l.Wait})
		l.heal(t)
		l.Check(t)
		l.ended(t)
	})
}
