package notifier_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/billbot/billbot/notifier"
	"github.com/billbot/billbot/rules"
	"github.com/billbot/billbot/rules/report"
	"github.com/billbot/billbot/store"
)

// firing is an item of an alert that is on.
func firing(key, text string) notifier.Item {
	i := item(key, text)
	i.Content.Alert.State = rules.Firing
	return i
}

// many are alerts k1 to kn, and what their threads begin with.
func many(n int) []notifier.Item {
	var all []notifier.Item
	for i := range n {
		key := fmt.Sprintf("k%d", i+1)
		fired := reply(key, key+" fired")
		fired.Quiet, fired.Content.Event = true, rules.Fired
		all = append(all, firing(key, key), fired)
	}
	return all
}

func TestDeliverTellsAFewOneByOne(t *testing.T) {
	b := newBench(t)
	b.enqueue(many(5)...)
	b.run(t0)
	if got := len(b.channel.sent); got != 10 || strings.Contains(strings.Join(b.channel.sent, " "), "digest") {
		t.Errorf("sent %q, want five messages and their threads", b.channel.sent)
	}
}

// Thirty alerts of one poll are one message. Each goes on in it: what changes is
// an edit, what is said of one goes into its thread.
func TestDeliverTellsManyTogether(t *testing.T) {
	b := newBench(t)
	b.enqueue(append(many(30), in("#b", firing("other", "other")))...)
	b.run(t0)
	slices.Sort(b.channel.sent)
	wantTold(t, b.channel.sent[:1], "post digest-1=", 30)
	if got := b.channel.sent[1:]; !slices.Equal(got, []string{"post other=other"}) {
		t.Errorf("sent %q besides, want the other channel's alone", got)
	}
	digest, err := b.store.Receipt(t.Context(), "digest-1")
	if err != nil || digest == nil {
		t.Fatal(digest, err)
	}
	if one, err := b.store.Receipt(t.Context(), "k7"); err != nil || one == nil || one.TS != digest.TS {
		t.Errorf("k7 is at %+v, %v, want the digest's place %+v", one, err, digest)
	}

	b.channel.sent = nil
	over := item("k7", "k7 over")
	worse := firing("k8", "k8 worse")
	b.restart()
	b.enqueue(over, reply("k7", "k7 resolved"), worse, reply("k8", "k8 grew worse"))
	b.run(t0.Add(time.Hour))
	wantTold(t, b.channel.sent[:1], "edit digest-1=", 30, "k7 over", "k8 worse", "k30")
	if got := b.channel.sent[1:]; !slices.Equal(got, []string{"reply digest-1=k7 resolved", "reply digest-1=k8 grew worse"}) {
		t.Errorf("sent %q, want the replies in the digest's thread", got)
	}
}

// wantTold wants one sending, of a digest of n alerts with certain texts.
func wantTold(t *testing.T, sent []string, begins string, n int, says ...string) {
	t.Helper()
	if len(sent) != 1 || !strings.HasPrefix(sent[0], begins) {
		t.Fatalf("sent %q, want %s…", sent, begins)
	}
	told := strings.Split(strings.TrimPrefix(sent[0], begins), "|")
	if len(told) != n {
		t.Errorf("%d are told, want %d: %q", len(told), n, told)
	}
	for _, text := range says {
		if !slices.Contains(told, text) {
			t.Errorf("%q is not told: %q", text, told)
		}
	}
}

// Eight hours without Slack, with an alert each ten minutes that grows worse and
// is over in the end: one digest, which tells how things are, and nothing else.
func TestDeliverTellsABacklogInOneDigest(t *testing.T) {
	for name, o := range map[string]notifier.Outcome{
		"nobody answers": {Class: notifier.Retry, Down: true, Err: errBoom},
		"token revoked":  {Class: notifier.Closed, Err: errors.New("token_revoked")},
		"asked to wait":  {Class: notifier.Retry, Err: errBoom, RetryAfter: time.Minute},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				b := newBench(t)
				b.enqueue(firing("before", "before"))
				b.run(time.Now())
				b.channel.sent, b.channel.answer = nil, always(o)
				b.outage(8*time.Hour, 48)
				b.channel.answer = nil
				b.restart()
				for range 60 {
					b.run(time.Now())
					time.Sleep(time.Minute)
				}
				slices.Sort(b.channel.sent)
				if len(b.channel.sent) != 2 || b.channel.sent[0] != "edit before=before 48" {
					t.Fatalf("sent %q, want what changed of the old one, and a digest", b.channel.sent)
				}
				wantTold(t, b.channel.sent[1:], "post digest-3=", 48, "k1 over", "k47 over", "k48 over")
				if left := b.waiting(); len(left) != 0 {
					t.Errorf("left %+v", left)
				}
			})
		})
	}
}

// outage lets alerts come, grow worse and end, and delivers all the while.
func (b *bench) outage(long time.Duration, alerts int) {
	for i := 1; i <= alerts; i++ {
		at := func(i notifier.Item) notifier.Item { i.CreatedAt = time.Now(); return i }
		key := fmt.Sprintf("k%d", i)
		b.enqueue(at(firing("before", fmt.Sprintf("before %d", i))), at(firing(key, key)), at(reply(key, key+" fired")))
		b.enqueue(at(firing(key, key+" worse")), at(reply(key, key+" grew worse")))
		b.enqueue(at(item(key, key+" over")))
		b.run(time.Now())
		time.Sleep(long / time.Duration(alerts))
	}
}

// Where a channel was shown twenty messages within the hour, all else waits and
// is told together, what is critical too.
func TestDeliverKeepsToTwentyAnHour(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t)
		posts := map[string][]time.Time{}
		b.channel.answer = func(_ context.Context, i notifier.Item) notifier.Outcome {
			posts[i.Channel] = append(posts[i.Channel], time.Now())
			return notifier.Outcome{Class: notifier.Sent}
		}
		told := 0
		for range 30 * 3 { // three hours, an alert each two minutes
			told++
			next := firing(fmt.Sprintf("k%d", told), fmt.Sprintf("k%d", told))
			next.CreatedAt = time.Now()
			if told%2 == 0 {
				next = critical(next)
			}
			b.enqueue(next)
			if told%7 == 0 {
				b.restart()
			}
			b.run(time.Now())
			time.Sleep(2 * time.Minute)
		}
		time.Sleep(time.Hour)
		b.run(time.Now())
		for i, at := range posts["#a"] {
			if i >= 20 && at.Sub(posts["#a"][i-20]) < time.Hour {
				t.Fatalf("message %d comes %s after the one 20 before it", i, at.Sub(posts["#a"][i-20]))
			}
		}
		if left := b.waiting(); len(left) != 0 {
			t.Errorf("left %+v", left)
		}
		all := strings.Join(b.channel.sent, " ") + " "
		for i := range told {
			if key := fmt.Sprintf("k%d", i+1); !strings.Contains(all, "="+key+" ") && !strings.Contains(all, "|"+key+"|") && !strings.Contains(all, "="+key+"|") && !strings.Contains(all, "|"+key+" ") {
				t.Errorf("%s was never told", key)
			}
		}
	})
}

// In a process that goes on, the first alert of a channel waits for others; what
// is critical does not, and a summary is none.
func TestDeliverWaitsForAGroup(t *testing.T) {
	b := newBench(t)
	b.enqueue(many(4)...)
	b.enqueue(critical(item("urgent", "urgent")), notifier.Item{Key: "welcome", Channel: "#a", CreatedAt: t0, Content: notifier.Content{Welcome: &report.Welcome{}}})
	grouped := func(now time.Time) {
		t.Helper()
		if err := b.deliver.DeliverGroups(t.Context(), now); err != nil {
			t.Fatal(err)
		}
	}
	grouped(t0.Add(time.Second))
	b.wantSent("post urgent=urgent", "post welcome=summary")
	late := many(10)[8:]
	for i := range late {
		late[i].CreatedAt = t0.Add(19 * time.Second)
	}
	b.enqueue(late...)
	b.restart()
	grouped(t0.Add(19 * time.Second))
	b.wantSent("post urgent=urgent", "post welcome=summary")
	grouped(t0.Add(20 * time.Second))
	wantTold(t, b.channel.sent[2:], "post digest-1=", 10)
}

// A clock that was ahead does not make a group wait for it.
func TestDeliverDoesNotWaitForAGroupOfTheFuture(t *testing.T) {
	b := newBench(t)
	ahead := firing("k1", "k1")
	ahead.CreatedAt = t0.Add(time.Hour)
	b.enqueue(ahead)
	if err := b.deliver.DeliverGroups(t.Context(), t0); err != nil {
		t.Fatal(err)
	}
	b.wantSent("post k1=k1")
}

// A person who drops a digest that nobody saw has dropped what it told then, and
// nothing else.
func TestDropADigest(t *testing.T) {
	b := newBench(t)
	b.enqueue(many(8)...)
	b.channel.answer = always(notifier.Outcome{Class: notifier.Refused, Err: errBoom})
	b.run(t0)
	left := b.waiting()
	if len(left) != 1 || left[0].State != notifier.Dead {
		t.Fatalf("left %+v, want the digest, given up", left)
	}
	if _, err := b.store.Drop(t.Context(), left[0].ID, store.Deed{By: "ada", At: t0}); err != nil {
		t.Fatal(err)
	}
	b.channel.answer = nil
	b.enqueue(firing("k3", "k3 worse"))
	b.run(t0)
	b.wantSent("post k3=k3 worse")
}

// What may be there already is not told by a digest as well.
func TestDeliverLeavesOutWhatMayBeThere(t *testing.T) {
	b := newBench(t)
	b.enqueue(firing("k0", "k0"))
	b.channel.answer = always(notifier.Outcome{Class: notifier.Ambiguous, Err: errBoom})
	b.run(t0)
	b.channel.answer = nil
	b.enqueue(many(8)...)
	b.run(t0.Add(time.Second))
	wantTold(t, b.channel.sent, "post digest-2=", 8, "k1", "k8")
	b.channel.find = func(i notifier.Item, _ notifier.Receipt) notifier.Outcome {
		return notifier.Outcome{Class: notifier.Sent, Version: i.Version, Receipt: notifier.Receipt{Channel: "C1", TS: "99"}}
	}
	b.run(t0.Add(time.Minute))
	if got, err := b.store.Receipt(t.Context(), "k0"); err != nil || got == nil || got.TS != "99" || len(b.channel.sent) != 1 {
		t.Errorf("k0 is at %+v, %v; sent %q", got, err, b.channel.sent)
	}
}

// While a digest may be there already, what is said of its alerts is not taken in
// by it: an edit would call nobody.
func TestDigestThatMayBeThereTakesInNothing(t *testing.T) {
	b := newBench(t)
	b.enqueue(many(6)...)
	b.channel.answer = always(notifier.Outcome{Class: notifier.Ambiguous, Err: errBoom})
	b.run(t0)
	b.channel.answer = nil
	b.enqueue(firing("k2", "k2 worse"), reply("k2", "k2 grew worse"))
	b.channel.find = func(i notifier.Item, _ notifier.Receipt) notifier.Outcome {
		return notifier.Outcome{Class: notifier.Sent, Version: 1, Receipt: notifier.Receipt{Channel: "C1", TS: "99"}}
	}
	b.run(t0.Add(time.Minute))
	b.run(t0.Add(2 * time.Minute))
	slices.Sort(b.channel.sent)
	wantTold(t, b.channel.sent[:1], "edit digest-1=", 6, "k2 worse")
	if got := b.channel.sent[1:]; !slices.Equal(got, []string{"reply digest-1=k2 grew worse"}) {
		t.Errorf("sent %q, want the reply in the digest's thread", got)
	}
}
