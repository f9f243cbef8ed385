package slack

import (
	"errors"
	"fmt"
	"sync"
	"time"
)

// lineStates is how the connections of a socket are.
type lineStates struct {
	mu        sync.Mutex
	open      int
	downSince time.Time // while none is open
	last      error     // why the last one could not be opened
}

// downFor is how long no connection may be up before that is not health: a
// restart of Slack's takes seconds.
const downFor = 30 * time.Second

func (l *lineStates) start(now time.Time) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.downSince = now
}

func (l *lineStates) up() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.open++
	l.last = nil
}

func (l *lineStates) down(now time.Time) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.open--; l.open == 0 {
		l.downSince = now
	}
}

func (l *lineStates) failed(err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.last = err
}

// connected reports whether a connection is up.
func (l *lineStates) connected() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.open > 0
}

// health says why commands do not come; nil if they do. What only a person can
// help is told at once.
func (l *lineStates) health(now time.Time) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	_, lasting := errors.AsType[needsPerson](l.last)
	switch {
	case l.open > 0 || l.downSince.IsZero():
		return nil
	case !lasting && now.Sub(l.downSince) < downFor:
		return nil
	case l.last == nil:
		return fmt.Errorf("no connection to Slack for /spend since %s", l.downSince.UTC().Format(time.RFC3339))
	}
	return fmt.Errorf("no connection to Slack for /spend since %s: %w", l.downSince.UTC().Format(time.RFC3339), l.last)
}
