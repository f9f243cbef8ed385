package slack

import (
	"context"
	"sync"
	"time"
)

// memory remembers what was seen within the last ten minutes, and what was said
// of it.
type memory struct {
	mu    sync.Mutex
	seen  map[string]*sighting
	order []mention // oldest first
}

type mention struct {
	key string
	at  time.Time
}

// sighting is something that was seen once, and may come again while it is still
// worked on.
type sighting struct {
	done chan struct{} // closed when said stands
	said any
}

// A signature is good for five minutes to both sides of its timestamp, and
// Slack gives up on an envelope long before ten.
const (
	rememberFor = 10 * time.Minute
	rememberAll = 10_000
)

// first reports whether a key is seen for the first time, and remembers it. When
// there is no more room, nothing is: to forget would be to let it be repeated.
func (m *memory) first(key string, now time.Time) bool {
	_, first := m.meet(now, key)
	return first
}

// meet returns what was seen under one of the keys. What was under none is seen
// for the first time, and remembered under all of them.
func (m *memory) meet(now time.Time, keys ...string) (s *sighting, first bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.forget(now)
	for _, key := range keys {
		if s, again := m.seen[key]; again {
			return s, false
		}
	}
	if len(m.order)+len(keys) > rememberAll {
		full := &sighting{done: make(chan struct{})}
		full.close()
		return full, false
	}
	if m.seen == nil {
		m.seen = map[string]*sighting{}
	}
	s = &sighting{done: make(chan struct{})}
	for _, key := range keys {
		m.seen[key] = s
		m.order = append(m.order, mention{key, now})
	}
	return s, true
}

// forget drops what is old.
func (m *memory) forget(now time.Time) {
	old := 0
	for old < len(m.order) && now.Sub(m.order[old].at) > rememberFor {
		delete(m.seen, m.order[old].key)
		old++
	}
	m.order = m.order[old:]
}

// close says that all is said of it that there is to say.
func (s *sighting) close() { close(s.done) }

// answer returns what was said of it, as soon as that is known; nil when the
// context ends first.
func (s *sighting) answer(ctx context.Context) any {
	select {
	case <-s.done:
		return s.said
	case <-ctx.Done():
		return nil
	}
}
