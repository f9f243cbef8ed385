package main

import (
	"context"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"
)

// follow starts a reloader that ends with the test, and what waits for its end.
func (w *world) follow(t *testing.T, eng *engine) (hup chan os.Signal, stop func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	hup, ended := make(chan os.Signal, 1), make(chan struct{})
	go func() { defer close(ended); newReloader(w.env, eng).follow(ctx, hup) }()
	return hup, func() { cancel(); <-ended }
}

// holds waits until something is so.
func holds(t *testing.T, what string, so func() bool) {
	t.Helper()
	for range 1000 {
		if so() {
			return
		}
		<-time.After(10 * time.Millisecond)
	}
	t.Fatalf("never: %s", what)
}

// TestManyEditsUnderLoad edits the rules file all the time, rightly and wrongly,
// while billbot polls and delivers: every poll ends well, nothing is said that
// was not said before, and the last edit is in force.
func TestManyEditsUnderLoad(t *testing.T) {
	l := newTurning(t)
	_, stop := l.w.follow(t, l.eng)
	const edits = 300
	done := l.goOn(t)
	for n := range edits {
		l.w.edit(t, "name: runaway", []string{"nmae: runaway", fmt.Sprintf("name: runaway-%d", n), "name: [", "name: runaway"}[rand.IntN(4)])
		if n%20 == 0 { // a right one, and a pause in which it is taken up
			l.w.edit(t, "name: runaway", fmt.Sprintf("name: paused-%d", n))
			<-time.After(settleFor * 2)
		}
	}
	l.w.edit(t, "name: runaway", "name: the-last")
	done()
	holds(t, "the last edit in force", func() bool { _, err := ruleNamed(l.eng.newest().rules, "the-last"); return err == nil })
	stop()
	if got := strings.Count(l.log.String(), "msg=polled accounts=1 failed=0"); got != l.polls {
		t.Errorf("%d polls ended well, want all %d", got, l.polls)
	}
	if got := strings.Count(l.log.String(), "rules reloaded"); got < 3 {
		t.Errorf("%d reloads: nothing was tested", got)
	}
	if got := len(l.w.slack.posted("")) - l.before; got != 0 {
		t.Errorf("%d messages for nothing", got)
	}
}

// TestWatchEndsWithTheDaemon: nothing of it goes on.
func TestWatchEndsWithTheDaemon(t *testing.T) {
	w := newWorld(t, loopRules, twoMonths())
	eng := w.open(t)
	defer eng.store.Close()
	_, stop := w.follow(t, eng)
	watching := func() bool {
		all := make([]byte, 1<<20)
		return strings.Contains(string(all[:runtime.Stack(all, true)]), "fsnotify.(")
	}
	holds(t, "the folder is watched", watching)
	stop()
	holds(t, "the watch has ended", func() bool { return !watching() })
}

// TestStormOfSignals: many at once are one reload.
func TestStormOfSignals(t *testing.T) {
	w := newWorld(t, loopRules, twoMonths())
	log := &processLog{}
	w.env.log = slog.New(slog.NewTextHandler(log, nil))
	eng := w.open(t)
	defer eng.store.Close()
	hup, stop := w.follow(t, eng)
	for range 200 {
		hup <- syscall.SIGHUP
	}
	log.says(t, "rules reloaded", 1)
	stop()
	if got := strings.Count(log.String(), "rules reloaded"); got != 1 {
		t.Errorf("%d reloads, want one", got)
	}
}

// TestWatchedThroughALink edits what the rules file is a link to, in another
// folder, and then puts another folder in its place.
func TestWatchedThroughALink(t *testing.T) {
	w := newWorld(t, loopRules, twoMonths())
	elsewhere := t.TempDir()
	link, behind := w.env.rulesFile, filepath.Join(elsewhere, "shared.yaml")
	if err := os.Rename(link, behind); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(behind, link); err != nil {
		t.Fatal(err)
	}
	eng := w.open(t)
	defer eng.store.Close()
	_, stop := w.follow(t, eng)
	defer stop()
	for n := range 3 { // the first may come before anybody watches: it is looked at all the same
		name := fmt.Sprint("edit-", n)
		w.edit(t, "name: runaway", "name: "+name)
		holds(t, name, func() bool { _, err := ruleNamed(eng.newest().rules, name); return err == nil })
	}
}
