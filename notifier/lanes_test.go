package notifier_test

import (
	"context"
	"errors"
	"log/slog"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/billbot/billbot/notifier"
	"github.com/billbot/billbot/rules"
	"github.com/billbot/billbot/store"
)

// lanes is a deliverer to people and to two machines.
type lanes struct {
	t               *testing.T
	store           *store.Store
	deliver         *notifier.Deliverer
	people, ops, by script
}

func newLanes(t *testing.T) *lanes {
	t.Helper()
	s, err := store.Open(filepath.Join(t.TempDir(), "billbot.db"), store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	l := &lanes{t: t, store: s}
	l.deliver = notifier.NewDeliverer(s, &l.people, grace, slog.New(slog.DiscardHandler))
	l.deliver.Reach(func(name string) notifier.Channel {
		return map[string]notifier.Channel{"ops": &l.ops, "by": &l.by}[name]
	})
	return l
}

// tell enqueues an event for a machine.
func (l *lanes) tell(to, alert string) {
	l.t.Helper()
	item := notifier.NewSignal(to, notifier.Signal{Type: rules.Fired, Alert: &rules.Alert{ID: alert}}, time.Now())
	if err := l.store.Enqueue(l.t.Context(), item); err != nil {
		l.t.Fatal(err)
	}
}

func (l *lanes) post(key string) {
	l.t.Helper()
	if err := l.store.Enqueue(l.t.Context(), notifier.Item{Key: key, Channel: "#a", CreatedAt: time.Now(), Content: notifier.Content{Notice: &notifier.Notice{Title: key}}}); err != nil {
		l.t.Fatal(err)
	}
}

func (l *lanes) run() {
	l.t.Helper()
	if err := l.deliver.Deliver(l.t.Context(), time.Now()); err != nil {
		l.t.Fatal(err)
	}
}

func (l *lanes) waiting() []notifier.Item {
	l.t.Helper()
	items, err := l.store.Undelivered(l.t.Context())
	if err != nil {
		l.t.Fatal(err)
	}
	return items
}

func down(context.Context, notifier.Item) notifier.Outcome {
	return notifier.Outcome{Class: notifier.Retry, Err: errors.New("boom"), Down: true}
}

// One destination that does not answer holds up no other: not while it is asked,
// and not by the pauses that follow.
func TestLanesDoNotWaitForEachOther(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLanes(t)
		l.ops.answer = func(ctx context.Context, item notifier.Item) notifier.Outcome {
			time.Sleep(10 * time.Second)
			return down(ctx, item)
		}
		for _, alert := range []string{"a", "b", "c"} {
			l.tell("ops", alert)
			l.tell("by", alert)
		}
		l.run()
		l.post("k")
		l.run()
		if len(l.by.tried) != 3 || len(l.people.tried) != 1 || len(l.waiting()) != 3 {
			t.Errorf("got %d and %d sent, %d waiting, want 3, 1, 3", len(l.by.tried), len(l.people.tried), len(l.waiting()))
		}
		l.ops.answer = nil
		time.Sleep(time.Hour)
		l.run()
		if left := l.waiting(); len(left) != 0 {
			t.Errorf("left %v", left)
		}
	})
}

// What a machine does not take is tried for a day, ever more seldom, and then
// kept; a person has it tried for another.
func TestADayThenADeadLetter(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLanes(t)
		l.ops.answer = func(context.Context, notifier.Item) notifier.Outcome {
			return notifier.Outcome{Class: notifier.Retry, Err: errors.New("HTTP status 401")}
		}
		l.tell("ops", "a")
		dies := func() time.Duration {
			began := time.Now()
			for l.waiting()[0].State != notifier.Dead {
				if time.Since(began) > 48*time.Hour {
					t.Fatal("it is tried for ever")
				}
				time.Sleep(30 * time.Second)
				l.run()
			}
			return time.Since(began)
		}
		if lasted := dies(); lasted < 24*time.Hour || lasted > 25*time.Hour {
			t.Errorf("given up after %v", lasted)
		}
		dead := l.waiting()[0]
		if tries := len(l.ops.tried); tries < 20 || tries > 200 || !strings.Contains(dead.LastError, "401") {
			t.Errorf("%d attempts, and %q", tries, dead.LastError)
		}
		for _, tried := range l.ops.tried {
			if tried.Key != dead.Key {
				t.Fatalf("sent under %s and %s", tried.Key, dead.Key)
			}
		}
		if _, err := l.store.Resend(t.Context(), dead.ID, store.Deed{By: "ada", At: time.Now()}); err != nil {
			t.Fatal(err)
		}
		if lasted := dies(); lasted < 24*time.Hour {
			t.Errorf("given up after %v once more", lasted)
		}
	})
}

// An attempt that was cut off is made again, at once and under the same key:
// there is nothing to look for.
func TestSignalsAreNotLookedFor(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLanes(t)
		l.tell("ops", "a")
		item := l.waiting()[0]
		if _, err := l.store.Begin(t.Context(), item.ID, time.Now()); err != nil {
			t.Fatal(err)
		}
		l.run()
		if len(l.ops.looked) != 0 || len(l.ops.tried) != 1 || l.ops.tried[0].Key != item.Key || len(l.waiting()) != 0 {
			t.Errorf("looked %d times, tried %d", len(l.ops.looked), len(l.ops.tried))
		}
		if receipt, err := l.store.Receipt(t.Context(), item.Key); err != nil || receipt != nil {
			t.Errorf("a receipt is kept of what nobody edits: %v, %v", receipt, err)
		}
	})
}

// Twenty messages an hour are for people.
func TestSignalsHaveNoQuota(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLanes(t)
		for i := range 60 {
			l.tell("ops", strings.Repeat("a", i+1))
		}
		l.run()
		if len(l.ops.tried) != 60 {
			t.Errorf("sent %d of 60", len(l.ops.tried))
		}
	})
}

// What is for a webhook that the rules do not name any more is given up.
func TestUnknownDestination(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLanes(t)
		l.tell("gone", "a")
		l.run()
		if left := l.waiting(); len(left) != 1 || left[0].State != notifier.Dead || left[0].LastError != "the rules file has no webhook gone" {
			t.Errorf("left %+v", left)
		}
	})
}
