package notifier_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/billbot/billbot/notifier"
	"github.com/billbot/billbot/store"
)

var ambiguous = notifier.Outcome{Class: notifier.Ambiguous, Err: errBoom}

// found is what a look answers that sees a message.
func found(version int) func(notifier.Item, notifier.Receipt) notifier.Outcome {
	return func(notifier.Item, notifier.Receipt) notifier.Outcome {
		return notifier.Outcome{Class: notifier.Sent, Version: version, Receipt: notifier.Receipt{Channel: "C1", TS: "7"}}
	}
}

func blind(notifier.Item, notifier.Receipt) notifier.Outcome {
	return notifier.Outcome{Class: notifier.Blind, Err: errors.New("missing_scope")}
}

// crash leaves an attempt at the first item without an end.
func (b *bench) crash(now time.Time) {
	b.t.Helper()
	if _, err := b.store.Begin(b.t.Context(), b.waiting()[0].ID, now); err != nil {
		b.t.Fatal(err)
	}
	b.restart()
}

func TestLookFindsWhatWasAccepted(t *testing.T) {
	b := newBench(t)
	b.enqueue(item("k1", "1"))
	b.channel.answer, b.channel.find = always(ambiguous), found(1)
	b.run(t0)
	b.restart()
	b.run(t0.Add(grace - time.Second))
	if len(b.channel.looked) != 0 {
		t.Fatal("looked before the grace was over")
	}
	b.run(t0.Add(grace + time.Second))
	b.run(t0.Add(time.Hour))
	if got := len(b.channel.tried); got != 1 {
		t.Errorf("%d attempts, want the first alone", got)
	}
	receipt, err := b.store.Receipt(t.Context(), "k1")
	if err != nil || receipt == nil || receipt.TS != "7" || receipt.Name != "#a" || len(b.waiting()) != 0 {
		t.Errorf("receipt %+v, %v, left %+v; want that of the message found", receipt, err, b.waiting())
	}
}

func TestLookFindsAnOlderVersionAndEditsIt(t *testing.T) {
	b := newBench(t)
	b.enqueue(item("k1", "1"))
	b.channel.answer, b.channel.find = always(ambiguous), found(1)
	b.run(t0)
	b.enqueue(item("k1", "2"))
	b.channel.answer = nil
	b.run(t0.Add(time.Hour))
	b.run(t0.Add(time.Hour))
	b.wantSent("edit k1=2")
}

func TestLookTwiceBeforePostingAgain(t *testing.T) {
	b := newBench(t)
	b.enqueue(item("k1", "1"), item("k2", "2"))
	b.crash(t0)
	at := func(after time.Duration, looked int, sent ...string) {
		t.Helper()
		b.run(t0.Add(after))
		b.wantSent(sent...)
		if got := len(b.channel.looked); got != looked {
			t.Errorf("after %s: %d looks, want %d", after, got, looked)
		}
	}
	at(time.Second, 0, "post k2=2")
	at(grace+time.Second, 1, "post k2=2")
	b.restart()
	at(2*grace-time.Second, 1, "post k2=2")
	at(2*grace+time.Second, 2, "post k2=2", "post k1=1")
	if got := b.channel.tried[1]; got.Attempts != 2 || !got.UnsureSince.IsZero() || got.Repeat != 0 {
		t.Errorf("the channel got %+v, want a second attempt that is sure of the first", got)
	}
}

// A look long after the attempt need not wait for another.
func TestLookLateLooksTwiceAtOnce(t *testing.T) {
	b := newBench(t)
	b.enqueue(item("k1", "1"))
	b.crash(t0)
	b.run(t0.Add(time.Hour))
	b.wantSent("post k1=1")
	if got := len(b.channel.looked); got != 2 {
		t.Errorf("%d looks, want 2", got)
	}
}

func TestLookOfARepliesThreadAndChannel(t *testing.T) {
	b := newBench(t)
	b.enqueue(item("k1", "1"))
	b.run(t0)
	b.enqueue(reply("k1", "2"), in("#b", item("k2", "3")))
	b.channel.answer = always(ambiguous)
	b.run(t0)
	var nears []notifier.Receipt
	b.channel.find = func(_ notifier.Item, near notifier.Receipt) notifier.Outcome {
		nears = append(nears, near)
		return notifier.Outcome{Class: notifier.Sent, Version: 1, Receipt: near}
	}
	b.run(t0.Add(time.Hour))
	b.enqueue(item("k3", "4"))
	b.run(t0.Add(time.Hour))
	b.run(t0.Add(2 * time.Hour))
	if len(nears) != 3 || nears[0].TS != "1" || nears[1].Channel != "" || nears[2].Channel != "C1" || nears[2].TS != "" {
		t.Errorf("looked near %+v, want the thread, an unknown channel, and a known one", nears)
	}
	if left := b.waiting(); len(left) != 0 {
		t.Errorf("left %+v", left)
	}
}

// An edit says the same again.
func TestEditNeedsNoLook(t *testing.T) {
	b := newBench(t)
	b.enqueue(item("k1", "1"))
	b.run(t0)
	b.enqueue(item("k1", "2"))
	b.channel.answer = always(ambiguous)
	b.run(t0)
	b.crash(t0)
	b.channel.answer = nil
	b.run(t0.Add(5 * time.Second))
	b.wantSent("post k1=1", "edit k1=2")
	if len(b.channel.looked) != 0 {
		t.Errorf("looked for %+v", b.channel.looked)
	}
}

func TestRepeatOnceWhereNobodyCanLook(t *testing.T) {
	b := newBench(t)
	b.enqueue(item("k1", "1"))
	b.channel.answer, b.channel.find = always(ambiguous), blind
	for h := range 10 {
		b.run(t0.Add(time.Duration(h) * time.Hour))
	}
	if got := b.channel.tried; len(got) != 2 || got[0].Repeat != 0 || got[1].Repeat != 1 {
		t.Errorf("tried %+v, want once, and once more marked", got)
	}
	left := b.waiting()
	if len(left) != 1 || left[0].State != notifier.Dead || !strings.Contains(left[0].LastError, "missing_scope") {
		t.Fatalf("left %+v, want it dead, saying why", left)
	}
	b.channel.answer = nil
	if _, err := b.store.Resend(t.Context(), left[0].ID, store.Deed{At: t0}); err != nil {
		t.Fatal(err)
	}
	b.run(t0.Add(11 * time.Hour))
	b.wantSent("post k1=1")
}

// While the other side is ill nobody can know, and nothing is posted.
func TestLookWaitsUntilTheOtherSideAnswers(t *testing.T) {
	b := newBench(t)
	b.enqueue(item("k1", "1"), item("k2", "2"))
	ill := true
	b.channel.answer = func(context.Context, notifier.Item) notifier.Outcome {
		if ill {
			return ambiguous
		}
		return notifier.Outcome{Class: notifier.Sent}
	}
	b.channel.find = func(i notifier.Item, near notifier.Receipt) notifier.Outcome {
		if ill {
			return notifier.Outcome{Class: notifier.Retry, Err: errBoom}
		}
		return blind(i, near)
	}
	for h := range 8 {
		b.run(t0.Add(time.Duration(h) * time.Hour))
	}
	if got := len(b.channel.tried); got != 2 {
		t.Errorf("%d attempts in eight hours, want one each", got)
	}
	ill = false
	b.run(t0.Add(9 * time.Hour))
	b.wantSent("post k1=1", "post k2=2")
}

func TestGoneMessageIsPostedAnew(t *testing.T) {
	b := newBench(t)
	b.enqueue(item("k1", "1"))
	b.run(t0)
	b.enqueue(item("k1", "2"))
	gone := true
	b.channel.answer = func(_ context.Context, i notifier.Item) notifier.Outcome {
		if gone {
			gone = false
			return notifier.Outcome{Class: notifier.Gone, Err: errBoom}
		}
		return ambiguous
	}
	b.channel.find = found(1)
	b.run(t0)
	if left := b.waiting(); len(left) != 1 || !left[0].Anew || left[0].UnsureSince.IsZero() {
		t.Fatalf("left %+v, want one that is looked for", left)
	}
	b.run(t0.Add(time.Hour))
	receipt, err := b.store.Receipt(t.Context(), "k1")
	if err != nil || receipt == nil || receipt.TS != "7" {
		t.Errorf("receipt %+v, %v, want that of the new message", receipt, err)
	}
}
