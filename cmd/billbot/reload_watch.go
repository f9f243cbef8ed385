package main

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/fsnotify/fsnotify"
)

// When a change of the rules file is looked at. An editor writes in several
// steps, so it is left alone until nothing has moved for a moment, but not for
// ever. Network file systems tell of nothing: there the slow tick finds it.
const (
	settleFor  = 200 * time.Millisecond
	settleMost = 2 * time.Second
	lookTick   = time.Minute
)

// follow takes up the rules file whenever it changes, or somebody asks for it
// by a signal, until ctx ends.
func (r *reloader) follow(ctx context.Context, asked <-chan os.Signal) {
	f, err := newFolders(r.env.rulesFile)
	if err != nil {
		r.env.log.Warn("the rules file is not watched, only looked at now and then", "every", lookTick, "err", err)
	}
	defer f.close()
	tick := time.NewTicker(lookTick)
	defer tick.Stop()
	look := func(asked bool) {
		if err := f.watch(); err != nil {
			r.env.log.Debug("watching the folder of the rules file", "err", err)
		}
		r.engine.guard("reload of the rules", func() { r.look(ctx, asked) })
	}
	look(false) // it may have changed since billbot read it
	var s settling
	var byHand bool
	for {
		select {
		case <-ctx.Done():
			return
		case <-asked:
			byHand = true
			s.moved()
		case event := <-f.events:
			if f.concerns(event) {
				s.moved()
			}
		case <-f.lost: // some events were lost
			s.moved()
		case <-tick.C:
			look(false)
		case <-s.over:
			look(byHand)
			s, byHand = settling{}, false
		}
	}
}

// settling is a file that is being changed. The zero value is one that rests.
type settling struct {
	since time.Time
	over  <-chan time.Time
}

// moved notes that it moves, and puts off the look at it, up to a bound.
func (s *settling) moved() {
	now := time.Now()
	if s.over == nil {
		s.since = now
	}
	s.over = time.After(min(settleFor, s.since.Add(settleMost).Sub(now)))
}

// folders are those that are watched for the sake of one file: its own, as
// editors and ConfigMaps put another in its place, and the one that a symbolic
// link leads to.
type folders struct {
	watcher *fsnotify.Watcher // nil: nothing is watched
	events  <-chan fsnotify.Event
	lost    <-chan error
	file    string
	names   []string // of the file, and of what it leads to
}

// newFolders watches nothing yet, and where it returns an error, never will.
func newFolders(file string) (*folders, error) {
	watcher, err := fsnotify.NewWatcher()
	if err != nil {
		return &folders{file: file}, err
	}
	return &folders{watcher: watcher, events: watcher.Events, lost: watcher.Errors, file: file}, nil
}

func (f *folders) close() {
	if f.watcher != nil {
		_ = f.watcher.Close()
	}
}

// watch sees to it that the folders are watched as they are now. One that was
// taken away and made again is another one.
func (f *folders) watch() error {
	if f.watcher == nil {
		return nil
	}
	wanted := []string{filepath.Dir(f.file)}
	f.names = []string{filepath.Base(f.file)}
	if real, err := filepath.EvalSymlinks(f.file); err == nil && real != f.file {
		wanted, f.names = append(wanted, filepath.Dir(real)), append(f.names, filepath.Base(real))
	}
	for _, dir := range f.watcher.WatchList() {
		if !slices.Contains(wanted, dir) {
			_ = f.watcher.Remove(dir) // it may be gone
		}
	}
	var failures []error
	for _, dir := range wanted {
		failures = append(failures, f.watcher.Add(dir))
	}
	return errors.Join(failures...)
}

// concerns reports whether an event may be about the file. The database, which
// is often in the same folder, is written all the time; what is put into the
// folder may be a link that the file leads over.
func (f *folders) concerns(event fsnotify.Event) bool {
	return slices.Contains(f.names, filepath.Base(event.Name)) || event.Has(fsnotify.Create)
}
