package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/billbot/billbot/notifier/slack/slackfake"
	"github.com/billbot/billbot/store"
)

// TestNthOperationFails plays each story once for each step of the store's, with
// that step failing: before a read or a write, at the write, and after it is on
// disk. Without a restart, people see in the end what they see where nothing
// fails: nothing is lost, twice, or another than it is.
func TestNthOperationFails(t *testing.T) {
	t.Parallel()
	var operations, wrong atomic.Int64
	t.Run("all", func(t *testing.T) {
		for name, s := range stories() {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				n, bad := s.failEach(t)
				operations.Add(int64(n))
				wrong.Add(int64(bad))
			})
		}
	})
	t.Attr("score", fmt.Sprintf("11 stories=%d operations=%d wrong=%d", len(stories()), operations.Load(), wrong.Load()))
}

// failEach plays a story with each step failing, or some of them in between
// where nobody scores, and returns how many that were and how many ended wrong.
func (s story) failEach(t *testing.T) (played, wrong int) {
	before := s.before(t)
	want, steps := s.play(t, before, 0)
	every := sized(29, 1, 1)
	for n := 1; n <= steps; n += every {
		got, _ := s.play(t, before, n)
		if diff := cmp.Diff(want.seen, got.seen); diff != "" {
			wrong++
			t.Errorf("%s failed, step %d of %d (-without +with):\n%s", got.failed, n, steps, diff)
		}
		played++
	}
	return played, wrong
}

// past is what a story begins with: a database, and what Slack shows.
type past struct {
	database []byte
	messages []slackMessage
}

// before lives the days before a story.
func (s story) before(t *testing.T) (p past) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, s.rules, s.recording()...)
		lived := &played{world: w, t: t, eng: w.open(t)}
		for range s.days {
			lived.turn()
			time.Sleep(24*time.Hour - turnTime)
		}
		if err := lived.eng.store.Close(); err != nil {
			t.Fatal(err)
		}
		data, err := os.ReadFile(w.env.dbFile)
		if err != nil {
			t.Fatal(err)
		}
		p = past{data, w.slack.posted("")}
	})
	return p
}

// afterwards is what there is in the end, and what failed.
type afterwards struct {
	seen   []string
	failed string
}

// play plays a story with the nth step failing, 0 for none, and goes on for an
// hour. It returns how many steps the story itself took.
func (s story) play(t *testing.T, before past, n int) (end afterwards, steps int) {
	synctest.Test(t, func(t *testing.T) {
		time.Sleep(time.Duration(s.days)*24*time.Hour + 8*time.Hour)
		w := newWorld(t, s.rules, s.recording()...)
		w.env.dbFile = filepath.Join(memory(t), "billbot.db")
		if err := os.WriteFile(w.env.dbFile, before.database, 0o600); err != nil {
			t.Fatal(err)
		}
		for _, m := range before.messages {
			w.slack.Put(m.Message)
		}
		p := &played{world: w, t: t}
		var counting sync.Mutex
		w.env.faults = func(doing string, at store.Step) error {
			if p.safe {
				return nil
			}
			counting.Lock() // accounts are asked side by side
			defer counting.Unlock()
			if steps++; steps != n {
				return nil
			}
			end.failed = fmt.Sprintf("%s (%s)", doing, at)
			return errors.New("input/output error")
		}
		p.eng = w.open(t)
		defer func() { p.eng.store.Close() }()
		s.happens(p)
		p.safe = true
		for range 4 {
			p.turn()
		}
		end.seen = p.seen()
	})
	return end, steps
}

// has reports whether a message is there.
func (f *fakeSlack) has(ts string) bool {
	return slices.ContainsFunc(f.Messages(""), func(m slackfake.Message) bool { return m.TS == ts })
}

var clockTime = regexp.MustCompile(`[0-9]{2}:[0-9]{2}|[0-9]+ hours?`)

// seen is what people see, and what is kept of it.
func (p *played) seen() (seen []string) {
	for _, key := range twice(p.slack.keys()) {
		seen = append(seen, "twice: "+key)
	}
	for _, m := range p.slack.posted("") {
		if p.apart && (m.EventType == "billbot_alert" || m.EventType == "billbot_reply") {
			continue
		}
		text := clockTime.ReplaceAllString(m.Text, "hh:mm") // what failed is told at the next turn
		seen = append(seen, fmt.Sprintf("%s %s in %s, thread %t: %s", m.EventType, m.Key, m.Channel, m.Thread != "", text))
	}
	ctx := p.t.Context()
	alerts, err := p.eng.store.Alerts(ctx)
	for _, a := range alerts {
		line, lost := lineOf(ctx, p.eng.store, a.Alert)
		seen = append(seen, fmt.Sprintf("alert %s %s %s told %t", a.Alert.ID, a.Alert.State, a.Alert.Ended, lost == nil && p.slack.has(line.TS)))
	}
	items, failed := p.eng.store.Undelivered(ctx)
	for _, i := range items {
		seen = append(seen, fmt.Sprintf("waiting: %s %s %s", i.State, i.Key, i.LastError))
	}
	found, broken := p.eng.store.Check(ctx)
	seen = append(seen, fmt.Sprint("the database: ", found.Problems, errors.Join(err, failed, broken)))
	slices.Sort(seen)
	return strings.Split(strings.Join(seen, "\n"), "\n")
}
