package main

import (
	"fmt"
	"log/slog"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"
	"time"
)

// TestEachEditIsReloaded edits the rules file a thousand times, rightly and
// wrongly, and looks at each edit, while billbot polls and delivers: a right one
// is in force then, a wrong one is refused and the one before it stays. Every
// poll ends well, and nobody is told what was told before.
func TestEachEditIsReloaded(t *testing.T) {
	t.Parallel()
	l := newTurning(t)
	stop := l.goOn(t)
	r := newReloader(l.w.env, l.eng)
	edits, wrong, missed := sized(200, 1000, 10_000), 0, 0
	inForce := "runaway"
	for n := range edits {
		broken, bad := []string{"nmae: runaway", "name: [", "name: runaway\n    bugdet: {}", ""}, false
		if edit := rand.IntN(len(broken) * 2); edit < len(broken) {
			wrong, bad = wrong+1, true
			l.w.edit(t, "name: runaway", broken[edit])
		} else {
			inForce = fmt.Sprintf("runaway-%d", n)
			l.w.edit(t, "name: runaway", "name: "+inForce)
		}
		r.look(t.Context(), rand.IntN(10) == 0)
		if _, err := ruleNamed(l.eng.newest().rules, inForce); err != nil || bad != (l.eng.refused.Load() != nil) {
			missed++
		}
	}
	stop()
	reloads := strings.Count(l.log.String(), "rules reloaded")
	told := len(l.w.slack.posted("")) - l.before
	line := fmt.Sprintf("edits=%d wrong=%d missed=%d polls=%d failed=%d messages=%d", edits, wrong, missed, l.polls, l.failed, told)
	t.Attr("score", "21 "+line)
	if missed+l.failed+told > 0 || l.polls < 20 || reloads < edits/4 || wrong < edits/4 {
		t.Errorf("%s, after %d reloads", line, reloads)
	}
}

// turning polls and delivers, a second of its own after the other.
type turning struct {
	w             *world
	log           *processLog
	eng           *engine
	now           time.Time
	polls, failed int
	before        int // messages
}

// newTurning has said what there is to say of two months.
func newTurning(t *testing.T) *turning {
	t.Helper()
	l := &turning{w: newWorld(t, loopRules, twoMonths()), log: &processLog{}, now: time.Date(2000, time.January, 20, 9, 0, 0, 0, time.UTC)}
	l.w.env.log = slog.New(slog.NewTextHandler(l.log, nil))
	l.w.cloud.SetNow(l.now)
	l.eng = l.w.open(t)
	t.Cleanup(func() { l.eng.store.Close() })
	for range 2 {
		l.turn(t)
	}
	l.before = len(l.w.slack.posted(""))
	return l
}

func (l *turning) turn(t *testing.T) {
	l.polls, l.now = l.polls+1, l.now.Add(time.Second)
	if err := l.eng.newest().sweep(t.Context(), l.now); err != nil {
		l.failed++
		t.Error(err)
	}
	if err := l.eng.newest().deliver(t.Context(), l.now); err != nil {
		l.failed++
		t.Error(err)
	}
}

// goOn turns until it is told to stop.
func (l *turning) goOn(t *testing.T) (stop func()) {
	end := make(chan struct{})
	var work sync.WaitGroup
	work.Go(func() {
		for {
			select {
			case <-end:
				return
			default:
				l.turn(t)
			}
		}
	})
	return func() { close(end); work.Wait() }
}
