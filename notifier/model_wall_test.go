package notifier_test

import (
	"context"
	"errors"
	"maps"
	"strconv"
	"strings"
	"time"

	"github.com/billbot/billbot/notifier"
	"pgregory.net/rapid"
)

// seen is a message that people see.
type seen struct {
	key      string
	item     uint64
	version  int
	reply    bool
	marked   bool                // as a possible repeat
	contents []map[string]string // one after another: what is said, by key; a digest says several
	from     time.Time
	after    int // what was said before it was posted: the number of the last
}

// says is what an item tells under each key.
func says(i notifier.Item) map[string]string {
	said := map[string]string{}
	if i.Content.Digest == nil {
		said[i.Key] = text(i)
		return said
	}
	for _, e := range i.Content.Digest.Entries {
		if !strings.Contains(e.Key, "#") { // which is a reply to a message of its own
			said[e.Key] = text(notifier.Item{Content: e.Content})
		}
	}
	return said
}

func (s *seen) last() map[string]string { return s.contents[len(s.contents)-1] }

// wall is a channel whose messages are the model.
type wall struct {
	t        *rapid.T
	now      time.Time
	n        int // of what was said last
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
	m := &seen{key: item.Key, item: item.ID, version: item.Version, reply: item.Reply, marked: item.Repeat > 0, contents: []map[string]string{says(item)}, from: w.now, after: w.n}
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
	if said := says(item); !maps.Equal(m.last(), said) {
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
