package notifier_test

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/billbot/billbot/notifier"
	"github.com/billbot/billbot/store"
)

func TestDeliverKeepsItsBackoffThroughARestart(t *testing.T) {
	b := newBench(t)
	b.enqueue(item("k1", "1"))
	b.channel.answer = always(notifier.Outcome{Class: notifier.Retry, Err: errBoom, RetryAfter: time.Hour})
	b.run(t0)
	b.channel.answer = nil
	b.restart()
	left := b.waiting()[0]
	if wait := left.NotBefore.Sub(t0); left.LastError != "boom" || left.Attempts != 1 || wait < time.Hour || wait > time.Hour+time.Minute {
		t.Errorf("kept %+v, want one attempt and an hour to wait", left)
	}
	b.run(t0.Add(59 * time.Minute))
	b.wantSent()
	b.run(t0.Add(61 * time.Minute))
	b.wantSent("post k1=1")
}

func TestDeliverCountsFromWhenTheAttemptEnded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t)
		b.enqueue(item("k1", "1"))
		b.channel.answer = func(context.Context, notifier.Item) notifier.Outcome {
			time.Sleep(20 * time.Second)
			return notifier.Outcome{Class: notifier.Retry, Err: errBoom, RetryAfter: 30 * time.Second}
		}
		b.run(t0)
		if got, want := b.waiting()[0].NotBefore, t0.Add(50*time.Second); !got.Equal(want) {
			t.Errorf("not before %s, want %s", got, want)
		}
	})
}

// Slack counts what a workspace sends, so one that is asked to wait waits in
// every channel, through a restart.
func TestDeliverPausesAllWhenAskedTo(t *testing.T) {
	b := newBench(t)
	b.enqueue(item("k1", "1"), item("k2", "2"), in("#b", item("k3", "3")))
	b.channel.answer = always(notifier.Outcome{Class: notifier.Retry, Err: errBoom, RetryAfter: time.Minute})
	b.run(t0)
	b.restart()
	b.run(t0.Add(30 * time.Second))
	if got := len(b.channel.tried); got != 1 {
		t.Errorf("%d attempts, want one", got)
	}
	b.channel.answer = nil
	b.run(t0.Add(2 * time.Minute))
	b.wantSent("post k1=1", "post k2=2", "post k3=3")
}

func TestDeliverBuriesWhatIsRefused(t *testing.T) {
	b := newBench(t)
	b.enqueue(item("k1", "1"), item("k2", "2"))
	b.channel.answer = func(_ context.Context, i notifier.Item) notifier.Outcome {
		if i.Key == "k1" {
			return notifier.Outcome{Class: notifier.Refused, Err: errors.New("invalid_blocks")}
		}
		return notifier.Outcome{Class: notifier.Sent}
	}
	b.run(t0)
	b.run(t0.Add(time.Hour))
	b.wantSent("post k2=2")
	left := b.waiting()
	if len(left) != 1 || left[0].State != notifier.Dead || left[0].LastError != "invalid_blocks" || left[0].Attempts != 1 {
		t.Errorf("left %+v, want one dead item", left)
	}
	if log := b.log.String(); !strings.Contains(log, "level=ERROR msg=\"message given up\"") || strings.Contains(log, "not_before=0001") {
		t.Errorf("log:\n%s", &b.log)
	}
	b.channel.answer = nil
	b.enqueue(item("k1", "3"))
	b.run(t0.Add(2 * time.Hour))
	b.wantSent("post k2=2", "post k1=3")
}

func TestDeliverLosesNothingWhileClosed(t *testing.T) {
	b := newBench(t)
	b.enqueue(item("k1", "1"), in("#b", item("k2", "2")), reply("k1", "3"))
	b.channel.answer = always(notifier.Outcome{Class: notifier.Closed, Err: errors.New("token_revoked")})
	now := t0
	for range 100 {
		b.run(now)
		b.run(now.Add(9 * time.Minute))
		now = now.Add(time.Hour)
	}
	if got := len(b.channel.tried); got != 100 {
		t.Errorf("%d attempts, want 100: one in ten minutes", got)
	}
	b.channel.answer = always(notifier.Outcome{Class: notifier.Retry, Err: errBoom})
	b.run(now)
	b.channel.answer = nil
	b.run(now.Add(time.Hour))
	slices.Sort(b.channel.sent)
	b.wantSent("post k1=1", "post k2=2", "reply k1=3")
}

// A channel that takes nothing holds up its own messages alone, and gets them
// all once it is mended.
func TestDeliverKeepsWhatAClosedChannelWaitsFor(t *testing.T) {
	b := newBench(t)
	b.enqueue(item("k1", "1"), item("k2", "2"), in("#b", item("k3", "3")))
	b.channel.answer = func(_ context.Context, i notifier.Item) notifier.Outcome {
		if i.Channel == "#a" {
			return notifier.Outcome{Class: notifier.Closed, Pauses: notifier.PauseChannel, Err: errors.New("not_in_channel: invite @billbot")}
		}
		return notifier.Outcome{Class: notifier.Sent}
	}
	now := t0
	for range 100 {
		b.run(now)
		b.run(now.Add(9 * time.Minute))
		now = now.Add(time.Hour)
	}
	b.restart()
	b.wantSent("post k3=3")
	if got := len(b.channel.tried); got != 101 {
		t.Errorf("%d attempts, want 100 at the closed channel and one at the other", got)
	}
	if log := b.log.String(); !strings.Contains(log, "the channel takes no message") || !strings.Contains(log, "invite @billbot") {
		t.Errorf("log:\n%s", log)
	}
	b.channel.answer = nil
	b.run(now)
	b.wantSent("post k3=3", "post k1=1", "post k2=2")
}

func TestDeliverGivesUpAfterThreeDaysOfFailing(t *testing.T) {
	b := newBench(t)
	b.enqueue(item("k1", "1"))
	b.channel.answer = always(notifier.Outcome{Class: notifier.Ambiguous, Err: errBoom})
	late := t0.Add(200 * time.Hour) // the process was away: that is not failing
	for h := range 72 {
		b.run(late.Add(time.Duration(h) * time.Hour))
	}
	if left := b.waiting()[0]; left.State != notifier.Pending || left.Attempts != 72 {
		t.Errorf("left %+v, want it pending", left)
	}
	b.run(late.Add(73 * time.Hour))
	if left := b.waiting()[0]; left.State != notifier.Dead {
		t.Errorf("state %s, want dead", left.State)
	}
}

// Two tries three days apart are no three days of trying.
func TestDeliverDoesNotGiveUpAfterASleep(t *testing.T) {
	b := newBench(t)
	b.enqueue(item("k1", "1"))
	b.channel.answer = always(notifier.Outcome{Class: notifier.Retry, Err: errBoom})
	b.run(t0)
	b.run(t0.Add(73 * time.Hour))
	b.channel.answer = nil
	b.run(t0.Add(74 * time.Hour))
	b.wantSent("post k1=1")
}

// A clock that was ahead leaves waits that nothing would ever set.
func TestDeliverForgivesAClockThatWasAhead(t *testing.T) {
	b := newBench(t)
	b.enqueue(item("k1", "1"), item("k2", "2"))
	b.channel.answer = always(notifier.Outcome{Class: notifier.Closed, Err: errBoom})
	b.run(t0.Add(365 * 24 * time.Hour))
	b.channel.answer = nil
	b.run(t0)
	b.wantSent("post k1=1", "post k2=2")
}

// fullDisk is an outbox that cannot keep how attempts end.
type fullDisk struct {
	*store.Store
	full bool
}

func (f *fullDisk) Finish(ctx context.Context, i notifier.Item, r *notifier.Receipt) error {
	if f.full {
		return errors.New("no space left on device")
	}
	return f.Store.Finish(ctx, i, r)
}

func TestDeliverSendsNothingTwiceOnAFullDisk(t *testing.T) {
	b := newBench(t)
	disk := &fullDisk{Store: b.store, full: true}
	b.deliver = notifier.NewDeliverer(disk, &b.channel, grace, slog.New(slog.DiscardHandler))
	b.enqueue(item("k1", "1"), item("k2", "2"))
	for range 3 {
		if err := b.deliver.Deliver(t.Context(), t0); err == nil {
			t.Error("no error")
		}
	}
	b.wantSent("post k1=1")
	disk.full = false
	b.run(t0)
	b.wantSent("post k1=1", "post k2=2")
}
