package notifier_test

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/billbot/billbot/notifier"
	"github.com/billbot/billbot/rules"
)

var nobody = notifier.Outcome{Class: notifier.Ambiguous, Down: true, Err: errBoom}

// hung answers nothing for as long as a request may take.
func hung(context.Context, notifier.Item) notifier.Outcome {
	time.Sleep(10 * time.Second)
	return nobody
}

func critical(i notifier.Item) notifier.Item {
	i.Content.Alert.State = rules.Firing
	i.Content.Alert.Finding.Severity = rules.Critical
	return i
}

// tick delivers as the daemon does, every two seconds, for a while.
func (b *bench) tick(long time.Duration) {
	b.t.Helper()
	for end := time.Now().Add(long); time.Now().Before(end); time.Sleep(2 * time.Second) {
		b.run(time.Now())
	}
}

// keys are the items that were tried, or looked for, in order.
func keys(items []notifier.Item) []string {
	var found []string
	for _, i := range items {
		found = append(found, i.Key)
	}
	return found
}

// Summaries of a hundred channels wait when Slack hangs, and something critical
// comes a second later: it is the next to be tried, and from then on there is one
// probe at a time, ever less often.
func TestDeliverTriesOneAtATimeWhileNobodyAnswers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t)
		var waiting []notifier.Item
		for i := range 100 {
			waiting = append(waiting, in(fmt.Sprintf("#c%d", i), item(fmt.Sprintf("k%d", i), "1")))
		}
		b.enqueue(waiting...)
		began := time.Now()
		var first time.Duration
		b.channel.answer = func(ctx context.Context, i notifier.Item) notifier.Outcome {
			if i.Key == "urgent" && first == 0 {
				first = time.Since(began)
			}
			return hung(ctx, i)
		}
		go func() {
			time.Sleep(time.Second)
			b.enqueue(critical(item("urgent", "1")))
		}()
		b.run(time.Now())
		if first != 10*time.Second {
			t.Errorf("what is critical was first tried after %s, want as soon as the request in hand had ended", first)
		}
		if took := time.Since(began); took != 20*time.Second {
			t.Errorf("a delivery took %s, want the two attempts that show that nobody answers", took)
		}
		b.channel.find = func(notifier.Item, notifier.Receipt) notifier.Outcome {
			time.Sleep(10 * time.Second)
			return notifier.Outcome{Class: notifier.Retry, Down: true, Err: errBoom}
		}
		b.tick(20 * time.Minute)
		tries := len(b.channel.tried) + len(b.channel.looked)
		if tries < 6 || tries > 30 {
			t.Errorf("%d tries in twenty minutes, want a few at first and then one in some minutes", tries)
		}
	})
}

// Once somebody answers, everything goes out, in the order of what matters.
func TestDeliverGoesOnAfterAnOutage(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t)
		b.enqueue(item("k1", "1"), item("k2", "2"), critical(in("#b", item("k3", "3"))), reply("k3", "4"))
		b.channel.answer = always(notifier.Outcome{Class: notifier.Retry, Down: true, Err: errBoom})
		b.tick(time.Hour)
		b.channel.answer = nil
		b.tick(11 * time.Minute)
		slices.Sort(b.channel.sent)
		b.wantSent("post k1=1", "post k2=2", "post k3=3", "reply k3=4")
		if left := b.waiting(); len(left) != 0 {
			t.Errorf("left %+v", left)
		}
	})
}

// An item that makes Slack fail stops nobody else, wherever it is in line.
func TestDeliverIsNotStoppedByOneItem(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t)
		b.enqueue(critical(item("bad", "1")), item("k1", "1"))
		b.channel.find = func(notifier.Item, notifier.Receipt) notifier.Outcome {
			return notifier.Outcome{Class: notifier.Missing}
		}
		b.channel.answer = func(ctx context.Context, i notifier.Item) notifier.Outcome {
			if i.Key == "bad" {
				return nobody
			}
			return notifier.Outcome{Class: notifier.Sent}
		}
		for n := 2; n < 20; n++ {
			b.tick(10 * time.Minute)
			b.enqueue(item(fmt.Sprintf("k%d", n), "1"))
		}
		if got := len(b.channel.sent); got != 18 {
			t.Errorf("%d sent, want all 18 but the one that fails: %q", got, b.channel.sent)
		}
	})
}

// A process that starts in the middle of an outage does not begin again at two
// seconds, and does not try everything.
func TestDeliverKnowsOfAnOutageAfterARestart(t *testing.T) {
	b := newBench(t)
	for i := range 10 {
		b.enqueue(in(fmt.Sprintf("#c%d", i), item(fmt.Sprintf("k%d", i), "1")))
	}
	b.channel.answer = always(notifier.Outcome{Class: notifier.Retry, Down: true, Err: errBoom})
	b.run(t0)
	if got := keys(b.channel.tried); !slices.Equal(got, []string{"k0", "k1"}) {
		t.Errorf("tried %q, want two", got)
	}
	b.restart()
	b.run(t0.Add(time.Minute))
	if got := len(b.channel.tried); got != 3 {
		t.Errorf("%d attempts, want one more", got)
	}
}

// What is critical goes first, after what comes before it under its key.
func TestDeliverBeginsWithWhatIsCritical(t *testing.T) {
	b := newBench(t)
	b.enqueue(item("k1", "1"), item("k2", "2"), reply("k2", "3"), critical(reply("k2", "4")), critical(item("k3", "5")))
	b.run(t0)
	b.wantSent("post k2=2", "reply k2=3", "reply k2=4", "post k3=5", "post k1=1")
}

// Reading the channel has limits of its own: what need not be looked for goes on.
func TestDeliverPausesLooksAlone(t *testing.T) {
	b := newBench(t)
	b.enqueue(item("k1", "1"), item("k2", "2"))
	b.channel.answer = always(notifier.Outcome{Class: notifier.Ambiguous, Err: errBoom})
	b.run(t0)
	b.channel.answer = nil
	b.channel.find = func(notifier.Item, notifier.Receipt) notifier.Outcome {
		return notifier.Outcome{Class: notifier.Retry, Err: errBoom, RetryAfter: 10 * time.Minute}
	}
	b.enqueue(item("k3", "3"))
	b.run(t0.Add(time.Minute))
	b.wantSent("post k3=3")
	b.restart()
	b.run(t0.Add(5 * time.Minute))
	if got := keys(b.channel.looked); len(got) != 1 {
		t.Errorf("looked for %q, want one look", got)
	}
}
