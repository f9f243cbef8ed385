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
	w := newWorld(t, loopRules, twoMonths())
	log := &processLog{}
	w.env.log = slog.New(slog.NewTextHandler(log, nil))
	eng := w.open(t)
	defer eng.store.Close()
	now := time.Date(2000, time.January, 20, 9, 0, 0, 0, time.UTC)
	w.cloud.SetNow(now)
	l := &turning{eng: eng, now: now}
	l.turn(t)
	l.turn(t)
	before := len(w.slack.posted(""))
	stop := l.goOn(t)
	r := newReloader(w.env, eng)
	edits, wrong, missed := sized(200, 1000, 10_000), 0, 0
	inForce := "runaway"
	for n := range edits {
		broken, bad := []string{"nmae: runaway", "name: [", "name: runaway\n    bugdet: {}", ""}, false
		if edit := rand.IntN(len(broken) * 2); edit < len(broken) {
			wrong, bad = wrong+1, true
			w.edit(t, "name: runaway", broken[edit])
		} else {
			inForce = fmt.Sprintf("runaway-%d", n)
			w.edit(t, "name: runaway", "name: "+inForce)
		}
		r.look(t.Context(), rand.IntN(10) == 0)
		if _, err := ruleNamed(eng.newest().rules, inForce); err != nil || bad != (eng.refused.Load() != nil) {
			missed++
		}
	}
	stop()
	reloads := strings.Count(log.String(), "rules reloaded")
	told := len(w.slack.posted("")) - before
	line := fmt.Sprintf("edits=%d wrong=%d missed=%d polls=%d failed=%d messages=%d", edits, wrong, missed, l.polls, l.failed, told)
	t.Attr("score", "21 "+line)
	if missed+l.failed+told > 0 || l.polls < 20 || reloads < edits/4 || wrong < edits/4 {
		t.Errorf("%s, after %d reloads", line, reloads)
	}
}

// turning polls and delivers, a second of its own after the other.
type turning struct {
	eng           *engine
	now           time.Time
	polls, failed int
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
